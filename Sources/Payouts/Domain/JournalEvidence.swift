import Tron

/// What one Confirmer has consumed of the journal about one transfer, and about its *rivals*: other
/// transfers that name one of its members. Together with the store's document it decides; a prefix of
/// the journal never changes, so stale evidence is only less.
///
/// Two transfers name one payout after a store fell back to before the first was formed, or when one
/// of them ends without a payment and lets its members go. Rivals live in one partition, so of any two
/// plans one comes first.
public struct JournalEvidence: Hashable, Sendable {
  /// Every planned transaction that was read.
  public var plans: Set<TransactionID>
  /// Whom the VOID that was read withdraws; `nil` when none was read.
  public var withdrawn: Set<PayoutID>?
  /// The SETTLED that was read, if any; `paid` beats `failed`.
  public var settled: Settlement.Result?
  /// Whether a transaction of a rival may pay a member, or has paid it.
  public var hasLiveRival: Bool
  /// Whether a rival has ended one of the members: paid it, failed it, or withdrew it.
  public var isBarred: Bool

  /// Nothing read yet.
  public init(
    plans: Set<TransactionID> = [], withdrawn: Set<PayoutID>? = nil,
    settled: Settlement.Result? = nil, hasLiveRival: Bool = false, isBarred: Bool = false
  ) {
    self.plans = plans
    self.withdrawn = withdrawn
    self.settled = settled
    self.hasLiveRival = hasLiveRival
    self.isBarred = isBarred
  }

  /// Whether a VOID was read.
  public var isVoid: Bool { withdrawn != nil }

  /// Whether a record says that no PLAN may be armed any more.
  public var forbidsArming: Bool { isVoid || settled != nil }
}
