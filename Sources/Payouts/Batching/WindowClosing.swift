import Tron

/// Closes windows: once a window is over, its payouts become transfers, several of one recipient and
/// router together.
///
/// Closing is no event and leaves no mark: a payout that is `scheduled` in a window which is over is
/// due, whoever looks, whenever. So it may be done twice, late, or by several copies, and a payout
/// that comes late is found like any other.
public struct WindowClosing: Sendable {
  // LIMIT: pages of one turn; the next turn goes on. Payouts that are due at once have turns of
  // their own.
  private static let pagesPerTurn = 8

  private let context: BatcherContext
  private let facts: any FactStore
  private let calendar: WindowCalendar
  private let netting: NettingPolicy
  private let duty: ClosingDuty
  private let formation: TransferFormation

  /// Collects the parts.
  public init(
    _ context: BatcherContext, facts: any FactStore, calendar: WindowCalendar,
    netting: NettingPolicy, duty: ClosingDuty
  ) {
    self.context = context
    self.facts = facts
    self.calendar = calendar
    self.netting = netting
    self.duty = duty
    self.formation = TransferFormation(context: context)
  }

  /// Takes some pages of what is due; answers how many payouts there were. Call it every second.
  @discardableResult
  public func turn() async throws -> Int {
    guard duty.isOurs, let over = try await over() else { return 0 }
    var count = 0
    for _ in 0..<Self.pagesPerTurn {
      // What was taken is no longer scheduled, so the next page is always the first one.
      let page = try await context.windows.scheduled(
        endingBy: over, after: nil, limit: NettingPolicy.pageSize)
      let isLast = page.count < NettingPolicy.pageSize
      var groups = netting.groups(page)
      // The last group may go on behind the page.
      if !isLast, groups.count > 1 { groups.removeLast() }
      try await formation.complete(new: try await formation.assign(groups))
      count += groups.reduce(0) { $0 + $1.count }
      if isLast { break }
    }
    return count
  }

  /// Windows that end at or before this instant are over: by our clock, and by the clock that all
  /// copies share, the time of the chain's head. So a copy whose clock is ahead closes nothing early.
  private func over() async throws(StoreError) -> UnixMilliseconds? {
    guard let head = try await facts.chainHead() else { return nil }
    let ours = context.clock.now().advanced(milliseconds: -calendar.graceMilliseconds)
    return min(ours, head.latest.time)
  }
}
