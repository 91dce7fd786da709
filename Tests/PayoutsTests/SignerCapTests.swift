import Synchronization
import Testing
import Tron

@testable import Payouts

@Suite("The Signer's own caps")
struct SignerCapTests {
  private final class Counters: CounterStore, SignatureLedger {
    let all = Mutex<[CounterID: LimitCounter]>([:])
    let entries = Mutex<Set<TransactionID>>([])
    let fault = Mutex<StoreError?>(nil)

    func counters(_ ids: [CounterID]) async throws(StoreError) -> [LimitCounter] {
      all.withLock { all in ids.compactMap { all[$0] } }
    }

    func counters(
      from: UTCDay, through: UTCDay, after: CounterID?, limit: Int
    ) async throws(StoreError) -> [LimitCounter] { [] }

    func open(_ counter: LimitCounter) async throws(StoreError) {
      all.withLock { if $0[counter.id] == nil { $0[counter.id] = counter } }
    }

    func apply(_ change: CounterChange) async throws(StoreError) -> Bool {
      all.withLock { all in
        guard let new = all[change.counter]?.applying(change) else { return false }
        all[change.counter] = new
        return true
      }
    }

    func counted(_ txids: Set<TransactionID>) async throws(StoreError) -> Set<TransactionID> {
      entries.withLock { $0.intersection(txids) }
    }

    func enter(
      _ txids: Set<TransactionID>, at now: UnixMilliseconds
    ) async throws(StoreError) -> Set<TransactionID> {
      if let fault = fault.withLock({ $0 }) { throw fault }
      return entries.withLock { entries in
        defer { entries.formUnion(txids) }
        return txids.subtracting(entries)
      }
    }

    func remove(_ txids: Set<TransactionID>) async throws(StoreError) {
      entries.withLock { $0.subtract(txids) }
    }
  }

  private static let now = UnixMilliseconds(1_790_000_000_000)
  private static let limits = [
    RouterType.v0: AmountLimits(daily: USDTAmount(micro: 100), hourly: USDTAmount(micro: 60))
  ]

  private let counters = Counters()

  private func caps() -> SignerCaps {
    SignerCaps(limits: Self.limits, counters: counters, ledger: counters)
  }

  private func spend(
    _ name: String, _ micro: Int64, _ router: RouterType = .v0
  ) -> CappedSpend {
    CappedSpend(
      txid: TransactionID(hashing: Array(name.utf8)), router: router,
      amount: USDTAmount(micro: micro))
  }

  private func sum() throws -> Int64 {
    try #require(counters.all.withLock { $0[CounterID(day: UTCDay(Self.now), router: .v0)] }).sum
  }

  @Test("Signers count under one cap together, of the hour and of the day")
  func shared() async throws {
    let (one, two) = (caps(), caps())
    #expect(try await one.claim([spend("a", 40)], at: Self.now))
    #expect(try await two.claim([spend("b", 20)], at: Self.now))
    #expect(try await !one.claim([spend("c", 1)], at: Self.now), "the hour is full")
    let later = Self.now.advanced(seconds: 3_600)
    #expect(try await one.rooms(of: [.v0], at: later)[.v0] == CapRoom(day: 40, hour: 60))
    #expect(try await one.claim([spend("d", 40)], at: later))
    #expect(try await !two.claim([spend("e", 1)], at: later), "the day is full")
    let tomorrow = Self.now.advanced(seconds: 86_400)
    #expect(try await two.claim([spend("f", 60)], at: tomorrow))
    #expect(try await one.claim([spend("g", .max, .kyc)], at: Self.now), "a router without a cap")
  }

  @Test("What was lost to another copy is given back, and has no entry any more")
  func givesBack() async throws {
    let caps = caps()
    #expect(try await caps.claim([spend("a", 50), spend("b", 10)], at: Self.now))
    await caps.giveBack([spend("b", 10)], at: Self.now)
    #expect(try await caps.rooms(of: [.v0], at: Self.now)[.v0] == CapRoom(day: 50, hour: 10))
    #expect(counters.entries.withLock { $0 } == [spend("a", 50).txid])
  }

  @Test("A transaction that two Signers count at once is counted once")
  func once() async throws {
    #expect(try await caps().claim([spend("a", 20)], at: Self.now))
    #expect(try await caps().claim([spend("a", 20), spend("b", 5)], at: Self.now))
    #expect(try sum() == 25)
  }

  @Test("A ledger that refuses leaves nothing counted; one in doubt leaves it counted, once a try")
  func ledgerFails() async throws {
    for (effect, counted) in [(Effect.none, Int64(0)), (.inDoubt, 20)] {
      counters.fault.withLock {
        $0 = StoreError(code: .unavailable, effect: effect, message: "away")
      }
      await #expect(throws: StoreError.self) {
        try await caps().claim([spend("a", 20)], at: Self.now)
      }
      #expect(try sum() == counted)
    }
  }

  @Test("A counter that is set back does not let a running Signer begin again")
  func setBack() async throws {
    let caps = caps()
    #expect(try await caps.claim([spend("a", 60)], at: Self.now))
    counters.all.withLock { $0 = [:] }
    #expect(try await caps.rooms(of: [.v0], at: Self.now)[.v0] == CapRoom(day: 40, hour: 0))
  }
}
