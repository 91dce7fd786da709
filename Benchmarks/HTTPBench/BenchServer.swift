import ArgumentParser
import Hummingbird
import Logging
import Metrics
import PayoutAPI
import Payouts
import Service
import Tron

/// The servers that are compared.
enum BenchServer: String, ExpressibleByArgument {
  /// Nothing but Hummingbird.
  case echo
  /// The API as Ingest runs it, on stores and a broker that answer at once.
  case api

  /// Serves for ever; tells its port.
  func serve(_ bound: @escaping @Sendable (Int) -> Void) async throws {
    switch self {
    case .echo: try await Self.serveEcho(bound)
    case .api: try await Self.serveAPI(bound)
    }
  }

  private static func serveEcho(_ bound: @escaping @Sendable (Int) -> Void) async throws {
    let router = Router()
    router.post("/decoded") { request, context in
      let body = try await request.decode(as: EchoBody.self, context: context)
      return EditedResponse(status: .created, response: body)
    }
    router.post("/echo") { request, _ in
      let body = try await request.body.collect(upTo: 1 << 20)
      return Response(
        status: .created, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: body))
    }
    router.get("/echo/:id") { _, context in
      Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: try context.parameters.require("id"))))
    }
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { bound($0.localAddress?.port ?? 0) },
      logger: Logger(label: "echo") { _ in SwiftLogNoOpLogHandler() })
    try await application.run()
  }

  private static func serveAPI(_ bound: @escaping @Sendable (Int) -> Void) async throws {
    LogSetup.bootstrap(LogSettings(level: .info, format: .json))
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)
    let clock = SystemClock()
    let store = try InstantStore()
    let facts = FactsCache(store: store, clock: clock)
    let contract = try TronAddress(base58: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
    let server = try await PayoutServer(
      configuration: APIConfiguration(network: "devnet", usdtContract: contract),
      ports: APIPorts(
        payouts: store, batches: store, transfers: store, reading: store, guards: store,
        facts: store,
        log: InstantLog(),
        clock: clock),
      credentials: APICredentials(hs256Secret: BenchRequest.secret), facts: facts,
      ops: OpsRoutes(health: HealthRegistry(), watchdog: Watchdog(), metrics: metrics),
      address: OpsSettings(host: "127.0.0.1", port: 0), logger: Logger(label: "api")
    ) { port in bound(port) }
    // Facts count as fresh for a minute; Ingest refreshes them every two seconds.
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask {
        while true {
          try await facts.refresh()
          try await Task.sleep(for: .seconds(2))
        }
      }
      try await group.waitForAll()
    }
  }
}

/// The body of a request to create a payout, as a bare server would declare it.
private struct EchoBody: ResponseCodable {
  var recipient_address: String
  var amount_usdt: Double
  var reason: String
  var router_type: String
  var priority: String
  var batch_type: String
  var session_id: String?
  var node_id: String?
  var custom_data: [String: Int]?
}
