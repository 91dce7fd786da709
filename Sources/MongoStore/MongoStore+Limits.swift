import Payouts
import Tron

/// The counters of one collection.
struct MongoCounters: CounterStore {
  let store: MongoStore
  let collection: CollectionName

  func counters(_ ids: [CounterID]) async throws(StoreError) -> [LimitCounter] {
    guard !ids.isEmpty else { return [] }
    return try await find { filter in filter.append("_id", BSONOperator.oneOf(ids)) }
  }

  func counters(
    from: UTCDay, through: UTCDay, after: CounterID?, limit: Int
  ) async throws(StoreError) -> [LimitCounter] {
    guard limit > 0, from <= through else { return [] }
    return try await find(limit: limit) { filter in
      filter.append("_id") { ids in
        if let after { ids.append("$gt", after) } else { ids.append("$gte", from.text) }
        ids.append("$lt", through.advanced(days: 1).text)
      }
    }
  }

  func open(_ counter: LimitCounter) async throws(StoreError) {
    try await store.run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(collection))
      try bulk.insert(BSONDocument(counter.write(to:)))
      _ = try bulk.execute()
    }
  }

  func apply(_ change: CounterChange) async throws(StoreError) -> Bool {
    try await store.run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(collection))
      try bulk.updateOne(change.filter, change.update)
      return try bulk.execute().matched == 1
    }
  }

  private func find(
    limit: Int? = nil, _ fill: @escaping @Sendable (borrowing BSONDocument) -> Void
  ) async throws(StoreError) -> [LimitCounter] {
    try await store.run { client throws(StoreError) in
      try client.collection(collection).find(
        FindQuery(limit: limit, sorted: true, seesFleeting: true, fill))
    }
  }
}

/// How a payout that ended unpaid waits for its amount to be given back.
enum ReleaseMark {
  static let field: StaticString = "release"
  static let due = "due"
}

extension MongoStore: ReservationStore {
  /// LIMIT: how long the server may add up for one call.
  static let reservedMilliseconds = 15_000

  /// Admission's counters.
  public var limits: any CounterStore { MongoCounters(store: self, collection: .limits) }

  /// The Signer's own counters.
  public var signerLimits: any CounterStore {
    MongoCounters(store: self, collection: .signerLimits)
  }

  /// One aggregation over the ids of the day.
  public func reserved(
    by counter: CounterID, excluding excluded: [PayoutID]
  ) async throws(StoreError) -> [Int: Int64] {
    try await run { client throws(StoreError) in
      let rows = try client.collection(.payouts).aggregate(
        ReservedRow.pipeline(counter, excluding: excluded),
        maximumMilliseconds: Self.reservedMilliseconds, ReservedRow.init(from:))
      var hours: [Int: Int64] = [:]
      for row in rows where row.isReserved {
        let hour = UTCDay.hour(of: row.hour)
        hours[hour] = (hours[hour] ?? 0) &+ row.micro
      }
      return hours
    }
  }

  /// One find in an index that holds nothing else, or by `_id`.
  public func dueForRelease(
    among ids: [PayoutID]?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    guard limit > 0 else { return [] }
    guard let ids else {
      return try await run { client throws(StoreError) in
        try client.collection(.payouts).find(.dueForRelease(limit: limit))
      }
    }
    let marked: [MarkedPayout] = try await find(.payouts, "_id", among: ids)
    return Array(marked.filter(\.isDue).map(\.payout).prefix(limit))
  }

  /// One bulk by `_id`.
  public func releaseDone(_ ids: [PayoutID]) async throws(StoreError) {
    guard !ids.isEmpty else { return }
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.payouts))
      for id in ids {
        try bulk.updateOne(
          BSONDocument { $0.append("_id", id) },
          BSONDocument { update in update.append("$unset") { $0.append(ReleaseMark.field, "") } })
      }
      _ = try bulk.execute()
    }
  }
}

extension FindQuery {
  static func dueForRelease(limit: Int) -> FindQuery {
    FindQuery(limit: limit, sorted: true) { $0.append(ReleaseMark.field, ReleaseMark.due) }
  }
}

/// A payout and its mark.
private struct MarkedPayout: BSONReadableRecord {
  let payout: Payout
  let isDue: Bool

  init(from reader: BSONReader) throws(BSONFault) {
    payout = try Payout(from: reader)
    isDue = try reader.optional(ReleaseMark.field) == ReleaseMark.due
  }
}

/// What the payouts of one hour, state and mark add up to.
struct ReservedRow: BSONReadableRecord {
  private struct Key: BSONReadableRecord {
    let hour: UnixMilliseconds
    let state: PayoutState
    let mark: String?

    init(from reader: BSONReader) throws(BSONFault) {
      hour = try reader.value("hour")
      state = try reader.value("state")
      mark = try reader.optional("mark")
    }
  }

  private let key: Key
  let micro: Int64
  var hour: UnixMilliseconds { key.hour }

  init(from reader: BSONReader) throws(BSONFault) {
    key = try reader.value("_id")
    micro = try reader.value("amount_micro")
  }

  /// Payouts of batches that are not decided count by what is pending, not by themselves.
  var isReserved: Bool {
    switch key.state {
    case .accepted, .scheduled, .assigned, .paid: true
    case .failed, .cancelled: key.mark == ReleaseMark.due
    case .prepared: false
    }
  }

  static func pipeline(_ counter: CounterID, excluding excluded: [PayoutID]) -> BSONDocument {
    BSONDocument { document in
      document.append(
        "pipeline",
        [
          BSONEmbedded { $0.append("$match") { match(counter, excluding: excluded, in: $0) } },
          BSONEmbedded { stage in
            stage.append("$group") { group in
              group.append("_id") { id in
                id.append("hour") { $0.append("$subtract", PayoutPipelines.createdAtAndItsRest) }
                id.append("state", "$state")
                id.append("mark", "$release")
              }
              group.append("amount_micro") { $0.append("$sum", "$request.amount_micro") }
            }
          },
        ])
    }
  }

  static func match(
    _ counter: CounterID, excluding excluded: [PayoutID], in filter: borrowing BSONDocument
  ) {
    filter.append("tenant", ifPresent: counter.tenant)
    filter.append("_id") { ids in
      ids.append("$gte", PayoutID.lowest(at: counter.day.start))
      ids.append("$lt", PayoutID.lowest(at: counter.day.end))
      if !excluded.isEmpty { ids.append("$nin", excluded) }
    }
    filter.append("request.router", counter.router)
  }
}
