import Tron

/// How much may be reserved in a UTC day and in each of its hours; `nil` is no limit.
public struct AmountLimits: Hashable, Sendable {
  /// Most in a UTC day.
  public var daily: USDTAmount?
  /// Most in a UTC hour.
  public var hourly: USDTAmount?

  /// Collects the parts.
  public init(daily: USDTAmount?, hourly: USDTAmount?) {
    self.daily = daily
    self.hourly = hourly
  }

  /// Nothing is limited.
  public static let off = AmountLimits(daily: nil, hourly: nil)

  /// Whether nothing needs to be counted.
  public var isOff: Bool { daily == nil && hourly == nil }
}

/// Which limits hold for whom.
public struct LimitPolicy: Hashable, Sendable {
  /// For all tenants of a router together; a router that is absent has none.
  public var routers: [RouterType: AmountLimits]
  /// For each tenant alone, per router.
  public var tenant: AmountLimits

  /// Collects the parts.
  public init(routers: [RouterType: AmountLimits] = [:], tenant: AmountLimits = .off) {
    self.routers = routers
    self.tenant = tenant
  }

  /// Nothing is limited, and so nothing is counted.
  public static let off = LimitPolicy()

  /// Whether nothing is counted.
  public var isOff: Bool { tenant.isOff && routers.values.allSatisfy(\.isOff) }

  /// The limits that a counter stands under.
  public func limits(of counter: CounterID) -> AmountLimits {
    counter.tenant == nil ? routers[counter.router] ?? .off : tenant
  }

  /// The counters that a payout is counted by. The tenant's comes first: what it refuses never
  /// takes room from others.
  public func counters(of payout: Payout) -> [CounterID] {
    let day = UTCDay(payout.createdAt)
    let all = [
      CounterID(day: day, router: payout.request.router, tenant: payout.tenant),
      CounterID(day: day, router: payout.request.router),
    ]
    return all.filter { !limits(of: $0).isOff }
  }
}
