import Payouts
import Tron

extension MongoStore: PayoutListStore {
  /// Ids first, from the indexes alone, then the documents of one page; everything in one call.
  public func page(_ request: PayoutPageRequest) async throws(StoreError) -> PayoutPage {
    try await run { client throws(StoreError) in
      let payouts = client.collection(.payouts)
      let ids = try payouts.ids(of: request)
      // RACE: a payout may have moved on since its id was read, so what is read now is looked at
      // again before it is shown.
      let found: [Payout] = try payouts.find("_id", among: ids.ids)
      let count = try request.countBound.map { bound throws(StoreError) in
        try payouts.count(request.filter, bound: bound)
      }
      return ids.page(of: found, filter: request.filter, count: count)
    }
  }
}

extension Collection {
  /// The ids of a page; each part of the list is one query, bounded by the page.
  fileprivate func ids(of request: PayoutPageRequest) throws(StoreError) -> PayoutPageIDs {
    let filter = request.filter
    let range = PayoutIDRange(from: filter.from, until: filter.until, before: request.before)
    var parts: [[PayoutID]] = []
    for part in PayoutListPart.parts(of: filter) {
      let records: [PayoutIDRecord] = try find(.newest(part, range, limit: request.reach))
      parts.append(records.map(\.id))
    }
    return PayoutPageIDs(merging: parts, for: request)
  }

  /// Counts index entries, and stops one behind the bound.
  fileprivate func count(_ filter: PayoutFilter, bound: Int) throws(StoreError) -> PayoutCount {
    let range = PayoutIDRange(from: filter.from, until: filter.until)
    let hidden = try count(PayoutListPart.hidden(in: filter), range, limit: bound + 1)
    let all = try count(PayoutListPart.parts(of: filter), range, limit: bound + 1 + hidden)
    return PayoutCount(counted: max(0, all - hidden), bound: bound)
  }

  private func count(
    _ parts: [PayoutListPart], _ range: PayoutIDRange, limit: Int
  ) throws(StoreError) -> Int {
    var counted = 0
    for part in parts where counted < limit {
      counted += try count(part, range, limit: limit - counted)
    }
    return counted
  }

  private func count(
    _ part: PayoutListPart, _ range: PayoutIDRange, limit: Int
  ) throws(StoreError) -> Int {
    let counts = try aggregate(PayoutPipelines.count(part, range, limit: limit)) {
      reader throws(BSONFault) in try reader.value("count", as: Int.self)
    }
    return counts.first ?? 0
  }
}
