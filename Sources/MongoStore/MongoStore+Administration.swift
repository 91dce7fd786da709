import Payouts
import Tron

// What operators' commands need beyond the ports.

extension MongoStore {
  /// Whether a server answers.
  public func ping() async throws(StoreError) {
    try await run { client throws(StoreError) in
      try client.command(BSONDocument { $0.append("ping", 1) }) { _ in }
    }
  }

  /// Creates every index that is not there yet; safe to repeat and to run while the fleet works.
  public func createIndexes() async throws(StoreError) {
    try await run { client throws(StoreError) in
      for (collection, indexes) in Index.all {
        try client.command(Index.creation(of: indexes, on: collection)) { _ in }
      }
    }
  }

  /// Writes the first epoch; false when the database has one, which is then left as it is.
  public func startFirstEpoch(at: UnixMilliseconds) async throws(StoreError) -> Bool {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.epoch))
      try bulk.insert(BSONDocument(Epoch(number: 1, startedAt: at).write(to:)))
      return try bulk.execute().refusals.isEmpty
    }
  }

  /// A page of all payouts, by id, after `after`; for audits, which read everything.
  public func allPayouts(
    after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    try await page(.payouts, after: after, limit: limit)
  }

  /// A page of all transfers, by id, after `after`; for audits, which read everything.
  public func allTransfers(
    after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer] {
    try await page(.transfers, after: after, limit: limit)
  }

  private func page<Record: BSONRecord & Sendable>(
    _ collection: CollectionName, after: (some BSONText & Sendable)?, limit: Int
  ) async throws(StoreError) -> [Record] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(collection).find(
        FindQuery(limit: limit, sorted: true) { filter in
          filter.append("_id", ifPresent: after.map(BSONOperator.above))
        })
    }
  }
}
