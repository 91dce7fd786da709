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
