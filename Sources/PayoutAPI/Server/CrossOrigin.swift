import HTTPTypes
import Hummingbird

/// Lets web pages of some origins use the API (the Fetch standard calls it CORS). Callers are known by
/// a token that the page adds itself, never by a cookie, so credentials are not allowed.
struct CrossOrigin: Sendable {
  // LIMIT: how long a browser may remember a preflight's answer.
  private static let maximumAgeSeconds = "600"
  private static let allowedHeaders =
    "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-ID, traceparent"
  private static let exposedHeaders =
    "ETag, Idempotency-Replayed, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, "
    + "X-RateLimit-Reset, X-RateLimit-Retry-After, X-Request-ID"

  private let origins: Set<String>

  /// - Parameter origins: Exactly as browsers send them; none is the same as off.
  init(origins: [String]) { self.origins = Set(origins) }

  /// The answer to a browser's question whether a page may call; `nil` when it is no such question,
  /// or comes from a page that may not.
  func preflight(_ request: Request, _ match: RouteTable.Match) -> Response? {
    guard request.method == .options, request.headers[.accessControlRequestMethod] != nil,
      origin(of: request) != nil, case .wrongMethod(let allowed) = match
    else { return nil }
    return Response(
      status: .noContent,
      headers: [
        .accessControlAllowMethods: allowed.joined(separator: ", "),
        .accessControlAllowHeaders: Self.allowedHeaders,
        .accessControlMaxAge: Self.maximumAgeSeconds,
      ])
  }

  /// Tells the browser that the page may read the answer.
  func write(to headers: inout HTTPFields, for request: Request) {
    guard !origins.isEmpty else { return }
    // A cache may not give one origin's answer to another.
    headers.append(HTTPField(name: .vary, value: "Origin"))
    guard let origin = origin(of: request) else { return }
    headers[.accessControlAllowOrigin] = origin
    headers[.accessControlExposeHeaders] = Self.exposedHeaders
  }

  private func origin(of request: Request) -> String? {
    let given = request.headers[values: .origin]
    guard given.count == 1, origins.contains(given[0]) else { return nil }
    return given[0]
  }
}
