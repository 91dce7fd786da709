import Logging
import Payouts

/// What a process of the fleet has at hand when it starts its services.
public struct Runtime<Settings: RoleSettings>: Sendable {
  /// The checked settings.
  public let settings: Settings
  /// The process's own logger.
  public let logger: Logger
  /// Readiness.
  public let health: HealthRegistry
  /// Liveness.
  public let watchdog: Watchdog
  /// The metrics backend.
  public let metrics: PrometheusMetrics
  /// Failpoints; they do nothing unless the environment names some.
  public let failpoints: any Failpoints
  /// Turns what stages report into log lines and metrics.
  public let observer: any StageObserver
  /// The wall clock.
  public let clock: any WallClock
  private let backlog = Backlog()

  /// The operations routes.
  public var opsRoutes: OpsRoutes {
    OpsRoutes(health: health, watchdog: watchdog, metrics: metrics)
  }

  /// What loops share.
  public var loops: LoopContext {
    LoopContext(health: health, watchdog: watchdog, backlog: backlog, logger: logger)
  }

  /// A logger of a part of the process.
  public func logger(_ part: String) -> Logger {
    Logger(label: "\(Settings.role.rawValue).\(part)")
  }

  /// Waits until the store answers with its epoch: until it can be reached and `payoutctl init`
  /// was run on it. Nothing may be consumed before.
  public func awaitInitialised(_ store: some FactStore) async throws -> Int64 {
    try await Initialisation(health: health, logger: logger).wait(for: store)
  }

  /// Watches the store, so that readiness tells when it is away.
  ///
  /// - Parameter check: what else of the store is looked at.
  public func storeProbe(
    _ store: some FactStore, interval: Duration = .seconds(5),
    check: @escaping @Sendable () async throws -> Void
  ) -> PeriodicTask {
    PeriodicTask(name: Initialisation.component, interval: interval, context: loops) {
      do {
        _ = try await store.epoch()
        try await check()
      } catch let error as StoreError where error.code == .notInitialised {
        throw StartupError(Initialisation.advice)
      }
    }
  }
}

/// Waits for a store that was set up.
struct Initialisation {
  static let component = "store"
  static let advice = "the database is not initialised: run payoutctl init"

  var health: HealthRegistry
  var logger: Logger
  var clock: any LoopClock = SystemLoopClock()

  func wait(for store: some FactStore) async throws -> Int64 {
    let faults = LogThrottle(interval: .seconds(30), clock: clock)
    var backoff = Backoff(first: .milliseconds(200), most: .seconds(2))
    while true {
      try Task.checkCancellation()
      do {
        let epoch = try await store.epoch()
        health.ready(Self.component)
        return epoch
      } catch {
        let reason = error.code == .notInitialised ? Self.advice : "\(error)"
        health.notReady(Self.component, reason)
        if let suppressed = faults.pass() {
          logger.warning(
            "waiting for the store",
            metadata: ["reason": "\(reason)", "suppressed": "\(suppressed)"])
        }
      }
      try await clock.sleep(for: backoff.next())
    }
  }
}
