import Logging
import Payouts
import Synchronization
import Testing
import Tron

@testable import Service

@Suite(.timeLimit(.minutes(1))) struct InitialisationTests {
  /// A store whose epoch comes after some refusals.
  final class LateStore: FactStore {
    private let refusals: Mutex<[StoreError]>
    init(_ refusals: [StoreError]) { self.refusals = Mutex(refusals) }

    func epoch() async throws(StoreError) -> Int64 {
      let error = refusals.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      if let error { throw error }
      return 7
    }
    func chainHead() async throws(StoreError) -> ChainHead? { nil }
    func write(_ head: ChainHead) async throws(StoreError) {}
    func wallets() async throws(StoreError) -> [Wallet] { [] }
    func register(
      wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
    ) async throws(StoreError) {}
    func write(
      funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
    ) async throws(StoreError) {}
  }

  @Test("A process waits for its store, says what for, and goes on when it is there")
  func waits() async throws {
    let sink = CollectingSink()
    let health = HealthRegistry(logger: sink.logger())
    let away = StoreError(code: .unavailable, effect: .none, message: "no server")
    let empty = StoreError(code: .notInitialised, effect: .none, message: "no epoch")
    let clock = InstantClock()
    let waiting = Initialisation(health: health, logger: sink.logger(), clock: clock)
    let epoch = try await waiting.wait(
      for: LateStore(Array(repeating: away, count: 3) + Array(repeating: empty, count: 60)))
    #expect(epoch == 7)
    #expect(health.isReady)
    let lines = sink.lines.filter { $0.contains("waiting for the store") }
    #expect(lines.first?.contains("no server") == true)
    #expect(lines.contains { $0.contains("run payoutctl init") })
    // About every 30 seconds, however often it asks.
    #expect(lines.count >= 3 && lines.count <= 5)
  }

  @Test("Cancelling ends the wait")
  func cancelled() async {
    let sink = CollectingSink()
    let empty = StoreError(code: .notInitialised, effect: .none, message: "no epoch")
    let waiting = Initialisation(
      health: HealthRegistry(logger: sink.logger()), logger: sink.logger(), clock: EndlessClock())
    let task = Task { try await waiting.wait(for: LateStore([empty])) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
