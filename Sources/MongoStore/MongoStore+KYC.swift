import Payouts
import Tron

extension MongoStore: KYCStore {
  /// Finds by `_id`, a bounded number of recipients at a time.
  public func kycRecords(_ recipients: [TronAddress]) async throws(StoreError) -> [KYCRecord] {
    try await find(.kyc, "_id", among: recipients)
  }

  /// A range of `_id`, in order.
  public func kycRecords(
    after: TronAddress?, limit: Int
  ) async throws(StoreError) -> [KYCRecord] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.kyc).find(.kycRecords(after: after, limit: limit))
    }
  }

  /// Reads an index that holds nothing else.
  public func kycUnlogged(limit: Int) async throws(StoreError) -> [KYCRecord] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.kyc).find(.kycUnlogged(limit: limit))
    }
  }

  /// One insert, or one replacement filtered by `rev`.
  public func write(
    _ record: KYCRecord, replacing old: KYCRecord?
  ) async throws(StoreError) -> Bool {
    try await replace(.kyc, BSONDocumentID(record.recipient), rev: old?.rev) {
      record.write(to: $0)
    }
  }
}

extension MongoStore: KYCPayoutStore {
  /// Reads the index on state, router and id in order.
  public func acceptedForKYC(
    after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.payouts).find(
        .payouts(
          in: .accepted, router: .kyc, createdBefore: UnixMilliseconds(.max), after: after,
          limit: limit))
    }
  }
}

extension FindQuery {
  static func kycUnlogged(limit: Int) -> FindQuery {
    FindQuery(limit: limit) { filter in
      filter.append("unlogged.kind", AuditEntry.Kind.kyc)
    }
  }

  static func kycRecords(after: TronAddress?, limit: Int) -> FindQuery {
    FindQuery(limit: limit, sorted: true) { filter in
      filter.append("_id", ifPresent: after.map(BSONOperator.above))
    }
  }
}

/// The `_id` of a document that is written by compare-and-set on `rev`.
struct BSONDocumentID: Sendable {
  let text: String

  init(_ id: some BSONText) { text = id.storedText }
}

extension MongoStore {
  /// Inserts a document that must not be there (`rev` is `nil`), or replaces the one with that `rev`;
  /// false when it moved on.
  func replace(
    _ collection: CollectionName, _ id: BSONDocumentID, rev: Int64?,
    with fill: @escaping @Sendable (borrowing BSONDocument) -> Void
  ) async throws(StoreError) -> Bool {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(collection))
      guard let rev else {
        try bulk.insert(BSONDocument(fill))
        return try bulk.execute().refusals.isEmpty
      }
      try bulk.replaceOne(
        BSONDocument { filter in
          filter.append("_id", id.text)
          filter.append("rev", rev)
        }, BSONDocument(fill))
      return try bulk.execute().matched == 1
    }
  }
}
