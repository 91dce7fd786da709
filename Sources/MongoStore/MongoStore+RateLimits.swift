import Payouts
import Tron

extension MongoStore: RateLimitStore {
  /// One unordered bulk of conditional increments, then one find of the counts.
  public func claim(_ windows: [RateWindow]) async throws(StoreError) -> [RateClaim] {
    guard !windows.isEmpty else { return [] }
    return try await run { client throws(StoreError) in
      try RateWindowClaim(windows).execute(client.collection(.rateWindows))
    }
  }
}

/// Claims requests in windows: each is one update that counts only below the limit.
///
/// An update that finds no such document wants to insert one; when the window is there and full, its
/// `_id` refuses that. So a claim is granted exactly if its update was not refused.
struct RateWindowClaim {
  // LIMIT: the second look settles a race (see below); a third only if the window vanished between.
  private static let rounds = 3
  // LIMIT: how long a window stays after its end; clocks of copies differ by less.
  private static let keptMilliseconds: Int64 = 120_000

  private let windows: [RateWindow]

  init(_ windows: [RateWindow]) { self.windows = windows }

  func execute(_ collection: Collection) throws(StoreError) -> [RateClaim] {
    var isGranted = [Bool](repeating: false, count: windows.count)
    var counts: [String: Int] = [:]
    var open = Array(windows.indices)
    for _ in 0..<Self.rounds where !open.isEmpty {
      let refused = try claim(open, in: collection)
      for index in open where !refused.contains(index) { isGranted[index] = true }
      counts.merge(try self.counts(of: open, in: collection)) { $1 }
      // RACE: two clients may want to insert the same window, and one is refused although there is
      // room. Now the window is there, so it asks again.
      open = refused.filter { (counts[windows[$0].id] ?? 0) < windows[$0].kind.limit }.sorted()
    }
    return windows.indices.map { index in
      RateClaim(
        isGranted: isGranted[index],
        count: counts[windows[index].id] ?? windows[index].kind.limit)
    }
  }

  /// Answers those of the claims that were refused.
  private func claim(
    _ indices: [Int], in collection: Collection
  ) throws(StoreError) -> Set<Int> {
    var bulk = BulkWrite(collection, durability: .fleeting)
    for index in indices {
      try bulk.updateOne(windows[index].filter, Self.increment(windows[index]), upsert: true)
    }
    let refused = try bulk.execute().refusals.map(\.index)
    return Set(refused.filter(indices.indices.contains).map { indices[$0] })
  }

  private func counts(
    of indices: [Int], in collection: Collection
  ) throws(StoreError) -> [String: Int] {
    let ids = Array(Set(indices.map { windows[$0].id }))
    var counts: [String: Int] = [:]
    for start in stride(from: 0, to: ids.count, by: MongoStore.idsPerFind) {
      let some = Array(ids[start..<min(start + MongoStore.idsPerFind, ids.count)])
      let stored: [StoredWindow] = try collection.find(
        FindQuery(seesFleeting: true) { $0.append("_id", BSONOperator.oneOf(some)) })
      for window in stored { counts[window.id] = window.count }
    }
    return counts
  }

  private static func increment(_ window: RateWindow) -> BSONDocument {
    let end = UnixMilliseconds(window.endSeconds * 1000)
    return BSONDocument { update in
      update.append("$inc") { $0.append("count", 1) }
      update.append("$setOnInsert") { set in
        set.append("expires_at", BSONDate(end.advanced(milliseconds: keptMilliseconds)))
      }
    }
  }

  private struct StoredWindow: BSONReadableRecord {
    let id: String
    let count: Int

    init(from reader: BSONReader) throws(BSONFault) {
      id = try reader.value("_id")
      count = try reader.value("count")
    }
  }
}

extension RateWindow {
  /// The window, as long as it has room.
  var filter: BSONDocument {
    BSONDocument { filter in
      filter.append("_id", id)
      filter.append("count", BSONOperator.below(kind.limit))
    }
  }
}
