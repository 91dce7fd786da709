import Logging
import Payouts
import Synchronization

/// Appends accepted payouts to the log, and waits for it only while the broker is known to answer.
final class RequestAnnouncer: Sendable {
  /// What comes first.
  private enum Winner: Sendable {
    case appended, overdue
  }

  private let log: any LogAppender
  private let isAway: @Sendable () -> Bool
  private let deadlines: Deadlines<Winner>
  private let logger: Logger
  private let metrics: APIMetrics
  private let gate = Mutex(AnnouncementGate())

  init(ports: APIPorts, bound: Duration, logger: Logger, metrics: APIMetrics) {
    log = ports.log
    isAway = ports.brokerIsAway
    deadlines = Deadlines(bound: bound, value: .overdue)
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
    let race = OneShot<Winner>()
    append(records, then: race)
    deadlines.watch(race)
    if await race.first() == .overdue {
      gate.withLock { $0.overdue() }
      logger.warning("the broker does not answer; payouts are announced by the sweeper")
    }
  }

  /// Appends in a task of its own: an append that was begun is not given up when nobody waits for
  /// it any more. The gate bounds how many there are.
  private func append(_ records: [OutgoingRecord], then race: OneShot<Winner>?) {
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
