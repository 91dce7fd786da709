import Logging
import Synchronization

/// The keys that tokens are checked with now: those that were configured, and those that are fetched
/// and may change.
final class KeyRing: Sendable {
  private struct State {
    var keys: TokenKeys
    /// `nil` as long as nothing was fetched.
    var fetchedAt: ContinuousClock.Instant?
    var askedAt: ContinuousClock.Instant?
    var waiters: [CheckedContinuation<Void, Never>]?
  }

  private let configured: TokenKeys
  private let document: JWKSDocument?
  private let pause: Duration
  private let logger: Logger
  private let state: Mutex<State>

  /// - Parameters:
  ///   - document: Where further keys are fetched; none without.
  ///   - pause: How long an unknown key does not make us ask again.
  init(
    configured: TokenKeys, document: JWKSDocument?, pause: Duration, logger: Logger
  ) {
    self.configured = configured
    self.document = document
    self.pause = pause
    self.logger = logger
    state = Mutex(State(keys: configured))
  }

  /// The keys as known now.
  var keys: TokenKeys { state.withLock(\.keys) }

  /// Whether keys are to be fetched and never were.
  var isIncomplete: Bool { document != nil && state.withLock { $0.fetchedAt == nil } }

  /// Whether there is anything to fetch.
  var isFetching: Bool { document != nil }

  /// Fetches the keys and replaces those fetched before; keeps these when that fails.
  func refresh() async throws(TokenKeysFault) {
    guard let document else { return }
    state.withLock { $0.askedAt = .now }
    let fetched = try await TokenKeys(hs256Secret: nil, jwks: document.fetch())
    let isChange = state.withLock { state in
      let keys = configured.adding(fetched)
      defer {
        state.keys = keys
        state.fetchedAt = .now
      }
      return state.keys.names != keys.names
    }
    if isChange {
      logger.info(
        "keys of tokens were fetched", metadata: ["keys": .stringConvertible(fetched.keys.count)])
    }
  }

  /// The same, and not being able to is only said when there are keys from before.
  func refreshOrKeep() async throws(TokenKeysFault) {
    do throws(TokenKeysFault) {
      try await refresh()
    } catch {
      guard !isIncomplete else { throw error }
      warn(error)
    }
  }

  private func warn(_ fault: TokenKeysFault) {
    logger.warning("keys of tokens cannot be fetched", metadata: ["error": "\(fault)"])
  }

  /// A token names a key that we do not know: perhaps there are new ones. Returns when they are here,
  /// or when it makes no sense to look; true when the token should be checked again.
  func lookForNewKeys() async -> Bool {
    guard document != nil else { return false }
    let leads: Bool? = state.withLock { state in
      if state.waiters != nil { return false }
      if let askedAt = state.askedAt, ContinuousClock.now - askedAt < pause { return nil }
      state.waiters = []
      return true
    }
    switch leads {
    case nil: return false
    case true?: await lead()
    case false?: await follow()
    }
    return true
  }

  /// One fetches for all who look at the same time.
  private func lead() async {
    do throws(TokenKeysFault) {
      try await refresh()
    } catch {
      warn(error)
    }
    let waiters = state.withLock { state in
      defer { state.waiters = nil }
      return state.waiters ?? []
    }
    for waiter in waiters { waiter.resume() }
  }

  private func follow() async {
    await withCheckedContinuation { waiter in
      let isOver = state.withLock { state in
        state.waiters?.append(waiter)
        return state.waiters == nil
      }
      if isOver { waiter.resume() }
    }
  }
}
