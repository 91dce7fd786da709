import Payouts
import Tron

// A closed breaker, no KYC records, and an audit log that keeps nothing.

extension InstantStore: AuditLogStore, AuditWriterStore, BreakerStore, KYCStore {
  func write(_ writer: AuditWriter) async throws(StoreError) {}
  func remove(_ writer: AuditWriter) async throws(StoreError) {}

  func auditTip(after known: AuditTip?) async throws(StoreError) -> AuditTip? { nil }
  func append(_ block: AuditBlock) async throws(StoreError) -> Bool { true }
  func auditBlocks(after number: Int64, limit: Int) async throws(StoreError) -> [AuditBlock] { [] }

  func breaker() async throws(StoreError) -> Breaker { Breaker() }
  func replace(_ old: Breaker, with new: Breaker) async throws(StoreError) -> Bool { true }
  func tally(
    after: UnixMilliseconds, since: UnixMilliseconds, inARow: Int
  ) async throws(StoreError) -> TransferTally { TransferTally() }
  func known(_ txids: [TransactionID]) async throws(StoreError) -> Set<TransactionID> { [] }

  func kycRecords(_ recipients: [TronAddress]) async throws(StoreError) -> [KYCRecord] { [] }
  func kycRecords(
    after: TronAddress?, limit: Int
  ) async throws(StoreError) -> [KYCRecord] { [] }
  func kycUnlogged(limit: Int) async throws(StoreError) -> [KYCRecord] { [] }
  func write(
    _ record: KYCRecord, replacing old: KYCRecord?
  ) async throws(StoreError) -> Bool { true }
}
