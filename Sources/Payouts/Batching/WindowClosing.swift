import Synchronization
import Tron

/// Closes windows: once a window is over, its payouts become transfers, several of one recipient and
/// router together.
///
/// Closing is no event and leaves no mark: a payout that is `scheduled` in a window which is over is
/// due, whoever looks, whenever. So it may be done twice, late, or by several copies, and a payout
/// that comes late is found like any other.
public final class WindowClosing: Sendable {
  // LIMIT: payouts that are read, and held in memory, at once. More than one bulk, because a sorted
  // look-up costs the development server as much as everything that is left.
  static let pageSize = 4 * NettingPolicy.pageSize
  // LIMIT: pages of one turn that lead to transfers; the next turn goes on. Payouts that are due at
  // once have turns of their own.
  static let pagesPerTurn = 2
  // LIMIT: pages of one turn, those of payouts that are held for want of a KYC record included.
  static let pagesReadPerTurn = 10

  private let context: BatcherContext
  private let facts: any FactStore
  private let calendar: WindowCalendar
  private let netting: NettingPolicy
  private let duty: ClosingDuty
  private let formation: TransferFormation
  /// Where the next page begins; `nil` at the beginning. What was taken is no longer scheduled, so it
  /// only moves past payouts that were held back, and stays there from turn to turn: however many
  /// they are, those behind them have their turn.
  private let place = Mutex<ScheduledPosition?>(nil)

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
    for _ in 0..<Self.pagesReadPerTurn where formed < Self.pagesPerTurn {
      let page = try await context.windows.scheduled(
        endingBy: over, after: place.withLock { $0 }, limit: Self.pageSize)
      let isLast = page.count < Self.pageSize
      let (allowed, held) = try await context.kyc.parted(page)
      var groups = netting.groups(allowed)
      // The last group may go on behind the page. One that is the whole page is as large as it gets.
      var next = page.count
      if !isLast, let last = groups.last, last.last?.id == page.last?.id,
        let start = page.firstIndex(where: { $0.id == last.first?.id }), start > 0
      {
        groups.removeLast()
        next = start
      }
      count += try await form(groups)
      formed += groups.isEmpty ? 0 : 1
      if isLast {
        place.withLock { $0 = nil }
        break
      }
      if !held.isEmpty, next > 0 {
        let passed = ScheduledPosition(page[next - 1])
        place.withLock { $0 = passed }
      }
    }
    return count
  }

  /// Forms the transfers of groups, a bulk at a time; answers how many payouts they have.
  private func form(_ groups: [[Payout]]) async throws -> Int {
    var bulk: [[Payout]] = []
    var size = 0
    var count = 0
    for group in groups {
      if size + group.count > NettingPolicy.pageSize {
        try await formation.complete(new: try await formation.assign(bulk))
        bulk = []
        size = 0
      }
      bulk.append(group)
      size += group.count
      count += group.count
    }
    if !bulk.isEmpty { try await formation.complete(new: try await formation.assign(bulk)) }
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
