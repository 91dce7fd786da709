import Tron

/// Sums of payouts over the stretches of time that statistics speak of.
public struct PeriodSums: Hashable, Sendable {
  /// Created within the period.
  public var period: PayoutSums
  /// Created since the beginning of the day, UTC.
  public var day: PayoutSums
  /// Created since the beginning of the hour.
  public var hour: PayoutSums
  /// As of when.
  public var asOf: UnixMilliseconds
}

/// What the API says of a period.
public struct PayoutStatistics: Sendable {
  /// All payouts created in the period, whatever became of them.
  public var total: PayoutSums.Sum
  /// The same by router; the asked one only, if one was asked for.
  public var byRouter: [(router: RouterType, sum: PayoutSums.Sum)]
  /// Confirmed in hundredths of a percent of those that were confirmed or failed; `nil` when none was.
  public var successRate: Hundredths?
  /// Mean amount, to the cent, half up; `nil` without payouts.
  public var averageAmount: USDTAmount?
  /// Paid or still to be paid, of the payouts of this UTC day.
  public var dailyUsage: USDTAmount
  /// The same of this hour.
  public var hourlyUsage: USDTAmount
  /// As of when.
  public var asOf: UnixMilliseconds

  /// Derives everything from sums.
  public init(_ sums: PeriodSums, router: RouterType?) throws(StoreError) {
    let routers = router.map { [$0] } ?? RouterType.allCases
    total = try sums.period.total { routers.contains($0.router) }
    byRouter = []
    for router in routers {
      byRouter.append((router, try sums.period.total { $0.router == router }))
    }
    let paid = try sums.period.total { routers.contains($0.router) && $0.state == .paid }.count
    let failed = try sums.period.total { routers.contains($0.router) && $0.state == .failed }.count
    successRate = Hundredths(percent: paid, of: paid + failed)
    averageAmount = Self.average(total)
    dailyUsage = try Self.usage(sums.day, routers)
    hourlyUsage = try Self.usage(sums.hour, routers)
    asOf = sums.asOf
  }

  private static func usage(
    _ sums: PayoutSums, _ routers: [RouterType]
  ) throws(StoreError) -> USDTAmount {
    try sums.total { group in
      switch group.state.status {
      case .pending, .processing, .confirmed: routers.contains(group.router)
      case .failed, .cancelled: false
      }
    }.amount
  }

  private static func average(_ sum: PayoutSums.Sum) -> USDTAmount? {
    guard sum.count > 0 else { return nil }
    let cents = Int128(sum.count) * Int128(USDTAmount.microPerCent)
    let rounded = (2 * Int128(sum.amount.micro) + cents) / (2 * cents)
    return USDTAmount(micro: Int64(clamping: rounded * Int128(USDTAmount.microPerCent)))
  }
}

/// A number in hundredths, made and written without floating point.
public struct Hundredths: Hashable, Sendable {
  /// The number times 100.
  public var value: Int64

  /// Wraps a number times 100.
  public init(_ value: Int64) { self.value = value }

  /// A part in percent of a whole, half up; `nil` of nothing.
  public init?(percent part: Int64, of whole: Int64) {
    guard whole > 0 else { return nil }
    value = Int64(clamping: (Int128(part) * 20_000 + Int128(whole)) / (2 * Int128(whole)))
  }

  /// With as many decimals as it needs: `100`, `98.5`, `66.67`.
  public var decimalText: String {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: 100)
    switch rest {
    case 0: return "\(whole)"
    case _ where rest % 10 == 0: return "\(whole).\(rest / 10)"
    case 1..<10: return "\(whole).0\(rest)"
    default: return "\(whole).\(rest)"
    }
  }
}
