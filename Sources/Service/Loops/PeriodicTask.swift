import Logging
import Metrics
import ServiceLifecycle

/// Runs a body again and again; runs never overlap.
///
/// A run that throws makes the component not ready, and the next one comes after a growing wait.
public struct PeriodicTask: ServiceLifecycle.Service {
  private let name: String
  private let interval: Duration
  private let jitter: Double
  private let mostShare: Double?
  private let context: LoopContext
  private let signal: WakeSignal
  private let body: @Sendable () async throws -> Void

  // LIMIT: what failed is tried again this soon at the latest, so that nothing waits long for a
  // store or a broker that is back.
  private static let mostWait = Duration.seconds(5)
  // LIMIT: what a run that took long is followed by, at most.
  private static let mostRest = Duration.seconds(60)

  /// - Parameters:
  ///   - name: The task's name in health, logs and metrics.
  ///   - interval: From the end of a run to the start of the next.
  ///   - jitter: By which part of the interval a wait may be shorter or longer, 0 to 1.
  ///   - mostShare: The part of the time that runs may take, 0.01 to 1: after a long one that went well
  ///     the wait is longer, up to a minute. `nil` for a fixed interval.
  ///   - signal: Waking it runs the body at once.
  public init(
    name: String, interval: Duration, jitter: Double = 0.1, mostShare: Double? = nil,
    context: LoopContext,
    signal: WakeSignal = WakeSignal(), body: @escaping @Sendable () async throws -> Void
  ) {
    self.name = name
    self.interval = interval
    self.jitter = min(max(jitter, 0), 1)
    self.mostShare = mostShare.map { min(max($0, 0.01), 1) }
    self.context = context
    self.signal = signal
    self.body = body
  }

  /// Runs until shutdown. Throws only when the body finds that the settings are wrong.
  public func run() async throws {
    let ok = MetricNames.taskRuns.counter(("result", "ok"), ("task", name))
    let failed = MetricNames.taskRuns.counter(("result", "error"), ("task", name))
    let duration = MetricNames.taskDuration.timer(("task", name))
    let faults = LogThrottle(clock: context.clock)
    var backoff = Backoff(
      first: min(max(interval, .milliseconds(500)), Self.mostWait), most: Self.mostWait)
    while !isStopping {
      context.watchdog.beat(name)
      let start = context.clock.now()
      var wait = interval * (1 + Double.random(in: -jitter...jitter))
      do {
        try await body()
        if let mostShare {
          let rest = (context.clock.now() - start) * (1 / mostShare - 1)
          wait = max(wait, min(rest, Self.mostRest))
        }
        ok.increment()
        context.health.ready(name)
        backoff.reset()
        faults.reset()
      } catch let wrong as SettingFaults {
        throw wrong
      } catch {
        if isStopping { break }
        failed.increment()
        context.health.notReady(name, "\(error)")
        wait = backoff.next()
        report(error, faults)
      }
      duration.record(context.clock.now() - start)
      context.watchdog.beat(name, nextWithin: wait)
      await rest(wait)
    }
    context.watchdog.end(name)
  }

  private var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

  private func report(_ error: any Error, _ faults: LogThrottle) {
    guard let suppressed = faults.pass() else { return }
    context.logger.warning(
      "periodic task failed",
      metadata: ["task": "\(name)", "error": "\(error)", "suppressed": "\(suppressed)"])
  }

  /// Waits for the time, the wake-up signal or the end of the process, whichever comes first.
  private func rest(_ duration: Duration) async {
    let clock = context.clock
    let signal = signal
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          do { try await clock.sleep(for: duration) } catch {
            // Woken or stopped.
          }
        }
        group.addTask { await signal.wait() }
        await group.next()
        group.cancelAll()
      }
    }
  }
}
