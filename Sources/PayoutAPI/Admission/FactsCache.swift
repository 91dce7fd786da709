import Payouts
import Synchronization
import Tron

/// The single-document facts as last read, so that requests and health checks cost the store
/// nothing.
public final class FactsCache: Sendable {
  /// What was read together.
  struct Facts: Sendable {
    /// Refused as recipients.
    var ownWallets: Set<TronAddress>
    /// The chain, once the Confirmer has looked.
    var head: ChainHead?
    /// When.
    var readAt: UnixMilliseconds
  }

  private struct State {
    var facts: Facts?
    var fault: StoreError?
  }

  // LIMIT: wallets change when a Signer is set up; older knowledge is not admitted on.
  private static let maximumAgeMilliseconds: Int64 = 60_000

  private let store: any FactStore
  private let clock: any WallClock
  private let check: @Sendable () async throws -> Void
  private let state = Mutex(State())

  /// Knows nothing until `refresh` was called.
  ///
  /// - Parameter check: throws when this process's settings do not fit the store; nothing is known then.
  public init(
    store: any FactStore, clock: any WallClock,
    check: @escaping @Sendable () async throws -> Void = {}
  ) {
    self.store = store
    self.clock = clock
    self.check = check
  }

  /// Reads the facts; call it every few seconds.
  public func refresh() async throws(StoreError) {
    do {
      _ = try await store.epoch()
      try await checkSettings()
      let wallets = try await store.wallets()
      let head = try await store.chainHead()
      let facts = Facts(
        ownWallets: Set(wallets.map(\.address)), head: head, readAt: clock.now())
      state.withLock { $0 = State(facts: facts, fault: nil) }
    } catch {
      state.withLock { $0.fault = error }
      throw error
    }
  }

  private func checkSettings() async throws(StoreError) {
    do { try await check() } catch let error as StoreError { throw error } catch {
      throw StoreError(code: .notInitialised, effect: .none, message: "\(error)")
    }
  }

  /// Facts that are fresh enough to admit payouts on; reads them when there are none, and as long as
  /// no Signer has registered a wallet, so that the first one is known at once.
  func current() async throws(StoreError) -> Facts {
    if let facts = fresh(), !facts.ownWallets.isEmpty { return facts }
    try await refresh()
    guard let facts = fresh() else {
      throw StoreError(code: .unavailable, effect: .none, message: "the facts are out of date")
    }
    return facts
  }

  private func fresh() -> Facts? {
    let oldest = clock.now().advanced(milliseconds: -Self.maximumAgeMilliseconds)
    return state.withLock { $0.facts.flatMap { $0.readAt >= oldest ? $0 : nil } }
  }

  /// What was read last, however old; `nil` before the first time.
  var last: Facts? { state.withLock { $0.facts } }

  /// Our clock's time, or the chain's when that is later: who is behind must not put payouts into
  /// windows that others have closed.
  func chainTime(_ now: UnixMilliseconds) -> UnixMilliseconds {
    max(now, last?.head?.latest.time ?? now)
  }

  /// Why the last reading failed; `nil` when it did not.
  var fault: StoreError? { state.withLock { $0.fault } }
}
