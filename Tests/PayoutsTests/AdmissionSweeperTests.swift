import Payouts
import Synchronization
import Testing
import Tron

@Suite("Announcing again what nobody took")
struct AdmissionSweeperTests {
  /// Accepted payouts, sorted by id; nothing else of the port is used.
  private final class AcceptedPayouts: PayoutStore {
    let payouts = Mutex<[Payout]>([])

    func payouts(
      in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
    ) async throws(StoreError) -> [Payout] {
      payouts.withLock { all in
        let page = all.filter { payout in
          payout.state == state && payout.createdAt < createdBefore
            && after.map { payout.id > $0 } != false
        }
        return Array(page.sorted { $0.id < $1.id }.prefix(limit))
      }
    }

    func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion] { [] }
    func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] { [] }
    func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout] { [] }
    func assign(_ assignments: [PayoutAssignment]) async throws(StoreError) {}
    func settle(_ settlements: [PayoutSettlement]) async throws(StoreError) {}
    func count(
      in states: [PayoutState]
    ) async throws(StoreError) -> [PayoutState: Int] { [:] }
  }

  private final class Appended: LogAppender {
    let keys = Mutex<[String]>([])
    let isFailing = Mutex(false)

    func append(_ records: [OutgoingRecord]) async throws(LogError) {
      if isFailing.withLock({ $0 }) {
        throw LogError(code: .unavailable, effect: .none, message: "away")
      }
      keys.withLock { $0 += records.map(\.key) }
    }

    func take() -> [String] {
      keys.withLock { keys in
        defer { keys = [] }
        return keys
      }
    }
  }

  private final class Clock: WallClock {
    let time = Mutex(UnixMilliseconds(0))
    func now() -> UnixMilliseconds { time.withLock { $0 } }
    func set(seconds: Int64) { time.withLock { $0 = UnixMilliseconds(seconds * 1000) } }
  }

  private struct Silent: StageObserver {
    func observe(_ event: StageEvent) {}
  }

  private let store = AcceptedPayouts()
  private let log = Appended()
  private let clock = Clock()

  private func sweeper() -> RequestedSweeper {
    RequestedSweeper(store: store, log: log, clock: clock, observer: Silent())
  }

  private func add(_ id: String, createdSeconds: Int64, state: PayoutState = .accepted) throws {
    let request = PayoutRequest(
      recipient: try TronAddress(base58: "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"),
      amount: USDTAmount(micro: 5_500_000), reason: "r", router: .v0)
    var payout = Payout(
      id: PayoutID(id), tenant: TenantID("t"), requestID: RequestID("r"), request: request,
      idempotency: nil, createdAt: UnixMilliseconds(createdSeconds * 1000),
      estimatedCompletion: nil)
    payout.state = state
    store.payouts.withLock { $0.append(payout) }
  }

  @Test("A payout is announced at growing ages, whenever the sweeper looks")
  func marks() async throws {
    try add("a", createdSeconds: 0)
    let sweeper = sweeper()
    var announced: [Int64] = []
    for second in stride(from: Int64(0), through: 3000, by: 5) {
      clock.set(seconds: second)
      try await sweeper.sweep()
      if !log.take().isEmpty { announced.append(second) }
    }
    #expect(announced == [10, 20, 40, 80, 160, 320, 640, 1240, 1840, 2440])
  }

  @Test("A new start announces everything that lingers, once")
  func start() async throws {
    for index in 0..<500 { try add("p\(1000 + index)", createdSeconds: 0) }
    try add("young", createdSeconds: 995)
    try add("taken", createdSeconds: 0, state: .assigned)
    clock.set(seconds: 1000)
    let sweeper = sweeper()
    #expect(try await sweeper.sweep() == 500)
    #expect(Set(log.take()).count == 500)
    clock.set(seconds: 1003)
    #expect(try await sweeper.sweep() == 0)
    clock.set(seconds: 1005)
    #expect(try await sweeper.sweep() == 1)
    #expect(log.take() == ["young"])
  }

  @Test("A backlog larger than one call goes on in the next")
  func longBacklog() async throws {
    for index in 0..<10_050 { try add("p\(100_000 + index)", createdSeconds: 0) }
    clock.set(seconds: 15)
    let sweeper = sweeper()
    #expect(try await sweeper.sweep() == 10_000)
    #expect(try await sweeper.sweep() == 50)
    #expect(try await sweeper.sweep() == 0)
    #expect(Set(log.take()).count == 10_050)
  }

  @Test("What a broker that is away did not take is announced when it is back")
  func away() async throws {
    try add("a", createdSeconds: 0)
    let sweeper = sweeper()
    clock.set(seconds: 5)
    try await sweeper.sweep()
    log.isFailing.withLock { $0 = true }
    for second in [10, 15] as [Int64] {
      clock.set(seconds: second)
      await #expect(throws: LogError.self) { try await sweeper.sweep() }
    }
    log.isFailing.withLock { $0 = false }
    clock.set(seconds: 18)
    #expect(try await sweeper.sweep() == 1)
    #expect(try await sweeper.sweep() == 0)
  }
}
