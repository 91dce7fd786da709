import Logging
import Metrics
import Payouts
import Service
import Tron

/// What a copy of Ingest does for the limits besides admitting: says which groups have ended, gives
/// back what ended unpaid, compares counters with payouts, and shows how much is used.
public struct LimitUpkeep: Sendable {
  // LIMIT: the payouts of two days are added up; cheap enough every few minutes.
  private static let comparison = Duration.seconds(300)
  private static let tidying = Duration.seconds(30)

  private let limits: AmountLimiter
  private let releases: LimitReleases
  private let repair: LimitRepair
  private let clock: any WallClock
  private let observer: any StageObserver
  private let logger: Logger

  /// Collects the parts.
  public init(
    limits: AmountLimiter, counters: any CounterStore, reservations: any ReservationStore,
    clock: any WallClock, observer: any StageObserver, logger: Logger
  ) {
    self.limits = limits
    self.clock = clock
    self.observer = observer
    self.logger = logger
    releases = LimitReleases(counters: counters, reservations: reservations, clock: clock)
    let policy = limits.policy
    repair = LimitRepair(
      counters: counters, reservations: reservations, clock: clock,
      isCounted: { !policy.limits(of: $0).isOff })
  }

  /// Its tasks. Releases are looked for even without limits: marks must not pile up.
  public func tasks(context: LoopContext) -> [PeriodicTask] {
    let releasing = PeriodicTask(
      name: "limit_releases", interval: .seconds(1), context: context
    ) { try await releases.sweep() }
    guard !limits.policy.isOff else { return [releasing] }
    return [
      releasing,
      PeriodicTask(name: "limit_groups", interval: .milliseconds(250), context: context) {
        try await limits.flush()
      },
      PeriodicTask(name: "limit_usage", interval: .seconds(2), context: context) {
        try await show()
      },
      PeriodicTask(name: "limit_tidying", interval: Self.tidying, context: context) {
        let today = UTCDay(clock.now())
        let found = try await repair.tidy(from: today.advanced(days: -1), through: today)
        for finding in found { observer.observe(.limitFinding(finding)) }
      },
      PeriodicTask(name: "limit_repair", interval: Self.comparison, context: context) {
        try await compare()
      },
    ]
  }

  private func compare() async throws(StoreError) {
    let today = UTCDay(clock.now())
    do throws(StoreError) {
      let found = try await repair.run(
        from: today.advanced(days: -1), through: today, heals: true)
      for finding in found { observer.observe(.limitFinding(finding)) }
    } catch {
      guard error.code == .tooSlow else { throw error }
      // Admission does not depend on it, so it is no lack of readiness.
      logger.warning("counters of limits were not compared", metadata: ["error": "\(error)"])
    }
  }

  private func show() async throws(StoreError) {
    let now = clock.now()
    let usage = try await limits.usage(at: now)
    let hour = UTCDay.hour(of: now)
    // The exposition is in USDT, as specified; nothing is decided by it.
    let total = usage.values.reduce(0.0) { $0 + Double($1.sum) }
    MetricNames.dailyLimitUsage.gauge().set(total / 1_000_000)
    for (router, counter) in usage {
      let limits = limits.policy.limits(of: counter.id)
      let figures = [
        ("day", counter.sum, limits.daily), ("hour", counter.hour(hour), limits.hourly),
      ]
      for (period, used, limit) in figures {
        let labels = [("period", period), ("router_type", router.rawValue)]
        MetricNames.limitUsed.gauge(labels[0], labels[1]).set(used)
        if let limit { MetricNames.limit.gauge(labels[0], labels[1]).set(limit.micro) }
      }
    }
  }
}
