import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Serves `OpsRoutes` on a port of its own.
public struct OpsServer: ServiceLifecycle.Service {
  private let settings: OpsSettings
  private let routes: OpsRoutes
  private let logger: Logger
  private let onBound: @Sendable (Int) async -> Void

  /// - Parameter onBound: Told the port that was taken.
  public init(
    settings: OpsSettings, routes: OpsRoutes, logger: Logger = Logger(label: "ops"),
    onBound: @escaping @Sendable (Int) async -> Void = { _ in }
  ) {
    self.settings = settings
    self.routes = routes
    self.logger = logger
    self.onBound = onBound
  }

  /// Serves until shutdown; throws a `StartupError` when it cannot listen.
  public func run() async throws {
    let router = Router()
    routes.add(to: router)
    var quiet = logger
    quiet.logLevel = .critical
    let application = Application(
      router: router,
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port), serverName: nil),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? settings.port
        logger.info(
          "operations listener is up",
          metadata: ["host": "\(settings.host)", "port": "\(port)"])
        await onBound(port)
      },
      logger: quiet)
    do {
      try await application.run()
    } catch let error as IOError {
      throw StartupError(
        "cannot listen on OPS_HOST \(settings.host), OPS_PORT \(settings.port):"
          + " \(String(cString: strerror(error.errnoCode)))")
    }
  }
}

/// Why a process cannot start, in one line.
public struct StartupError: Error, Sendable, CustomStringConvertible {
  /// The line.
  public let description: String

  /// Wraps a line; no secrets.
  public init(_ description: String) { self.description = description }
}
