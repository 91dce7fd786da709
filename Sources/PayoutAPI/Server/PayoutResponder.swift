import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Payouts
import Service

/// What Hummingbird hands on with a request: its connection.
struct CallContext: InitializableFromSource {
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) { channel = source.channel }

  /// The other end.
  var peer: SocketAddress? { channel.remoteAddress }
}

/// Answers every request: names the call, finds the route and the caller, and turns whatever goes
/// wrong into the specified envelope.
struct PayoutResponder: HTTPResponder {
  typealias Context = CallContext

  let doorkeeper: Doorkeeper
  let crossOrigin: CrossOrigin
  let createPayout: CreatePayout
  let getPayout: GetPayout
  let listPayouts: ListPayouts
  let getStatistics: GetStatistics
  let createBatch: CreateBatch
  let getBatch: GetBatch
  let cancelPayouts: CancelPayouts
  let admin: AdminRoutes
  let health: Health
  let ops: OpsRoutes
  let identifiers: RandomIdentifiers
  let clock: any WallClock
  let metrics: APIMetrics
  let auditTrail: AuditTrail
  let logger: Logger
  // LIMIT: while something is away every request fails; one line in this time tells of it.
  private let unavailable = LogThrottle(interval: .seconds(10))

  func respond(to request: Request, context: CallContext) async throws -> Response {
    let started = ContinuousClock.now
    metrics.began()
    var call = Call(request.headers, identifiers: identifiers, now: clock.now())
    call.peer = PeerAddress.subject(context.peer)
    let match = RouteTable.match(method: request.method.rawValue, path: request.uri.path)
    var response: Response
    var standing: RateLimitStanding?
    do {
      if let preflight = crossOrigin.preflight(request, match) {
        response = preflight
      } else {
        let route = try Self.route(match)
        let pass = try await admit(route, request, call, context)
        call.caller = pass.caller
        standing = pass.standing
        response = try await answer(route, request, call)
      }
    } catch let error as HTTPParserError {
      metrics.answered(
        method: "none", route: "malformed", status: 400, duration: .now - started)
      throw error  // the body is not HTTP; Hummingbird answers and closes
    } catch {
      response = failed(error, call)
    }
    response.headers[.requestID] = call.id.text
    standing?.write(to: &response.headers)
    crossOrigin.write(to: &response.headers, for: request)
    if request.method == .head { response = response.createHeadResponse() }
    metrics.answered(
      method: Self.label(request.method), route: match.template,
      status: response.status.code, duration: .now - started)
    return response
  }

  private static func route(_ match: RouteTable.Match) throws(APIError) -> Route {
    switch match {
    case .nothing: throw APIError(Refusal(.notFound))
    case .wrongMethod(let allowed):
      throw APIError(
        Refusal(.methodNotAllowed), headers: [.allow: allowed.joined(separator: ", ")])
    case .route(let route): return route
    }
  }

  private func admit(
    _ route: Route, _ request: Request, _ call: Call, _ context: CallContext
  ) async throws(APIError) -> Doorkeeper.Pass {
    do {
      return try await doorkeeper.admit(route, request.headers, call: call, context: context)
    } catch {
      if Self.isAudited(error.refusal.code, route) { auditTrail.noteRefusal(error, call) }
      if route == .createPayout || route == .createBatch {
        metrics.notCreated(error.refusal.code, router: nil)
      }
      throw error
    }
  }

  private static func isAudited(_ code: ErrorCode, _ route: Route) -> Bool {
    switch (code, route) {
    case (.unauthenticated, _), (.insufficientPermissions, .admin): true
    default: false
    }
  }

  private func answer(_ route: Route, _ request: Request, _ call: Call) async throws -> Response {
    switch route {
    case .createPayout: return try await createPayout.respond(to: request, call: call)
    case .getPayout(let id): return try await getPayout.respond(to: request, id: id, call: call)
    case .listPayouts: return try await listPayouts.respond(to: request, call: call)
    case .statistics: return try await getStatistics.respond(to: request, call: call)
    case .createBatch: return try await createBatch.respond(to: request, call: call)
    case .getBatch(let id): return try await getBatch.respond(to: request, id: id, call: call)
    case .cancelPayout(let id): return try await cancelPayouts.payout(id, call: call)
    case .cancelBatch(let id): return try await cancelPayouts.batch(id, call: call)
    case .admin(let route): return try await admin.respond(to: request, route, call: call)
    case .health: return health.response(now: call.receivedAt)
    case .livez: return ops.livez()
    case .readyz: return try ops.readyz(reasons: false)
    case .metrics: return ops.exposition()
    case .openAPI: return Documentation.openAPI()
    case .documentation: return Documentation.forPeople()
    }
  }

  private func failed(_ error: any Error, _ call: Call) -> Response {
    let answer = error as? APIError ?? APIError(Refusal(.internalError))
    let status = answer.refusal.code.status
    if status == 503 {
      if let suppressed = unavailable.pass() { logFailure(error, answer, call, suppressed) }
    } else if status >= 500 {
      logFailure(error, answer, call, 0)
    } else {
      logger.debug(
        "request refused",
        metadata: [
          "request_id": .string(call.id.text), "code": .string(answer.refusal.code.text),
        ])
    }
    return ErrorAnswer.response(answer, call: call)
  }

  private func logFailure(
    _ error: any Error, _ answer: APIError, _ call: Call, _ suppressed: Int
  ) {
    logger.error(
      "request failed",
      metadata: [
        "request_id": .string(call.id.text), "code": .string(answer.refusal.code.text),
        "error": .string(error is APIError ? answer.refusal.message : "\(error)"),
        "suppressed": "\(suppressed)",
      ])
  }

  /// Methods are the client's own words; only known ones become labels.
  private static func label(_ method: HTTPRequest.Method) -> String {
    switch method {
    case .get, .post, .head, .put, .patch, .delete, .options: method.rawValue
    default: "other"
    }
  }
}

extension RouteTable.Match {
  /// For metrics.
  var template: String {
    switch self {
    case .route(let route): route.template
    case .wrongMethod: "wrong_method"
    case .nothing: "unknown"
    }
  }
}
