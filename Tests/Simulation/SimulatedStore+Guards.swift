import Payouts
import Tron

extension SimulatedStore: BreakerStore, AuditLogStore {
  func breaker() async throws(StoreError) -> Breaker { try await call { $0.breaker } }

  func replace(_ old: Breaker, with new: Breaker) async throws(StoreError) -> Bool {
    try await call { contents in
      guard contents.breaker.rev == old.rev else { return false }
      contents.breaker = new
      return true
    }
  }

  func tally(
    after: UnixMilliseconds, since: UnixMilliseconds, inARow: Int
  ) async throws(StoreError) -> TransferTally {
    try await call { contents in
      let ended = contents.transfers.values.filter { $0.closed && $0.updatedAt > since }
      let paid = ended.filter { $0.state == .paid }
      let failed = ended.filter { $0.state == .failed && $0.failure?.reason != .expired }
      let latest = paid.map(\.updatedAt).max()
      let row = failed.count { transfer in latest.map { transfer.updatedAt > $0 } ?? true }
      return TransferTally(
        failed: failed.count { $0.updatedAt > after }, failedInARow: min(row, inARow),
        paid: paid.count { $0.updatedAt > after })
    }
  }

  func known(_ txids: [TransactionID]) async throws(StoreError) -> Set<TransactionID> {
    try await call { contents in
      Set(contents.transfers.values.flatMap(\.attempts).map(\.txid)).intersection(txids)
    }
  }

  func auditTip(after known: AuditTip?) async throws(StoreError) -> AuditTip? {
    try await call { $0.auditLog.last?.tip }
  }

  func append(_ block: AuditBlock) async throws(StoreError) -> Bool {
    try await call { contents in
      if let there = contents.auditLog.first(where: { $0.number == block.number }) {
        return there.hash == block.hash
      }
      contents.auditLog.append(block)
      return true
    }
  }

  func auditBlocks(after number: Int64, limit: Int) async throws(StoreError) -> [AuditBlock] {
    try await call { Array($0.auditLog.filter { $0.number > number }.prefix(limit)) }
  }
}
