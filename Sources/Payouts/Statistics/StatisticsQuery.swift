import Tron

/// How far statistics look back from now.
public enum StatisticsPeriod: String, CaseIterable, Sendable {
  case hour, day, week
  /// Thirty days.
  case month

  /// Its length.
  public var milliseconds: Int64 {
    switch self {
    case .hour: HourSum.milliseconds
    case .day: 24 * HourSum.milliseconds
    case .week: 7 * 24 * HourSum.milliseconds
    case .month: 30 * 24 * HourSum.milliseconds
    }
  }
}

/// What a client asks of the statistics, as its query string says.
public struct StatisticsQuery: Hashable, Sendable {
  /// How far back.
  public var period: StatisticsPeriod
  /// Of one router only; `nil` for all.
  public var router: RouterType?

  /// Reads a query string; everything wrong with it comes in one refusal.
  public init(_ query: String?) throws(Refusal) {
    var parameters = QueryParameters(query, known: ["period", "router_type"])
    period = parameters.choice("period") ?? .day
    router = parameters.choice("router_type")
    if let refusal = Refusal(parameters.faults) { throw refusal }
  }
}

extension Caller {
  /// Whether it may ask for statistics.
  public func checkMayReadStatistics() throws(Refusal) {
    switch role {
    case .nodeOperator, .service, .admin: return
    case .endUser:
      throw Refusal(
        .insufficientPermissions, reason: "role_not_permitted",
        message: "The role \(role.rawValue) may not read statistics")
    }
  }
}
