/// What a request asks for.
enum Route: Hashable, Sendable {
  case createPayout
  case getPayout(id: Substring)
  case listPayouts
  case statistics
  case createBatch
  case getBatch(id: Substring)
  case cancelPayout(id: Substring)
  case cancelBatch(id: Substring)
  case admin(AdminRoute)
  case health
  case livez
  case readyz
  case metrics
  case openAPI
  case documentation

  /// The route's template, for metrics.
  var template: String {
    switch self {
    case .createPayout, .listPayouts: "/payouts"
    case .statistics: "/stats"
    case .getPayout: "/payouts/{payout_id}"
    case .createBatch: "/payouts/batch"
    case .getBatch: "/payouts/batch/{batch_id}"
    case .cancelPayout: "/payouts/{payout_id}/cancel"
    case .cancelBatch: "/payouts/batch/{batch_id}/cancel"
    case .admin(let route): route.template
    case .health: "/health"
    case .livez: "/livez"
    case .readyz: "/readyz"
    case .metrics: "/metrics"
    case .openAPI: "/openapi.json"
    case .documentation: "/docs"
    }
  }
}

/// Finds the route of a method and a path.
enum RouteTable {
  /// In front of every path.
  static let prefix = "/api/payment"

  /// What a method and a path lead to.
  enum Match: Hashable, Sendable {
    case route(Route)
    /// The path is there, for these methods.
    case wrongMethod(allowed: [String])
    case nothing
  }

  /// Paths are matched as they come: no case folding, no decoding, no trailing slash.
  static func match(method: String, path: some StringProtocol) -> Match {
    guard path.hasPrefix(prefix + "/") else { return .nothing }
    let segments = path.utf8.dropFirst(prefix.utf8.count + 1)
      .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { Substring(decoding: $0, as: UTF8.self) }
    guard let methods = resource(segments) else { return .nothing }
    if let route = methods.first(where: { $0.0 == method })?.1 { return .route(route) }
    if method == "HEAD", let route = methods.first(where: { $0.0 == "GET" })?.1 {
      return .route(route)
    }
    return .wrongMethod(allowed: methods.flatMap { $0.0 == "GET" ? ["GET", "HEAD"] : [$0.0] })
  }

  /// The methods of a path. `batch` is never a payout's id.
  private static func resource(_ segments: [Substring]) -> [(String, Route)]? {
    let id = segments.count > 1 ? segments[1] : ""
    switch (segments[0], segments.count, id) {
    case ("payouts", 1, _):
      return [("POST", .createPayout), ("GET", .listPayouts)]
    case ("payouts", 2, "batch"): return [("POST", .createBatch)]
    case ("payouts", 2, _): return id.isEmpty ? nil : [("GET", .getPayout(id: id))]
    case ("payouts", 3, "batch"):
      return segments[2].isEmpty ? nil : [("GET", .getBatch(id: segments[2]))]
    case ("payouts", 3, _):
      return segments[2] == "cancel" && !id.isEmpty ? [("POST", .cancelPayout(id: id))] : nil
    case ("payouts", 4, "batch"):
      return segments[3] == "cancel" && !segments[2].isEmpty
        ? [("POST", .cancelBatch(id: segments[2]))] : nil
    case ("stats", 1, _): return [("GET", .statistics)]
    case ("admin", _, _): return AdminRoute.resource(segments.dropFirst())
    case ("health", 1, _): return [("GET", .health)]
    case ("livez", 1, _): return [("GET", .livez)]
    case ("readyz", 1, _): return [("GET", .readyz)]
    case ("metrics", 1, _): return [("GET", .metrics)]
    case ("openapi.json", 1, _): return [("GET", .openAPI)]
    case ("docs", 1, _): return [("GET", .documentation)]
    default: return nil
    }
  }
}
