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

  /// Reads the only document of `audit_mark`.
  public func auditMark() async throws(StoreError) -> AuditMark? {
    let marks: [AuditMark] = try await find(.auditMark, "_id", among: [AuditMark.documentID])
    return marks.first
  }

  /// Replaces or inserts the only document of `audit_mark`.
  public func write(_ mark: AuditMark) async throws(StoreError) {
    try await upsert { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.auditMark))
      try bulk.replaceOne(
        BSONDocument { $0.append("_id", AuditMark.documentID) },
        BSONDocument(mark.write(to:)), upsert: true)
      return try bulk.execute()
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
}

extension AuditMark: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", Self.documentID)
    document.append("admissions", admissions)
    document.append("block", block)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(admissions: try reader.value("admissions"), block: try reader.value("block"))
  }

  /// The `_id` of the only document.
  static let documentID = "admissions"
}
