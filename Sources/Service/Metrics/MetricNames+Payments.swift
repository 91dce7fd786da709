extension MetricNames {
  /// Named by the API specification.
  public static let paymentRequests = MetricDescription(
    "tron_payment_requests_total", .counter, labels: ["router_type", "status"],
    "Total payout requests.")
  /// Named by the API specification.
  public static let payoutAmount = MetricDescription(
    "tron_payout_amount_usdt_total", .counter, labels: ["router_type"], countsMillionths: true,
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

  /// Named by the API specification.
  public static let dailyLimitUsage = MetricDescription(
    "tron_daily_limit_usage_usdt", .gauge, "Current daily limit usage.")
  /// What is reserved, against which alerts compare.
  public static let limitUsed = MetricDescription(
    "limit_used_micro_usdt", .gauge, labels: ["period", "router_type"],
    "Reserved or paid in this UTC day and hour, in millionths.")
  /// The limits themselves.
  public static let limit = MetricDescription(
    "limit_micro_usdt", .gauge, labels: ["period", "router_type"],
    "Most that may be reserved, in millionths; absent without a limit.")
  /// There should be none.
  public static let limitDifferences = MetricDescription(
    "limit_differences_total", .counter, labels: ["router_type"],
    "Counters of limits that differed from the payouts, and were healed. Should stay 0.")
  /// What crashes left.
  public static let limitGroupsEnded = MetricDescription(
    "limit_groups_ended_total", .counter,
    "Reservations that a crash left pending, and that the repair ended.")

  static let payments = [
    paymentRequests, payoutAmount, admissionGroup, announcementsLeft, rateLimitFallbacks,
    dailyLimitUsage, limitUsed, limit, limitDifferences, limitGroupsEnded,
    auditEntries, auditEntriesDropped,
  ]
}
