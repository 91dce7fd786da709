import Tron

/// Closes windows: once a window is over, its payouts become transfers, several of one recipient and
/// router together.
///
/// Closing is no event and leaves no mark: a payout that is `scheduled` in a window which is over is
/// due, whoever looks, whenever. So it may be done twice, late, or by several copies, and a payout
/// that comes late is found like any other.
public struct WindowClosing: Sendable {
  // LIMIT: pages of one turn that lead to transfers; the next turn goes on. Payouts that are due at
  // once have turns of their own.
  private static let pagesPerTurn = 8
  // LIMIT: pages of one turn, those of payouts that are held for want of a KYC record included.
  private static let pagesReadPerTurn = 200

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
    var formed = 0
    // What was taken is no longer scheduled, so the next page begins where the first one did, unless
    // some were held back there.
    var after: ScheduledPosition?
    for _ in 0..<Self.pagesReadPerTurn where formed < Self.pagesPerTurn {
      let page = try await context.windows.scheduled(
        endingBy: over, after: after, limit: NettingPolicy.pageSize)
      let isLast = page.count < NettingPolicy.pageSize
      let (allowed, held) = try await context.kyc.parted(page)
      var groups = netting.groups(allowed)
      if !held.isEmpty {
        after = page.last.flatMap(ScheduledPosition.init)
      } else if !isLast, groups.count > 1 {
        // The last group may go on behind the page.
        groups.removeLast()
      }
      if !groups.isEmpty {
        try await formation.complete(new: try await formation.assign(groups))
        count += groups.reduce(0) { $0 + $1.count }
        formed += 1
      }
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
