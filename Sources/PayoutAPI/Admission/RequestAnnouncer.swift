import Logging
import Payouts
import Synchronization

/// Appends accepted payouts to the log, and waits for it only while the broker is known to answer.
final class RequestAnnouncer: Sendable {
  private let log: any LogAppender
  private let isAway: @Sendable () -> Bool
  private let deadlines: Deadlines
  private let logger: Logger
  private let metrics: APIMetrics
  private let gate = Mutex(AnnouncementGate())

  init(ports: APIPorts, bound: Duration, logger: Logger, metrics: APIMetrics) {
    log = ports.log
    isAway = ports.brokerIsAway
    deadlines = Deadlines(bound: bound)
    self.logger = logger
    self.metrics = metrics
  }

  /// Whether a broker is connected and acknowledged the last append in time.
  var isBrokerReachable: Bool { !isAway() && gate.withLock(\.isReachable) }

  /// Returns when the records are acknowledged, or when waiting longer makes no sense: they are
  /// accepted all the same, and the sweeper announces what was not.
  func announce(_ records: [OutgoingRecord]) async {
    let isAway = isAway()
    switch gate.withLock({ $0.begin(isAway: isAway) }) {
    case .skip: metrics.announcementsLeft.increment(by: records.count)
    case .probe: append(records, then: nil)
    case .await: await appendBounded(records)
    }
  }

  private func appendBounded(_ records: [OutgoingRecord]) async {
    let race = Race()
    append(records, then: race)
    deadlines.watch(race)
    if await race.first() == .overdue {
      gate.withLock { $0.overdue() }
      logger.warning("the broker does not answer; payouts are announced by the sweeper")
    }
  }

  /// Appends in a task of its own: an append that was begun is not given up when nobody waits for
  /// it any more. The gate bounds how many there are.
  private func append(_ records: [OutgoingRecord], then race: Race?) {
    Task {
      do {
        try await log.append(records)
        gate.withLock { $0.acknowledged() }
      } catch {
        gate.withLock { $0.failed() }
        metrics.announcementsLeft.increment(by: records.count)
        logger.warning("payouts were not announced", metadata: ["error": "\(error)"])
      }
      race?.end(.appended)
    }
  }
}

/// Ends races that take too long. One timer serves them all: a timer for each costs more than the
/// rest of an announcement.
private final class Deadlines: Sendable {
  private struct Waiting {
    /// In the order of their deadlines, because all have the same bound.
    var races: [(deadline: ContinuousClock.Instant, race: Race)] = []
    var hasTimer = false
  }

  private let bound: Duration
  private let waiting = Mutex(Waiting())

  init(bound: Duration) { self.bound = bound }

  func watch(_ race: Race) {
    let deadline = ContinuousClock.now + bound
    let needsTimer = waiting.withLock { waiting in
      waiting.races.append((deadline, race))
      defer { waiting.hasTimer = true }
      return !waiting.hasTimer
    }
    if needsTimer { Task { await run(until: deadline) } }
  }

  /// Sleeps from deadline to deadline as long as there is one.
  private func run(until first: ContinuousClock.Instant) async {
    var next: ContinuousClock.Instant? = first
    while let deadline = next {
      do {
        try await ContinuousClock().sleep(until: deadline, tolerance: .milliseconds(50))
      } catch {
        return  // Nobody cancels this task.
      }
      let overdue: [Race]
      (overdue, next) = takeOverdue(now: .now)
      for race in overdue { race.end(.overdue) }
    }
  }

  private func takeOverdue(
    now: ContinuousClock.Instant
  ) -> ([Race], next: ContinuousClock.Instant?) {
    waiting.withLock { waiting in
      let count = waiting.races.prefix { $0.deadline <= now }.count
      let overdue = waiting.races.prefix(count).map(\.race)
      waiting.races.removeFirst(count)
      let next = waiting.races.first?.deadline
      waiting.hasTimer = next != nil
      return (overdue, next)
    }
  }
}

/// Which of two things comes first.
private final class Race: Sendable {
  enum Winner: Sendable {
    case appended, overdue
  }
  private enum State {
    case running
    case awaited(CheckedContinuation<Winner, Never>)
    case ended(Winner)
  }
  private let state = Mutex(State.running)

  func end(_ winner: Winner) {
    let waiter: CheckedContinuation<Winner, Never>? = state.withLock { state in
      switch state {
      case .running:
        state = .ended(winner)
        return nil
      case .awaited(let waiter):
        state = .ended(winner)
        return waiter
      case .ended: return nil  // RACE: the other one came first.
      }
    }
    waiter?.resume(returning: winner)
  }

  /// Waits for the first; for one waiter.
  func first() async -> Winner {
    await withCheckedContinuation { waiter in
      let winner: Winner? = state.withLock { state in
        if case .ended(let winner) = state { return winner }
        state = .awaited(waiter)
        return nil
      }
      if let winner { waiter.resume(returning: winner) }
    }
  }
}
