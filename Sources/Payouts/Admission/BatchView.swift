import Tron

/// Where a batch as a whole is.
public enum BatchStatus: String, CaseIterable, Sendable {
  case processing, completed, failed, cancelled
  case partiallyFailed = "partially_failed"

  /// Derived from its payouts, never stored.
  ///
  /// | unfinished | failed | paid | cancelled | status |
  /// |---|---|---|---|---|
  /// | some | any | any | any | `processing` |
  /// | none | some | some | any | `partially_failed` |
  /// | none | some | none | any | `failed` |
  /// | none | none | some | any | `completed` |
  /// | none | none | none | all | `cancelled` |
  public init(pending: Int, completed: Int, failed: Int) {
    switch (pending > 0, failed > 0, completed > 0) {
    case (true, _, _): self = .processing
    case (false, true, true): self = .partiallyFailed
    case (false, true, false): self = .failed
    case (false, false, true): self = .completed
    case (false, false, false): self = .cancelled
    }
  }
}

/// Everything the API says about a batch, derived from what is stored. The counts add up to the
/// number of its payouts.
public struct BatchView: Hashable, Sendable {
  /// The batch.
  public var batch: Batch
  /// Paid.
  public var completed = 0
  /// Proven not paid.
  public var failed = 0
  /// Withdrawn.
  public var cancelled = 0
  /// The sum of those that are paid.
  public var completedAmount = USDTAmount.zero
  /// When it should be completed; `nil` while one of its payouts is held.
  public var estimatedCompletion: UnixMilliseconds?

  /// The batch as it was the moment it was admitted: what the first answer tells.
  public init(asAdmitted batch: Batch) {
    self.batch = batch
    estimatedCompletion = batch.estimatedCompletion
  }

  /// Derives the view.
  ///
  /// - Parameters:
  ///   - payouts: Those of the batch; one that is not there counts as unfinished.
  ///   - transfers: Those of its payouts that are on their way.
  ///   - isHeld: Whether one of its payouts waits for something before it gets a transfer.
  public init(
    _ batch: Batch, payouts: [Payout], transfers: [Transfer], isHeld: Bool = false
  ) {
    self.init(asAdmitted: batch)
    for payout in payouts {
      switch payout.state {
      case .prepared, .accepted, .scheduled, .assigned: break
      case .paid:
        completed += 1
        completedAmount = completedAmount.adding(payout.request.amount) ?? completedAmount
      case .failed: failed += 1
      case .cancelled: cancelled += 1
      }
    }
    if isHeld || transfers.contains(where: { $0.state == .held }) { estimatedCompletion = nil }
  }

  /// How many payouts it has.
  public var total: Int { batch.payoutIDs.count }
  /// How many are not finished.
  public var pending: Int { max(0, total - completed - failed - cancelled) }
  /// Where it is.
  public var status: BatchStatus {
    BatchStatus(pending: pending, completed: completed, failed: failed)
  }
}
