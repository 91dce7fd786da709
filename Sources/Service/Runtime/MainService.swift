import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Makes a process's services and runs them side by side, so that all of them learn of shutdown at
/// the same moment and share its time.
final class MainService: ServiceLifecycle.Service {
  private let health: HealthRegistry
  private let logger: Logger
  private let start: @Sendable () async throws -> [any ServiceLifecycle.Service]
  private let stopping = Atomic(false)
  private static let component = "process"

  init(
    health: HealthRegistry, logger: Logger,
    start: @escaping @Sendable () async throws -> [any ServiceLifecycle.Service]
  ) {
    self.health = health
    self.logger = logger
    self.start = start
    health.idle(Self.component, "starting")
  }

  /// Whether shutdown has begun.
  var isStopping: Bool { stopping.load(ordering: .acquiring) }

  func run() async throws {
    try await withGracefulShutdownHandler {
      let start = start
      let services: [any ServiceLifecycle.Service]
      do {
        services = try await cancelWhenGracefulShutdown { try await start() }
      } catch is CancellationError where isStopping {
        return
      }
      health.ready(Self.component)
      logger.info("started")
      try await runAll(services)
    } onGracefulShutdown: { [self] in
      stopping.store(true, ordering: .releasing)
      health.idle(Self.component, "stopping")
      logger.info("stopping")
      endAnyway()
    }
  }

  private func runAll(_ services: [any ServiceLifecycle.Service]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for service in services { group.addTask { try await service.run() } }
      while try await group.next() != nil {
        guard isStopping || Task.isCancelled else {
          throw StartupError("a service ended although nobody asked for it")
        }
      }
    }
  }

  /// Everything is safe to kill at any time, so a call that never returns may not keep the process.
  private func endAnyway() {
    let logger = logger
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: Bootstrap.finalSeconds)
      logger.warning("something did not stop in time; ending anyway")
      _exit(0)
    }
  }
}
