import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1
import Payouts
import Service

/// What Hummingbird hands on with a request; the API needs nothing of it.
struct CallContext: InitializableFromSource {
  init(source: ApplicationRequestContextSource) {}
}

/// Answers every request: names the call, finds the route and the caller, and turns whatever goes
/// wrong into the specified envelope.
struct PayoutResponder: HTTPResponder {
  typealias Context = CallContext

  let authenticator: Authenticator
  let createPayout: CreatePayout
  let getPayout: GetPayout
  let createBatch: CreateBatch
  let getBatch: GetBatch
  let health: Health
  let ops: OpsRoutes
  let identifiers: RandomIdentifiers
  let clock: any WallClock
  let metrics: APIMetrics
  let logger: Logger

  func respond(to request: Request, context: CallContext) async throws -> Response {
    let started = ContinuousClock.now
    metrics.began()
    let call = Call(request.headers, identifiers: identifiers, now: clock.now())
    let match = RouteTable.match(method: request.method.rawValue, path: request.uri.path)
    var response: Response
    do {
      response = try await answer(match, request, call)
    } catch let error as HTTPParserError {
      metrics.answered(
        method: "none", route: "malformed", status: 400, duration: .now - started)
      throw error  // the body is not HTTP; Hummingbird answers and closes
    } catch {
      response = failed(error, call)
    }
    response.headers[.requestID] = call.id.text
    if request.method == .head { response = response.createHeadResponse() }
    metrics.answered(
      method: Self.label(request.method), route: match.template,
      status: response.status.code, duration: .now - started)
    return response
  }

  private func answer(
    _ match: RouteTable.Match, _ request: Request, _ call: Call
  ) async throws -> Response {
    switch match {
    case .nothing: throw APIError(Refusal(.notFound))
    case .wrongMethod(let allowed):
      throw APIError(
        Refusal(.methodNotAllowed), headers: [.allow: allowed.joined(separator: ", ")])
    case .route(let route): return try await answer(route, request, call)
    }
  }

  private func answer(_ route: Route, _ request: Request, _ call: Call) async throws -> Response {
    switch route {
    case .createPayout: return try await createPayout.respond(to: request, call: call)
    case .getPayout(let id): return try await getPayout.respond(to: request, id: id, call: call)
    case .createBatch: return try await createBatch.respond(to: request, call: call)
    case .getBatch(let id): return try await getBatch.respond(to: request, id: id, call: call)
    case .health: return health.response(now: call.receivedAt)
    case .livez: return ops.livez()
    case .readyz: return try ops.readyz()
    case .metrics:
      try authenticator.requireInternal(request.headers)
      return ops.exposition()
    case .notYet(let feature):
      throw APIError(
        Refusal(
          .notFound, reason: "not_available_yet", message: "\(feature) is not available yet"))
    }
  }

  private func failed(_ error: any Error, _ call: Call) -> Response {
    let known = error as? APIError
    let answer = known ?? APIError(Refusal(.internalError))
    if answer.refusal.code.status >= 500 {
      logger.error(
        "request failed",
        metadata: [
          "request_id": .string(call.id.text), "code": .string(answer.refusal.code.text),
          "error": .string(known.map { $0.refusal.message } ?? "\(error)"),
        ])
    } else {
      logger.debug(
        "request refused",
        metadata: [
          "request_id": .string(call.id.text), "code": .string(answer.refusal.code.text),
        ])
    }
    return ErrorAnswer.response(answer, call: call)
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
