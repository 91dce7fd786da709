import Payouts

/// Who may use a route, and how often.
enum RouteAccess: Hashable, Sendable {
  /// Those who prove who they are, each so many times a minute.
  case callers(RateLimitClass)
  /// Administrators, each so many times a minute.
  case admins(RateLimitClass)
  /// Anybody, each address so many times a minute.
  case anybody(RateLimitClass)
  /// Other services of the house.
  case house
  /// Anybody, as often as they like: answers cost nothing and tell nothing.
  case open
}

extension Route {
  /// Decided before a body is read.
  var access: RouteAccess {
    switch self {
    case .createPayout: .callers(.createPayout)
    case .getPayout: .callers(.getPayout)
    case .createBatch: .callers(.createBatch)
    case .getBatch: .callers(.getBatch)
    case .cancelPayout, .cancelBatch: .callers(.cancel)
    case .listPayouts: .callers(.listPayouts)
    case .statistics: .callers(.stats)
    case .admin: .admins(.admin)
    case .health: .anybody(.health)
    case .metrics: .house
    case .livez, .readyz, .openAPI, .documentation: .open
    }
  }
}
