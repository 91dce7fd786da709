extension MetricNames {
  /// Named by the API specification.
  public static let circuitBreakerOpen = MetricDescription(
    "tron_circuit_breaker_open", .gauge, "Circuit breaker status: 1 while it is open.")
  /// Somebody else has the key.
  public static let foreignSpends = MetricDescription(
    "foreign_spends_total", .counter,
    "Solidified transactions of our wallets that are not ours and can take money. Must stay 0.")
  static let heldForKYC = MetricDescription(
    "held_kyc_payouts", .gauge, "Payouts that wait for an active KYC record of their recipient.")

  static let guards = [circuitBreakerOpen, foreignSpends, heldForKYC]
}
