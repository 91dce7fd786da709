import Logging
import Metrics
import Payouts
import Synchronization
import Tron

/// Lets each caller make only so many requests a minute.
final class RateLimiter: Sendable {
  /// A claim on its way to the store.
  private struct Entry: Sendable {
    var window: RateWindow
    /// The first after the store was away.
    var isProbe: Bool
    var turn: CheckedContinuation<Turn, Never>
  }

  /// What becomes of an entry.
  private enum Turn: Sendable {
    /// Ask for this group; the entry is its first.
    case lead([Entry])
    /// Somebody else asked; `nil` when the store did not tell in time.
    case done(RateClaim?)
  }

  // LIMIT: how long a request waits for the store before this copy counts alone.
  private static let bound = Duration.milliseconds(250)

  private let counting: RateLimiting
  private let logger: Logger
  private let fallbacks: Counter
  private let counts = Mutex(RateWindowCounts())
  private let gate = Mutex(RateLimitGate())
  private let deadlines = Deadlines<Result<[RateClaim], StoreError>>(
    bound: bound,
    value: .failure(
      StoreError(code: .unavailable, effect: .inDoubt, message: "no answer in time")))
  // LIMIT: claims of one bulk, bulks at a time, claims that wait; beyond, this copy counts alone.
  private let groups = Mutex(
    GroupCommit<Entry>(maximumGroup: 256, maximumUnderWay: 2, capacity: 4096))

  init(_ counting: RateLimiting, logger: Logger, metrics: APIMetrics) {
    self.counting = counting
    self.logger = logger
    fallbacks = metrics.rateLimitFallbacks
  }

  /// Counts a request; `nil` when nothing is counted.
  func admit(
    _ kind: RateLimitClass, subject: String, at now: UnixMilliseconds
  ) async -> RateLimitStanding? {
    let window = RateWindow(kind, subject: subject, at: now)
    switch counting {
    case .off: return nil
    case .local:
      return RateLimitStanding(counts.withLock { $0.claim(window) }, in: window, at: now)
    case .shared(let store):
      return RateLimitStanding(await claim(window, in: store), in: window, at: now)
    }
  }

  private func claim(_ window: RateWindow, in store: any RateLimitStore) async -> RateClaim {
    if let refusal = counts.withLock({ $0.refusal(window) }) { return refusal }
    if let claim = await ask(window, store) {
      counts.withLock { $0.observed(claim.count, in: window) }
      return claim
    }
    fallbacks.increment()
    return counts.withLock { $0.claim(window) }
  }

  /// Asks the store, together with whoever else asks now; `nil` when it does not tell in time.
  private func ask(_ window: RateWindow, _ store: any RateLimitStore) async -> RateClaim? {
    let (mayAsk, isOpen) = gate.withLock { gate in
      (gate.mayAsk(now: .now), gate.isOpen)
    }
    guard mayAsk else { return nil }
    let turn = await withCheckedContinuation { turn in
      let entry = Entry(window: window, isProbe: !isOpen, turn: turn)
      switch groups.withLock({ $0.submitted(entry) }) {
      case .lead: turn.resume(returning: .lead([entry]))
      case .wait: break
      case .refuse: turn.resume(returning: .done(nil))
      }
    }
    switch turn {
    case .done(let claim): return claim
    case .lead(let group): return await commit(group, to: store)
    }
  }

  /// Asks for a group, wakes the next one and tells the followers; answers for the first entry,
  /// whose task this is.
  private func commit(_ group: [Entry], to store: any RateLimitStore) async -> RateClaim? {
    let claims: [RateClaim]?
    if group.contains(where: \.isProbe) || gate.withLock(\.isOpen) {
      claims = await bounded(group.map(\.window), store)
    } else {
      claims = nil
    }
    let next = groups.withLock { $0.committed() }
    next.first?.turn.resume(returning: .lead(next))
    for (index, entry) in group.enumerated().dropFirst() {
      entry.turn.resume(returning: .done(claims?[index]))
    }
    return claims?.first
  }

  /// As many claims as windows, or `nil`.
  private func bounded(
    _ windows: [RateWindow], _ store: any RateLimitStore
  ) async -> [RateClaim]? {
    let answer = OneShot<Result<[RateClaim], StoreError>>()
    gate.withLock { $0.began() }
    // In a task of its own: the store ends what it began although nobody waits for it any more. The
    // gate bounds how many there are.
    Task {
      do throws(StoreError) {
        answer.end(.success(try await store.claim(windows)))
      } catch {
        answer.end(.failure(error))
      }
      gate.withLock { $0.ended() }
    }
    deadlines.watch(answer)
    switch await answer.first() {
    case .success(let claims) where claims.count == windows.count:
      if gate.withLock({ $0.answered() }) {
        logger.info("requests are counted by the store again")
      }
      return claims
    case .success: return failed("as many answers as claims are expected")
    case .failure(let error): return failed(error.description)
    }
  }

  private func failed(_ reason: String) -> [RateClaim]? {
    if gate.withLock({ $0.failed(now: .now) }) {
      logger.warning(
        "the store does not count requests; each copy counts for itself",
        metadata: ["error": "\(reason)"])
    }
    return nil
  }
}
