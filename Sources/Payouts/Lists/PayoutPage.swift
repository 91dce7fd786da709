import Tron

/// Which page of which list.
public struct PayoutPageRequest: Hashable, Sendable {
  /// Of which payouts.
  public var filter: PayoutFilter
  /// Only those with lower ids, that is older ones; `nil` from the newest on.
  public var before: PayoutID?
  /// How many to leave out in front.
  public var offset: Int
  /// How many to read.
  public var limit: Int
  /// How far to count; `nil` when no count is wanted.
  public var countBound: Int?

  /// Collects the parts.
  public init(
    filter: PayoutFilter, before: PayoutID? = nil, offset: Int = 0, limit: Int,
    countBound: Int? = nil
  ) {
    self.filter = filter
    self.before = before
    self.offset = offset
    self.limit = limit
    self.countBound = countBound
  }

  /// How many ids of each part of the list decide about the page and whether more follow.
  public var reach: Int { offset + limit + 1 }
}

/// How many payouts a filter lets through.
public struct PayoutCount: Hashable, Sendable {
  /// The number, or the bound if there are more.
  public var total: Int
  /// Whether all were counted.
  public var isExact: Bool

  /// Collects the parts.
  public init(total: Int, isExact: Bool) {
    self.total = total
    self.isExact = isExact
  }

  /// What counting found that went on to one more than the bound.
  public init(counted: Int, bound: Int) {
    self.init(total: min(counted, bound), isExact: counted <= bound)
  }
}

/// A page of a list.
public struct PayoutPage: Hashable, Sendable {
  /// Newest first. Fewer than asked for when some moved on while the page was read.
  public var payouts: [Payout]
  /// The last id of the page, whether its payout still belongs to the list or not.
  public var last: PayoutID?
  /// Whether older ones follow.
  public var hasMore: Bool
  /// How many there are in all, if it was asked.
  public var count: PayoutCount?

  /// Collects the parts.
  public init(payouts: [Payout], last: PayoutID?, hasMore: Bool, count: PayoutCount? = nil) {
    self.payouts = payouts
    self.last = last
    self.hasMore = hasMore
    self.count = count
  }
}

/// The ids of a page, from ids that were read state by state and router by router.
public struct PayoutPageIDs: Hashable, Sendable {
  /// Newest first.
  public var ids: [PayoutID]
  /// Whether older ones follow.
  public var hasMore: Bool

  /// Merges the parts of a list, each complete down to `request.reach` ids.
  ///
  /// RACE: a payout moves on while the parts are read one after the other. They are read in the
  /// order of life, so it is found at least once; found twice, it counts once.
  public init(merging parts: [[PayoutID]], for request: PayoutPageRequest) {
    let newestFirst = Set(parts.joined()).sorted(by: >).prefix(request.reach)
    ids = Array(newestFirst.dropFirst(request.offset).prefix(request.limit))
    hasMore = newestFirst.count == request.reach
  }

  /// The page, of the documents of its ids as they are now; those that no longer match are left
  /// out.
  public func page(
    of found: [Payout], filter: PayoutFilter, count: PayoutCount?
  ) -> PayoutPage {
    PayoutPage(
      payouts: found.filter(filter.matches).sorted { $0.id > $1.id }, last: ids.last,
      hasMore: hasMore, count: count)
  }
}
