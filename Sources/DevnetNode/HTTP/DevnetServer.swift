import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The devnet as a service: HTTP and block production, until it is told to stop.
public struct DevnetServer: Service {
  private let node: DevnetNode
  private let configuration: DevnetConfiguration
  private let logger: Logger
  private let onReady: @Sendable (_ url: String) -> Void

  /// A server of a node; `onReady` is told the URL once requests are taken.
  public init(
    node: DevnetNode, configuration: DevnetConfiguration, logger: Logger,
    onReady: @escaping @Sendable (_ url: String) -> Void
  ) {
    self.node = node
    self.configuration = configuration
    self.logger = logger
    self.onReady = onReady
  }

  /// Serves until the task is cancelled or a graceful shutdown begins.
  public func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      let production = BlockProduction(node: node)
      group.addTask { try await production.run() }
      group.addTask { try await application.run() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  var application: Application<DevnetResponder> {
    let (host, onReady) = (configuration.host, onReady)
    return Application(
      responder: DevnetResponder(api: NodeAPI(node: node)),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: configuration.port), serverName: nil),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? 0
        onReady("http://\(host.contains(":") ? "[\(host)]" : host):\(port)")
      },
      logger: logger)
  }
}
