import Tron

/// Why an amount does not fit.
public struct LimitRefusal: Error, Hashable, Sendable {
  /// Whether it is the day that is full, and not only the hour.
  public var isDaily: Bool
  /// Whether it is the tenant's own limit.
  public var isTenants: Bool
  /// Most that may be reserved.
  public var limit: USDTAmount
  /// What was reserved when it was looked at.
  public var used: USDTAmount
  /// What was asked for.
  public var requested: USDTAmount
  /// When the next day or hour begins.
  public var availableAt: UnixMilliseconds

  /// `daily_limit`, `hourly_limit`, `tenant_daily_limit`, `tenant_hourly_limit`.
  public var reason: String {
    (isTenants ? "tenant_" : "") + (isDaily ? "daily" : "hourly") + "_limit"
  }

  /// In the words of the API.
  public var refusal: Refusal {
    let what = isDaily ? "daily" : "hourly"
    var message = "Amount exceeds \(what) limit"
    if requested > limit { message += " by itself: it can never be admitted at once" }
    return Refusal(
      isDaily ? .dailyLimitExceeded : .circuitBreakerOpen, message: message,
      details: [
        JSONMember("reason", .string(reason)), JSONMember("limit", .number(limit.decimalText)),
        JSONMember("used", .number(used.decimalText)),
        JSONMember("requested", .number(requested.decimalText)),
        JSONMember("available_at", .string(availableAt.iso8601)),
      ])
  }

  /// Whole seconds until there is room again, as far as is known; at least 1.
  public func secondsUntilAvailable(from now: UnixMilliseconds) -> Int64 {
    max(1, (availableAt.value - now.value + 999) / 1000)
  }
}
