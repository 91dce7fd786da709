import Foundation
import Logging
import Metrics
import Payouts
import ServiceLifecycle
import Synchronization

/// What runs in a process until it is stopped.
public typealias ProcessServices = [any ServiceLifecycle.Service]

/// Starts and ends a process of the fleet.
public enum Bootstrap {
  /// `EX_CONFIG` of sysexits.h: the configuration is wrong, restarting will not help.
  public static let configurationExitCode: Int32 = 78
  /// Every other failure to start or to run.
  public static let failureExitCode: Int32 = 1

  // LIMIT: SIGTERM leads to exit 0 within 10 seconds: batches in hand get 8, then are cancelled
  // (they stay uncommitted and come again), and whatever hangs even then ends at 9.5.
  static let gracefulDuration = Duration.seconds(8)
  static let finalSeconds = 9.5

  /// Runs a process from its command line to its exit.
  ///
  /// - Parameter start: Makes the services; it may wait for the store. It runs while the operations
  ///   listener is already up, and is cancelled by shutdown.
  public static func run<Settings: RoleSettings>(
    _: Settings.Type,
    start: @escaping @Sendable (Runtime<Settings>) async throws -> ProcessServices
  ) async -> Never {
    let loaded = SettingsLoad<Settings>.load(
      arguments: Array(CommandLine.arguments.dropFirst()),
      environment: ProcessInfo.processInfo.environment)
    switch loaded {
    case .show(let text):
      print(text, terminator: "")
      exit(0)
    case .refuse(let faults):
      exit(refuse(faults, role: Settings.role))
    case .run(let settings):
      exit(await run(settings, start: start))
    }
  }

  private static func run<Settings: RoleSettings>(
    _ settings: Settings,
    start: @escaping @Sendable (Runtime<Settings>) async throws -> ProcessServices
  ) async -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    // Until the service group takes these over there is nothing to finish.
    for early in [SIGTERM, SIGINT] { signal(early) { _ in _exit(0) } }
    let runtime = makeRuntime(settings)
    let main = MainService(health: runtime.health, logger: runtime.logger) {
      try await start(runtime)
    }
    var services: [any ServiceLifecycle.Service] = []
    if let ops = settings.common.ops {
      services.append(
        OpsServer(settings: ops, routes: runtime.opsRoutes, logger: runtime.logger("ops")))
    }
    services.append(main)
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint],
      logger: Logger(label: "lifecycle"))
    configuration.maximumGracefulShutdownDuration = gracefulDuration
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let faults as SettingFaults {
      return refuse(faults, role: Settings.role)
    } catch is CancellationError where main.isStopping {
      runtime.logger.warning("work in hand was given up; it is repeated after the next start")
    } catch {
      runtime.logger.critical("cannot go on", metadata: ["error": "\(error)"])
      return failureExitCode
    }
    runtime.logger.info("stopped")
    return 0
  }

  private static func makeRuntime<Settings: RoleSettings>(
    _ settings: Settings
  ) -> Runtime<Settings> {
    LogSetup.bootstrap(settings.common.log)
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)
    let role = Settings.role.rawValue
    MetricNames.buildInfo.gauge(("role", role), ("version", Version.text)).set(1)
    let logger = Logger(label: role)
    logger.info(
      "starting",
      metadata: [
        "version": "\(Version.text)", "network": "\(settings.common.network.rawValue)",
        "mongo": "\(settings.common.mongo.uri)",
        "kafka": "\(settings.common.kafka.bootstrapList)",
      ])
    if settings.common.failpoints != nil { logger.warning("failpoints are on") }
    return Runtime(
      settings: settings, logger: logger,
      health: HealthRegistry(logger: Logger(label: "\(role).health")), watchdog: Watchdog(),
      metrics: metrics, failpoints: FailpointSettings.failpoints(settings.common.failpoints),
      observer: StageEventReporter(logger: logger),
      clock: SystemClock())
  }

  private static func refuse(_ faults: SettingFaults, role: Role) -> Int32 {
    let lines = faults.faults.map { "\(role.rawValue): \($0)\n" }
    DescriptorSink().write(line: Array(lines.joined().utf8))
    return configurationExitCode
  }
}
