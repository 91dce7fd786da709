/// Which requests are counted together, and how many of them a minute allows.
public enum RateLimitClass: String, CaseIterable, Sendable {
  case createPayout = "create_payout"
  case getPayout = "get_payout"
  case listPayouts = "list_payouts"
  case createBatch = "create_batch"
  case getBatch = "get_batch"
  case stats
  /// Cancelling payouts and batches; the specification does not name it, so it is as its nearest
  /// relative, creating a payout.
  case cancel
  /// Everything that only administrators may.
  case admin
  case health

  // LIMIT: by the contract.
  /// Requests of one caller in one minute.
  public var limit: Int {
    switch self {
    case .createPayout, .cancel: 10
    case .getPayout, .admin: 60
    case .listPayouts, .getBatch: 30
    case .createBatch: 5
    case .stats: 20
    case .health: 120
    }
  }
}
