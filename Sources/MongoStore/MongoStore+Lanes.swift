import Payouts
import Tron

extension MongoStore: LaneStore {
  /// Reads the partial index of urgent payouts that nobody formed a transfer of.
  public func urgent(
    createdFrom: UnixMilliseconds?, createdBefore: UnixMilliseconds, limit: Int
  ) async throws(StoreError) -> [Payout] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.payouts).find(
        .urgent(createdFrom: createdFrom, createdBefore: createdBefore, limit: limit))
    }
  }

  /// Counts entries of the index on state, and stops at the bound.
  public func planned(upTo bound: Int) async throws(StoreError) -> Int {
    guard bound > 0 else { return 0 }
    return try await run { client throws(StoreError) in
      let counts = try client.collection(.transfers).aggregate(
        BSONDocument.plannedCount(upTo: bound)
      ) { reader throws(BSONFault) in try reader.value("count", as: Int.self) }
      return counts.first ?? 0
    }
  }
}

extension FindQuery {
  static func urgent(
    createdFrom: UnixMilliseconds?, createdBefore: UnixMilliseconds, limit: Int
  ) -> FindQuery {
    FindQuery(limit: limit, byCreation: true) { filter in
      filter.append("state", PayoutState.accepted)
      filter.append("request.priority", Priority.urgent)
      filter.append("created_at") { range in
        range.append("$gte", ifPresent: createdFrom)
        range.append("$lt", createdBefore)
      }
    }
  }
}

extension BSONDocument {
  static func plannedCount(upTo bound: Int) -> BSONDocument {
    BSONDocument { document in
      document.append(
        "pipeline",
        [
          BSONEmbedded { stage in
            stage.append("$match") { $0.append("state", TransferState.planned) }
          },
          BSONEmbedded { $0.append("$limit", bound) },
          BSONEmbedded { stage in
            stage.append("$group") { group in
              group.append("_id", BSONNull())
              group.append("count") { $0.append("$sum", 1) }
            }
          },
        ])
    }
  }
}
