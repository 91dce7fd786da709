import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The devnet as a service: HTTP and block production, until it is told to stop.
public struct DevnetServer: Service {
  private let node: DevnetNode
  private let configuration: DevnetConfiguration
  private let script: FaultScript
  private let logger: Logger
  private let onReady: @Sendable (_ url: String) -> Void

  /// A server of a node; `onReady` is told the URL once requests are taken.
  public init(
    node: DevnetNode, configuration: DevnetConfiguration, logger: Logger,
    onReady: @escaping @Sendable (_ url: String) -> Void
  ) throws(ConfigurationError) {
    script = try FaultScript.read(configuration.faultsFile)
    self.node = node
    self.configuration = configuration
    self.logger = logger
    self.onReady = onReady
  }

  /// Serves until the task is cancelled or a graceful shutdown begins.
  public func run() async throws {
    let (production, scriptRun, http) = (
      BlockProduction(node: node), run(of: script), application
    )
    try await withThrowingTaskGroup(of: End.self) { group in
      group.addTask {
        try await production.run()
        return .ofServer
      }
      group.addTask {
        try await http.run()
        return .ofServer
      }
      group.addTask {
        try await scriptRun.run()
        return .ofScript
      }
      while let end = try await group.next(), end == .ofScript {}
      group.cancelAll()
    }
  }

  /// What has come to its end: the script may, the rest only when the server stops.
  private enum End { case ofScript, ofServer }

  private func run(of script: FaultScript) -> ScriptRun {
    ScriptRun(script: script, admin: AdminAPI(node: node)) { [logger] error in
      logger.warning("A command of the script failed", metadata: ["error": "\(error.message)"])
    }
  }

  var application: Application<DevnetResponder> {
    let (host, onReady) = (configuration.host, onReady)
    return Application(
      responder: DevnetResponder(node: node),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: configuration.port), serverName: nil),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? 0
        onReady("http://\(host.contains(":") ? "[\(host)]" : host):\(port)")
      },
      logger: logger)
  }
}
