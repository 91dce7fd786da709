import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Payouts
import Service
import Testing
import Tron

@testable import PayoutAPI

extension HTTPField.Name {
  static func named(_ text: String) throws -> HTTPField.Name {
    try #require(HTTPField.Name(text))
  }
}

/// An answer with its body read.
struct Answer {
  var status: Int
  var headers: HTTPFields
  var text: String
  var json: JSONValue

  subscript(name: String) -> JSONValue? { json[name] }
  var error: JSONValue? { json["error"] }
  var code: String? { error?["code"]?.text }
  var details: JSONValue? { error?["details"] }
  /// `field reason` of every entry of `details.errors`.
  var faults: [String] {
    guard case .array(let errors)? = details?["errors"] else { return [] }
    return errors.map { "\($0["field"]?.text ?? "?") \($0["reason"]?.text ?? "?")" }
  }
}

/// The API on fakes.
struct TestAPI {
  static let wallet = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"
  static let contract = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
  static let recipient = "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"
  static let internalToken = "the gateway's own secret"

  let store = MemoryStore()
  let log = MemoryLog()
  let clock = TestClock(UnixMilliseconds(TestTokens.now * 1000))
  let health = HealthRegistry()
  let metrics = PrometheusMetrics()
  let facts: FactsCache
  var credentials: APICredentials
  var configuration: APIConfiguration
  var rateLimiting = RateLimiting.off
  var limits: AmountLimiter?

  init() throws {
    facts = FactsCache(store: store, clock: clock)
    credentials = APICredentials(
      hs256Secret: TestTokens.secret, internalToken: Array(Self.internalToken.utf8))
    configuration = APIConfiguration(
      network: "devnet", usdtContract: try TronAddress(base58: Self.contract))
    let wallet = Wallet(
      address: try TronAddress(base58: Self.wallet), routers: [.v0], updatedAt: clock.now())
    store.state.withLock { $0.wallets = [wallet] }
  }

  /// Limits of PayoutRouterV0, in USDT.
  mutating func limit(daily: Int64?, hourly: Int64? = nil, tenant: Int64? = nil) {
    func amount(_ usdt: Int64?) -> USDTAmount? { usdt.map { USDTAmount(micro: $0 * 1_000_000) } }
    limits = AmountLimiter(
      policy: LimitPolicy(
        routers: [.v0: AmountLimits(daily: amount(daily), hourly: amount(hourly))],
        tenant: AmountLimits(daily: amount(tenant), hourly: nil)),
      counters: store, reservations: store, clock: clock)
  }

  func server() async throws -> PayoutServer {
    var ports = APIPorts(
      payouts: store, batches: store, transfers: store, reading: store, guards: store,
      facts: store, log: log,
      clock: clock)
    ports.rateLimiting = rateLimiting
    ports.limits = limits
    return try await PayoutServer(
      configuration: configuration, ports: ports,
      credentials: credentials, facts: facts,
      ops: OpsRoutes(health: health, watchdog: Watchdog(), metrics: metrics),
      address: OpsSettings(host: "127.0.0.1", port: 0), logger: .quiet)
  }

  func run(
    _ setup: TestingSetup = .router, _ body: @Sendable (APIClient) async throws -> Void
  ) async throws {
    try await run(setup) { client, _ in try await body(client) }
  }

  func run(
    _ setup: TestingSetup = .router,
    _ body: @Sendable (APIClient, PayoutServer) async throws -> Void
  ) async throws {
    let server = try await server()
    // As Ingest does; that the store is away is what some tests are about.
    do { try await server.watchBreaker() } catch { #expect(error.code != .corrupt) }
    try await server.application.test(setup) { client in
      try await body(APIClient(client: client), server)
    }
  }
}

extension Logger {
  static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}

/// Calls the API as a client would.
struct APIClient: Sendable {
  let client: any TestClientProtocol
  /// What every call says it accepts, unless it says something else.
  var accept: String?

  static let payouts = "/api/payment/payouts"

  static func body(
    recipient: String = TestAPI.recipient, amount: String = "5.50", extra: String = ""
  ) -> String {
    #"{"recipient_address":"\#(recipient)","amount_usdt":\#(amount),"reason":"a reason","#
      + #""router_type":"PayoutRouterV0"\#(extra)}"#
  }

  func call(
    _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
    headers: HTTPFields = [:]
  ) async throws -> Answer {
    var headers = headers
    if let accept, headers[.accept] == nil { headers[.accept] = accept }
    let response = try await client.execute(
      uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    let bytes = Array(response.body.readableBytesView)
    let isJSON = response.headers[.contentType]?.contains("json") == true && !bytes.isEmpty
    return Answer(
      status: response.status.code, headers: response.headers,
      text: String(decoding: bytes, as: UTF8.self),
      json: isJSON ? try JSONReader.read(bytes) : .null)
  }

  func post(
    _ body: String = body(), token: String? = TestTokens.token(), key: String? = nil,
    headers extra: HTTPFields = [:]
  ) async throws -> Answer {
    var headers: HTTPFields = [.contentType: "application/json"]
    if let token { headers[.authorization] = "Bearer \(token)" }
    if let key { headers[.idempotencyKey] = key }
    for field in extra { headers[field.name] = field.value }
    return try await call(.post, Self.payouts, body, headers: headers)
  }

  func get(
    _ path: String, token: String? = TestTokens.token(), headers extra: HTTPFields = [:]
  ) async throws -> Answer {
    var headers = extra
    if let token { headers[.authorization] = "Bearer \(token)" }
    return try await call(.get, path, headers: headers)
  }
}

extension APIClient {
  func expect(
    _ status: Int, _ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.status == status, "\(answer.text)", sourceLocation: sourceLocation)
  }
}

/// Looks again and again until something is so; fails after the deadline.
func eventually(
  within limit: Duration = .seconds(10), _ comment: Comment,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while ContinuousClock.now < deadline {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(5))
  }
  Issue.record("not within \(limit): \(comment)")
}
