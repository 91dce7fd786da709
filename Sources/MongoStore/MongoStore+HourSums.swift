import Payouts
import Tron

extension MongoStore: HourSumStore {
  /// LIMIT: how long the server may add up for one call.
  static let additionMilliseconds = 5_000

  /// One aggregation over a range of ids.
  public func sums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum] {
    guard from < until else { return [] }
    return try await run { client throws(StoreError) in
      let rows = try client.collection(.payouts).aggregate(
        PayoutPipelines.hourSums(scope, PayoutIDRange(from: from, until: until)),
        maximumMilliseconds: Self.additionMilliseconds, HourSumRow.init(from:))
      return try HourSumRow.byHour(rows)
    }
  }

  /// One range of `_id`, which begins with the scope and ends with the hour.
  public func keptSums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum] {
    guard from < until else { return [] }
    return try await run { client throws(StoreError) in
      let kept: [KeptHourSum] = try client.collection(.hourSums).find(
        .keptSums(of: scope, from: from, until: until))
      return kept.map(\.sum)
    }
  }

  /// One unordered bulk of inserts; those that are there already are the same.
  public func keep(_ sums: [HourSum], of scope: PayoutScope) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.hourSums))
      for sum in sums {
        let kept = KeptHourSum(sum)
        try bulk.insert(BSONDocument { kept.write(to: $0, scope) })
      }
      _ = try bulk.execute()
    }
  }
}

extension FindQuery {
  static func keptSums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) -> FindQuery {
    FindQuery(sorted: true) { filter in
      filter.append("_id") { ids in
        ids.append("$gte", KeptHourSum.id(scope, from))
        ids.append("$lt", KeptHourSum.id(scope, until))
      }
    }
  }
}
