import Tron

/// The `audit_log` collection: blocks are appended, never changed and never deleted.
public protocol AuditLogStore: Sendable {
  /// The newest block's number and hash, `nil` when there is none; going on from a known block, which
  /// costs nothing that grows with the log.
  func auditTip(after known: AuditTip?) async throws(StoreError) -> AuditTip?
  /// Inserts a block (majority, journaled). False when another one has its number; true also when
  /// this very block is there already.
  func append(_ block: AuditBlock) async throws(StoreError) -> Bool
  /// A page of blocks after a number, in order.
  func auditBlocks(after number: Int64, limit: Int) async throws(StoreError) -> [AuditBlock]
}

/// What tells which admissions there were, and how far the audit log was compared with it.
public protocol AdmissionRecordStore: Sendable {
  /// A page of the payouts that were created in `from ..< before`, by id, after `after`; prepared ones
  /// included.
  func payouts(
    createdFrom: UnixMilliseconds, before: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout]
  /// How far admissions were compared; `nil` before the first time.
  func auditMark() async throws(StoreError) -> AuditMark?
  /// Replaces it, whatever it was: an older one has something compared again.
  func write(_ mark: AuditMark) async throws(StoreError)
}
