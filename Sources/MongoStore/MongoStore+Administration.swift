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
  public func startFirstEpoch(
    at: UnixMilliseconds, journalPartitions: Int64
  ) async throws(StoreError) -> Bool {
    let epoch = Epoch(number: 1, startedAt: at, journalPartitions: journalPartitions)
    return try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.epoch))
      try bulk.insert(BSONDocument(epoch.write(to:)))
      return try bulk.execute().refusals.isEmpty
    }
  }

  /// Notes the number of the journal's partitions where an earlier version did not.
  public func note(journalPartitions: Int64) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.epoch))
      try bulk.updateOne(
        BSONDocument { filter in
          filter.append("_id", Epoch.documentID)
          filter.append(Epoch.partitionsField) { $0.append("$exists", false) }
        },
        BSONDocument { update in
          update.append("$set") { $0.append(Epoch.partitionsField, journalPartitions) }
        })
      _ = try bulk.execute()
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
