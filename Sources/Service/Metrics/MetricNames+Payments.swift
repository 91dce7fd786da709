extension MetricNames {
  /// Named by the API specification.
  public static let paymentRequests = MetricDescription(
    "tron_payment_requests_total", .counter, labels: ["router_type", "status"],
    "Total payout requests.")
  /// Named by the API specification.
  public static let payoutAmount = MetricDescription(
    "tron_payout_amount_usdt_total", .counter, labels: ["router_type"],
    "Total payout amount in USDT.")

  /// How well store commits are shared.
  public static let admissionGroup = MetricDescription(
    "admission_group_payouts", .histogram, buckets: Buckets.counts,
    "Payouts that went into the store in one commit.")
  /// What the sweeper has to make up for.
  public static let announcementsLeft = MetricDescription(
    "announcements_left_to_sweeper_total", .counter,
    "Accepted payouts whose message was not appended because the broker was away.")
  /// How often limits were not shared.
  public static let rateLimitFallbacks = MetricDescription(
    "rate_limit_fallback_total", .counter,
    "Requests that this copy counted alone because the store did not answer in time.")

  /// What the audit log got.
  public static let auditEntries = MetricDescription(
    "audit_entries_total", .counter, "Entries that this copy wrote into the audit log.")
  /// What it did not get.
  public static let auditEntriesDropped = MetricDescription(
    "audit_entries_dropped_total", .counter,
    "Entries that never reached the audit log because the store was away for too long.")

  static let payments = [
    paymentRequests, payoutAmount, admissionGroup, announcementsLeft, rateLimitFallbacks,
    auditEntries, auditEntriesDropped,
  ]
}
