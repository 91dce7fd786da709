/// What administrators ask for.
enum AdminRoute: Hashable, Sendable {
  case getBreaker
  case setBreaker
  case listKYC
  case addKYC
  case getKYC(recipient: Substring)
  case revokeKYC(recipient: Substring)
  case auditLog

  /// The route's template, for metrics.
  var template: String {
    switch self {
    case .getBreaker, .setBreaker: "/admin/breaker"
    case .listKYC, .addKYC: "/admin/kyc"
    case .getKYC: "/admin/kyc/{recipient_address}"
    case .revokeKYC: "/admin/kyc/{recipient_address}/revoke"
    case .auditLog: "/admin/audit-log"
    }
  }

  /// The methods of a path below `admin`.
  static func resource(_ segments: ArraySlice<Substring>) -> [(String, Route)]? {
    let segments = Array(segments)
    switch (segments.first, segments.count) {
    case ("breaker", 1): return [("GET", .admin(.getBreaker)), ("POST", .admin(.setBreaker))]
    case ("kyc", 1): return [("GET", .admin(.listKYC)), ("POST", .admin(.addKYC))]
    case ("kyc", 2):
      return segments[1].isEmpty ? nil : [("GET", .admin(.getKYC(recipient: segments[1])))]
    case ("kyc", 3):
      guard !segments[1].isEmpty, segments[2] == "revoke" else { return nil }
      return [("POST", .admin(.revokeKYC(recipient: segments[1])))]
    case ("audit-log", 1): return [("GET", .admin(.auditLog))]
    default: return nil
    }
  }
}
