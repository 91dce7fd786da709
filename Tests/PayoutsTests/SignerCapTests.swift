import Synchronization
import Testing
import Tron

@testable import Payouts

@Suite("The Signer's own caps")
struct SignerCapTests {
  private final class Counters: CounterStore {
    let all = Mutex<[CounterID: LimitCounter]>([:])

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
  }

  private static let now = UnixMilliseconds(1_790_000_000_000)
  private static let limits = [
    RouterType.v0: AmountLimits(daily: USDTAmount(micro: 100), hourly: USDTAmount(micro: 60))
  ]

  @Test("Signers count under one cap together, of the hour and of the day")
  func shared() async throws {
    let counters = Counters()
    let (one, two) = (
      SignerCaps(limits: Self.limits, counters: counters),
      SignerCaps(limits: Self.limits, counters: counters)
    )
    #expect(try await one.claim([.v0: 40], at: Self.now))
    #expect(try await two.claim([.v0: 20], at: Self.now))
    #expect(try await !one.claim([.v0: 1], at: Self.now), "the hour is full")
    let later = Self.now.advanced(seconds: 3_600)
    #expect(try await one.rooms(of: [.v0], at: later)[.v0] == CapRoom(day: 40, hour: 60))
    #expect(try await one.claim([.v0: 40], at: later))
    #expect(try await !two.claim([.v0: 1], at: later), "the day is full")
    let tomorrow = Self.now.advanced(seconds: 86_400)
    #expect(try await two.claim([.v0: 60], at: tomorrow))
    #expect(try await one.claim([.kyc: .max], at: Self.now), "a router without a cap")
  }

  @Test("What was lost to another copy is given back")
  func givesBack() async throws {
    let caps = SignerCaps(limits: Self.limits, counters: Counters())
    #expect(try await caps.claim([.v0: 60], at: Self.now))
    await caps.giveBack([.v0: 10], at: Self.now)
    #expect(try await caps.rooms(of: [.v0], at: Self.now)[.v0] == CapRoom(day: 50, hour: 10))
  }

  @Test("A counter that is set back does not let a running Signer begin again")
  func setBack() async throws {
    let counters = Counters()
    let caps = SignerCaps(limits: Self.limits, counters: counters)
    #expect(try await caps.claim([.v0: 60], at: Self.now))
    counters.all.withLock { $0 = [:] }
    #expect(try await caps.rooms(of: [.v0], at: Self.now)[.v0] == CapRoom(day: 40, hour: 0))
  }
}
