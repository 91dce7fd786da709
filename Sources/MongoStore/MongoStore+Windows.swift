import Payouts
import Tron

extension MongoStore: WindowStore {
  /// Reads the partial index on window, router, recipient and id in order, one range after the
  /// other, until the page is full.
  public func scheduled(
    endingBy instant: UnixMilliseconds?, after: ScheduledPosition?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      var found: [Payout] = []
      for range in ScheduledRange.ranges(behind: after) where found.count < limit {
        found += try client.collection(.payouts).find(
          .scheduled(range, endingBy: instant, limit: limit - found.count))
      }
      return found
    }
  }

  /// One unordered bulk, each update filtered by id, revision, transfer and `assigned`.
  public func release(_ releases: [PayoutRelease]) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.payouts))
      for release in releases { try bulk.updateOne(release.filter, release.update) }
      _ = try bulk.execute()
    }
  }
}

/// What lies behind a position: a part of the index that is one range of it.
enum ScheduledRange {
  /// The same window, router and recipient, behind an id.
  case payouts(after: ScheduledPosition)
  /// The same window and router, behind a recipient.
  case recipients(after: ScheduledPosition)
  /// The same window, behind a router.
  case routers(after: ScheduledPosition)
  /// Behind a window, or all.
  case windows(after: WindowID?)

  /// In order, everything behind a position.
  static func ranges(behind position: ScheduledPosition?) -> [ScheduledRange] {
    guard let position else { return [.windows(after: nil)] }
    return [
      .payouts(after: position), .recipients(after: position), .routers(after: position),
      .windows(after: position.window),
    ]
  }
}

extension FindQuery {
  static func scheduled(
    _ range: ScheduledRange, endingBy instant: UnixMilliseconds?, limit: Int
  ) -> FindQuery {
    FindQuery(limit: limit, byWindow: true) { filter in
      filter.append("state", PayoutState.scheduled)
      range.write(to: filter, bound: instant.map(WindowID.textBound(endingBy:)))
    }
  }
}

extension ScheduledRange {
  // LIMIT: above every window; their texts begin with a digit.
  private static let everyWindow = "~"

  fileprivate func write(to filter: borrowing BSONDocument, bound: String?) {
    switch self {
    case .payouts(let position):
      filter.append("window_id", position.window)
      filter.append("request.router", position.router)
      filter.append("request.recipient", position.recipient)
      filter.append("_id", BSONOperator.above(position.payout))
    case .recipients(let position):
      filter.append("window_id", position.window)
      filter.append("request.router", position.router)
      filter.append("request.recipient", BSONOperator.above(position.recipient))
    case .routers(let position):
      filter.append("window_id", position.window)
      filter.append("request.router", BSONOperator.above(position.router))
    case .windows(let window):
      filter.append("window_id") { range in
        range.append("$gt", window?.text ?? "")
        range.append("$lt", bound ?? Self.everyWindow)
      }
    }
  }
}

extension PayoutRelease {
  var filter: BSONDocument {
    BSONDocument { filter in
      filter.append("_id", payout)
      filter.append("rev", rev)
      filter.append("transfer_id", transfer)
      filter.append("state", PayoutState.assigned)
    }
  }

  var update: BSONDocument {
    BSONDocument { update in
      update.append("$set") { $0.append("state", state) }
      update.append("$unset") { fields in
        fields.append("transfer_id", "")
        fields.append("withdrawn", "")
      }
      update.append("$inc") { increments in
        increments.append("rev", 1)
        increments.append("generation", 1)
      }
    }
  }
}
