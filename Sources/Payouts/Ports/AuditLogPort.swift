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

/// What tells which admissions there were, and who writes them into the audit log.
public protocol AdmissionRecordStore: AuditWriterStore {
  /// A page of the payouts that were created in `from ..< before`, by id, after `after`; prepared ones
  /// included.
  func payouts(
    createdFrom: UnixMilliseconds, before: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout]
  /// Those that said last before an instant that they live.
  func auditWriters(
    silentSince: UnixMilliseconds, limit: Int
  ) async throws(StoreError) -> [AuditWriter]
}

/// The `audit_writers` collection as a writer sees it.
public protocol AuditWriterStore: Sendable {
  /// It lives; inserts it if it is not there.
  func write(_ writer: AuditWriter) async throws(StoreError)
  /// It has ended, or was looked after; left alone when it has said something since.
  func remove(_ writer: AuditWriter) async throws(StoreError)
}
