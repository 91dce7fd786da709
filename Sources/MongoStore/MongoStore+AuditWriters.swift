import Payouts
import Tron

extension MongoStore: AdmissionRecordStore {
  /// A range of `_id`.
  public func payouts(
    createdFrom: UnixMilliseconds, before: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.payouts).find(
        .payouts(createdFrom: createdFrom, before: before, after: after, limit: limit))
    }
  }

  /// Reads all of a small collection: one document for each process that runs or died.
  public func auditWriters(
    silentSince: UnixMilliseconds, limit: Int
  ) async throws(StoreError) -> [AuditWriter] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.auditWriters).find(
        .auditWriters(silentSince: silentSince, limit: limit))
    }
  }

  /// Replaces or inserts by `_id`.
  public func write(_ writer: AuditWriter) async throws(StoreError) {
    try await upsert { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.auditWriters))
      try bulk.replaceOne(
        BSONDocument { $0.append("_id", writer.id) }, BSONDocument(writer.write(to:)), upsert: true)
      return try bulk.execute()
    }
  }

  /// Deletes it by `_id` and by what it said last.
  public func remove(_ writer: AuditWriter) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.auditWriters))
      try bulk.deleteMany(
        BSONDocument { filter in
          filter.append("_id", writer.id)
          filter.append("alive", writer.alive)
        })
      _ = try bulk.execute()
    }
  }
}

extension FindQuery {
  static func payouts(
    createdFrom: UnixMilliseconds, before: UnixMilliseconds, after: PayoutID?, limit: Int
  ) -> FindQuery {
    FindQuery(limit: limit, sorted: true) { filter in
      filter.append("_id") { ids in
        if let after {
          ids.append("$gt", after)
        } else {
          ids.append("$gte", PayoutID.lowest(at: createdFrom))
        }
        ids.append("$lt", PayoutID.lowest(at: before))
      }
    }
  }

  static func auditWriters(silentSince: UnixMilliseconds, limit: Int) -> FindQuery {
    FindQuery(limit: limit, sorted: true) { filter in
      filter.append("alive") { $0.append("$lt", silentSince) }
    }
  }
}

extension AuditWriter: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", id)
    document.append("flushed", flushed)
    document.append("alive", alive)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      id: try reader.value("_id"), flushed: try reader.value("flushed"),
      alive: try reader.value("alive"))
  }
}
