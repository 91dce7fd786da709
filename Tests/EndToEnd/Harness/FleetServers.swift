import Foundation

/// The broker and the store of a fleet: its own, or those that the caller of the tests named.
struct FleetServers: Sendable {
  let environment: [String: String]
  /// `nil` when they are not ours, and so cannot be killed.
  let broker: ChildProcess?
  let store: ChildProcess?
  private let ports: [Int]

  init(in directory: URL, storeSyncsOnCommit: Bool) throws {
    if let given = Workspace.givenServers {
      environment = ["KAFKA_BOOTSTRAP_SERVERS": given.broker, "MONGO_URI": given.store]
      broker = nil
      store = nil
      ports = []
      return
    }
    ports = try freePorts(2)
    environment = [
      "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:\(ports[0])",
      "MONGO_URI": "mongodb://127.0.0.1:\(ports[1])/?retryWrites=false",
    ]
    broker = ChildProcess(
      "broker", Workspace.broker,
      ["--data-dir", directory.appending(path: "broker").path, "--kafka-port", String(ports[0])],
      log: directory.appending(path: "broker.log"))
    store = ChildProcess(
      "store", Workspace.store,
      [
        "--host", "127.0.0.1", "--port", String(ports[1]), "--log-level", "WARNING",
        "--storage-path", directory.appending(path: "store").path,
      ] + (storeSyncsOnCommit ? ["--sync-on-commit"] : []),
      log: directory.appending(path: "store.log"))
  }

  func start() async throws {
    try await startBroker()
    try await startStore()
  }

  func startBroker() async throws { try await start(broker, port: ports.first) }

  func startStore() async throws { try await start(store, port: ports.last) }

  private func start(_ server: ChildProcess?, port: Int?) async throws {
    guard let server, let port else { return }
    try await server.start()
    try await listens(server, port: port)
  }
}

/// Waits until a process accepts connections.
func listens(_ process: ChildProcess, port: Int) async throws {
  try await eventually("\(process.name) listens on \(port)", within: .seconds(30)) {
    guard process.isRunning else {
      throw Problem("\(process.name) ended:\n\(process.logTail(10).joined(separator: "\n"))")
    }
    return .when(acceptsConnections(port: port), otherwise: "refused")
  }
}
