import Payouts
import Tron

extension MemoryStore: AuditLogStore, AuditWriterStore, BreakerStore, KYCStore {
  func write(_ writer: AuditWriter) async throws(StoreError) {
    state.withLock { $0.auditWriters[writer.id] = writer }
  }

  func remove(_ writer: AuditWriter) async throws(StoreError) {
    state.withLock { state in
      if state.auditWriters[writer.id]?.alive == writer.alive {
        state.auditWriters[writer.id] = nil
      }
    }
  }

  func auditTip(after known: AuditTip?) async throws(StoreError) -> AuditTip? {
    state.withLock { $0.auditLog.last?.tip }
  }

  func append(_ block: AuditBlock) async throws(StoreError) -> Bool {
    if let fault = state.withLock({ $0.auditFault }) { throw fault }
    return state.withLock { state in
      if let there = state.auditLog.first(where: { $0.number == block.number }) {
        return there.hash == block.hash
      }
      state.auditLog.append(block)
      return true
    }
  }

  func auditBlocks(after number: Int64, limit: Int) async throws(StoreError) -> [AuditBlock] {
    state.withLock { Array($0.auditLog.filter { $0.number > number }.prefix(limit)) }
  }

  func breaker() async throws(StoreError) -> Breaker {
    try check()
    return state.withLock { $0.breaker }
  }

  func replace(_ old: Breaker, with new: Breaker) async throws(StoreError) -> Bool {
    state.withLock { state in
      guard state.breaker.rev == old.rev else { return false }
      state.breaker = new
      return true
    }
  }

  func tally(
    after: UnixMilliseconds, since: UnixMilliseconds, inARow: Int
  ) async throws(StoreError) -> TransferTally { TransferTally() }
  func known(_ txids: [TransactionID]) async throws(StoreError) -> Set<TransactionID> { [] }

  func kycRecords(_ recipients: [TronAddress]) async throws(StoreError) -> [KYCRecord] {
    state.withLock { state in recipients.compactMap { state.kyc[$0] } }
  }

  func kycRecords(after: TronAddress?, limit: Int) async throws(StoreError) -> [KYCRecord] {
    state.withLock { state in
      let all = state.kyc.values.sorted { $0.recipient.base58 < $1.recipient.base58 }
      return Array(
        all.filter { record in after.map { record.recipient.base58 > $0.base58 } ?? true }
          .prefix(limit))
    }
  }

  func kycUnlogged(limit: Int) async throws(StoreError) -> [KYCRecord] {
    state.withLock { Array($0.kyc.values.filter { $0.unlogged != nil }.prefix(limit)) }
  }

  func write(
    _ record: KYCRecord, replacing old: KYCRecord?
  ) async throws(StoreError) -> Bool {
    state.withLock { state in
      guard state.kyc[record.recipient]?.rev == old?.rev else { return false }
      state.kyc[record.recipient] = record
      return true
    }
  }
}
