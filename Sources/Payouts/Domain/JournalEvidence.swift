import Tron

/// What one Confirmer has consumed of the journal about one transfer. Together with the store's
/// document it decides; a prefix of the journal never changes, so stale evidence is only less.
public struct JournalEvidence: Hashable, Sendable {
  /// Every planned transaction that was read.
  public var plans: Set<TransactionID>
  /// Whether a VOID was read.
  public var isVoid: Bool
  /// The SETTLED that was read, if any; `paid` beats `failed`.
  public var settled: Settlement.Result?

  /// Nothing read yet.
  public init(
    plans: Set<TransactionID> = [], isVoid: Bool = false, settled: Settlement.Result? = nil
  ) {
    self.plans = plans
    self.isVoid = isVoid
    self.settled = settled
  }

  /// Whether a record says that no PLAN may be armed any more.
  public var forbidsArming: Bool { isVoid || settled != nil }
}
