import HTTPTypes
import Payouts
import Tron

/// Why a payout was not admitted.
enum AdmissionFailure: Error, Sendable {
  /// It does not fit a limit of amounts.
  case limit(LimitRefusal)
  /// The store failed.
  case store(StoreError)
}

extension StoreError {
  /// The reservation is too old to be relied upon; nothing was inserted.
  static let tooSlow = StoreError(
    code: .unavailable, effect: .none, message: "reserving took too long")
  /// The store broke its promise.
  static let miscounted = StoreError(
    code: .corrupt, effect: .inDoubt, message: "as many answers as payouts are expected")
}

extension APIError {
  /// Whether an amount did not fit: refused by what holds today, not by the request itself.
  var isOfLimit: Bool {
    refusal.code == .dailyLimitExceeded || refusal.code == .circuitBreakerOpen
  }

  /// An amount that does not fit a limit: the answer says when there is room again.
  init(_ limit: LimitRefusal, now: UnixMilliseconds) {
    self.init(
      limit.refusal, headers: [.retryAfter: String(limit.secondsUntilAvailable(from: now))])
  }
}
