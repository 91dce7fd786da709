import Tron

/// The `breaker` collection: one document.
public protocol BreakerStore: Sendable {
  /// The breaker; closed and of revision 0 when nothing was ever written.
  func breaker() async throws(StoreError) -> Breaker
  /// Replaces it (majority, journaled) if its revision is still that of `old`; false when it moved on.
  func replace(_ old: Breaker, with new: Breaker) async throws(StoreError) -> Bool
  /// How the transfers ended that did so after an instant: those that failed on the chain, and those
  /// that were paid. Of all that ended since another one, how many failed after the last payment,
  /// counted up to `inARow`.
  func tally(
    after: UnixMilliseconds, since: UnixMilliseconds, inARow: Int
  ) async throws(StoreError) -> TransferTally
  /// Those of the transactions that are attempts of transfers.
  func known(_ txids: [TransactionID]) async throws(StoreError) -> Set<TransactionID>
}

/// Everything that guards need of the store.
public typealias GuardStores = AuditLogStore & AuditWriterStore & BreakerStore & KYCStore
