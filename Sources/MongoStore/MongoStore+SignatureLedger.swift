import Payouts
import Tron

extension MongoStore: SignatureLedger {
  /// LIMIT: how long an entry stays; no transaction is valid for longer than a day.
  private static let keptSeconds: Int64 = 4 * 86_400

  /// Finds by `_id`, a bounded number at a time.
  public func counted(
    _ txids: Set<TransactionID>
  ) async throws(StoreError) -> Set<TransactionID> {
    let entries: [LedgerEntry] = try await find(.signerLedger, "_id", among: txids.sorted())
    return Set(entries.map(\.txid))
  }

  /// One unordered bulk of inserts; `_id` refuses what is there already.
  public func enter(
    _ txids: Set<TransactionID>, at now: UnixMilliseconds
  ) async throws(StoreError) -> Set<TransactionID> {
    guard !txids.isEmpty else { return [] }
    let order = txids.sorted()
    let end = BSONDate(now.advanced(seconds: Self.keptSeconds))
    return try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.signerLedger))
      for txid in order {
        try bulk.insert(
          BSONDocument { entry in
            entry.append("_id", txid)
            entry.append("expires_at", end)
          })
      }
      let there = Set(try bulk.execute().refusals.map { order[$0.index] })
      return txids.subtracting(there)
    }
  }

  /// One bulk by `_id`.
  public func remove(_ txids: Set<TransactionID>) async throws(StoreError) {
    guard !txids.isEmpty else { return }
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.signerLedger))
      try bulk.deleteMany(BSONDocument { $0.append("_id", BSONOperator.oneOf(txids.sorted())) })
      _ = try bulk.execute()
    }
  }
}

private struct LedgerEntry: BSONReadableRecord {
  let txid: TransactionID

  init(from reader: BSONReader) throws(BSONFault) { txid = try reader.value("_id") }
}
