import Tron

/// Gives back the amounts of payouts that ended unpaid, each exactly once.
///
/// Whoever writes that a payout failed or was cancelled marks it, in the same write, as due for its
/// release. Here the counter gives the amount back and remembers the payout in one write, and then the
/// mark is taken away. A crash in between leaves the mark, and the next look finds the payout
/// remembered. Before the counter forgets a payout, its mark is gone; and one who looked for marks
/// before that may not give back any more, because `prunes` has grown.
public struct LimitReleases: Sendable {
  // LIMIT: one page, and so one bulk.
  private static let pageSize = 200
  // LIMIT: bounds one call; a longer backlog goes on in the next.
  private static let pagesPerSweep = 20
  // LIMIT: a write fails only when another copy does the same.
  private static let rounds = 4

  private let counters: any CounterStore
  private let reservations: any ReservationStore
  private let clock: any WallClock

  /// Collects the parts.
  public init(
    counters: any CounterStore, reservations: any ReservationStore, clock: any WallClock
  ) {
    self.counters = counters
    self.reservations = reservations
    self.clock = clock
  }

  /// Looks once; call it every second. Answers how many payouts were dealt with.
  @discardableResult
  public func sweep() async throws(StoreError) -> Int {
    var count = 0
    for _ in 0..<Self.pagesPerSweep {
      let page = try await reservations.dueForRelease(among: nil, limit: Self.pageSize)
      guard !page.isEmpty else { return count }
      let isDone = try await release(page)
      count += page.count
      guard isDone, page.count == Self.pageSize else { return count }
    }
    return count
  }

  private func release(_ page: [Payout]) async throws(StoreError) -> Bool {
    var byCounter: [CounterID: [PayoutID]] = [:]
    for payout in page {
      let day = UTCDay(payout.createdAt)
      let router = payout.request.router
      // Whether tenants have limits is not asked: a counter that there is not, gives nothing back.
      for tenant in [nil, payout.tenant] {
        let id = CounterID(day: day, router: router, tenant: tenant)
        byCounter[id, default: []].append(payout.id)
      }
    }
    for (id, payouts) in byCounter.sorted(by: { $0.key < $1.key }) {
      guard try await release(payouts, of: id) else { return false }
    }
    try await reservations.releaseDone(page.map(\.id))
    return true
  }

  private func release(_ ids: [PayoutID], of counter: CounterID) async throws(StoreError) -> Bool {
    for _ in 0..<Self.rounds {
      // In this order: the counter, then the marks. See the type.
      guard let known = try await counters.counters([counter]).first else { return true }
      let due = try await reservations.dueForRelease(among: ids, limit: ids.count)
        .filter { known.released[$0.id] == nil }
      guard !due.isEmpty else { return true }
      var change = CounterChange(counter)
      change.prunes = known.prunes
      change.notReleased = due.map(\.id)
      for payout in due {
        change.added[UTCDay.hour(of: payout.id), default: 0] -= payout.request.amount.micro
        change.released[payout.id] = clock.now()
      }
      if try await counters.apply(change) { return true }
    }
    return false
  }
}
