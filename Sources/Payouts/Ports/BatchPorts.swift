import Tron

/// What became of preparing the payouts of a batch.
public enum BatchPreparation: Hashable, Sendable {
  /// All are in the store.
  case prepared
  /// This one is a duplicate; those before it are in the store, none after it.
  case refused(index: Int, PayoutInsertion)
}

/// The `batches` collection, and the payouts that wait for its decisions.
public protocol BatchStore: Sendable {
  /// Inserts prepared payouts in order, up to the first duplicate (majority, journaled); those of
  /// ours that are there already are left alone.
  ///
  /// In order, and the payout with the key first: of many requests with one key only one gets
  /// beyond its first payout, and so none is in another's way.
  func prepare(_ payouts: [Payout]) async throws(StoreError) -> BatchPreparation
  /// Inserts the decision unless there is one; answers the one that stands.
  func decide(
    _ decision: BatchDecision, on id: BatchID
  ) async throws(StoreError) -> BatchDecision
  /// The decisions that exist.
  func decisions(on ids: [BatchID]) async throws(StoreError) -> [BatchID: BatchDecision]
  /// Admits the payouts of a committed batch that are still prepared: state, and rev grows by one.
  func admitPayouts(of batch: Batch) async throws(StoreError)
  /// Deletes those payouts of a batch that will never be committed which are still prepared.
  func discard(_ payouts: [PayoutID], of batch: BatchID) async throws(StoreError)
}
