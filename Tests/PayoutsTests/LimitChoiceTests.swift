import Testing
import Tron

@testable import Payouts

@Suite("Choosing what fits a limit")
struct LimitChoiceTests {
  private static let noon = UnixMilliseconds(1_790_000_000_000).floored(to: UTCDay.milliseconds)
    .advanced(seconds: 12 * 3_600)
  private static let id = CounterID(day: UTCDay(noon), router: .v0)

  private func payout(_ number: UInt64, at time: UnixMilliseconds = Self.noon) -> PayoutID {
    PayoutID(createdAt: time, high: 0, low: number)
  }

  /// Whole USDT, one demand each.
  private func demands(_ amounts: Int64...) -> [Demand] {
    amounts.enumerated().map { index, amount in
      Demand(
        request: index,
        amounts: [payout(UInt64(index)): USDTAmount(micro: amount * 1_000_000)])
    }
  }

  private func counter(day: Int64, hour: Int64) -> LimitCounter {
    LimitCounter(
      id: Self.id, hours: [12: hour * 1_000_000, 3: (day - hour) * 1_000_000])
  }

  private struct Case {
    var day: Int64?
    var hour: Int64?
    var used: (day: Int64, hour: Int64)
    var asked: [Int64]
    /// By request: nothing, or why not.
    var refused: [Int: String]
  }

  @Test("Requests are taken in order, each whole or not at all, as long as day and hour have room")
  func table() {
    let cases = [
      Case(day: 10, hour: 10, used: (0, 0), asked: [10], refused: [:]),
      Case(day: 10, hour: 10, used: (0, 0), asked: [11], refused: [0: "daily_limit"]),
      Case(day: 10, hour: 10, used: (1, 0), asked: [10], refused: [0: "daily_limit"]),
      Case(day: 10, hour: 5, used: (0, 0), asked: [6], refused: [0: "hourly_limit"]),
      Case(day: 10, hour: 5, used: (5, 0), asked: [5], refused: [:]),
      Case(
        day: 10, hour: nil, used: (0, 0), asked: [6, 6, 4, 1],
        refused: [1: "daily_limit", 3: "daily_limit"]),
      Case(day: nil, hour: 5, used: (900, 4), asked: [2, 1], refused: [0: "hourly_limit"]),
      Case(day: nil, hour: nil, used: (900, 4), asked: [9_999], refused: [:]),
    ]
    for one in cases {
      let demands = one.asked.enumerated().map { index, amount in
        Demand(
          request: index,
          amounts: [payout(UInt64(index)): USDTAmount(micro: amount * 1_000_000)])
      }
      let choice = ReservationChoice(
        demands, of: Self.id,
        limits: AmountLimits(
          daily: one.day.map { USDTAmount(micro: $0 * 1_000_000) },
          hourly: one.hour.map { USDTAmount(micro: $0 * 1_000_000) }),
        counter: counter(day: one.used.day, hour: one.used.hour), ended: [])
      #expect(choice.refusals.mapValues(\.reason) == one.refused, "\(one)")
      #expect(choice.granted.count == one.asked.count - one.refused.count)
    }
  }

  @Test("The write holds exactly where the choice said that there is room")
  func writeHolds() throws {
    let limits = AmountLimits(
      daily: USDTAmount(micro: 10_000_000), hourly: USDTAmount(micro: 6_000_000))
    let choice = ReservationChoice(
      demands(4, 2), of: Self.id, limits: limits, counter: nil, ended: [])
    let change = choice.change(Self.id, group: payout(0), at: Self.noon)
    #expect(counter(day: 5, hour: 0).applying(change) == nil, "the day is full")
    #expect(counter(day: 4, hour: 1).applying(change) == nil, "the hour is full")
    let after = try #require(counter(day: 4, hour: 0).applying(change))
    #expect(after.sum == 10_000_000 && after.hour(12) == 6_000_000 && after.hour(3) == 4_000_000)
    #expect(after.pending[payout(0)]?.amounts.count == 2)
    #expect(after.applying(change) == nil, "the same group is not counted twice")
  }

  @Test("What ended groups did not use is room for the next one, in the same write")
  func givesBack() throws {
    let limits = AmountLimits(daily: USDTAmount(micro: 10_000_000), hourly: nil)
    var before = counter(day: 10, hour: 10)
    let old = payout(77)
    before.pending[old] = PendingGroup(at: Self.noon, amounts: [old: USDTAmount(micro: 3_000_000)])
    let ended = [EndedGroup(id: old, unused: [12: 3_000_000], at: Self.noon)]
    let choice = ReservationChoice(
      demands(3), of: Self.id, limits: limits, counter: before, ended: ended)
    #expect(choice.refusals.isEmpty)
    let change = choice.change(Self.id, group: payout(0), at: Self.noon)
    let after = try #require(before.applying(change))
    #expect(after.sum == 10_000_000 && after.pending.keys.sorted() == [payout(0)])
    before.pending[old] = nil
    #expect(before.applying(change) == nil, "nothing is given back twice")
  }

  @Test("A refusal tells limit, use, request and when there is room again")
  func told() throws {
    let choice = ReservationChoice(
      demands(2), of: Self.id,
      limits: AmountLimits(
        daily: USDTAmount(micro: 100_000_000), hourly: USDTAmount(micro: 5_000_000)),
      counter: counter(day: 9, hour: 4), ended: [])
    let refusal = try #require(choice.refusals[0])
    #expect(refusal.availableAt == Self.noon.advanced(seconds: 3_600))
    #expect(refusal.secondsUntilAvailable(from: Self.noon.advanced(milliseconds: 1)) == 3_600)
    #expect(refusal.secondsUntilAvailable(from: Self.noon.advanced(seconds: 9_999)) == 1)
    #expect(refusal.refusal.code == .circuitBreakerOpen)
    #expect(refusal.refusal.message == "Amount exceeds hourly limit")
    let details = Dictionary(
      uniqueKeysWithValues: refusal.refusal.details.map { ($0.name, $0.value) })
    #expect(details["limit"] == .number("5.00") && details["used"] == .number("4.00"))
    #expect(details["requested"] == .number("2.00"))
    #expect(details["available_at"] == .string(refusal.availableAt.iso8601))
  }

  @Test("Whatever a store says is used, nothing overflows")
  func anyUse() {
    for sum in [Int64.max, .min, -1, 0] {
      var counter = LimitCounter(id: Self.id, hours: [12: sum])
      counter.sum = sum
      let choice = ReservationChoice(
        demands(1, 1), of: Self.id,
        limits: AmountLimits(
          daily: USDTAmount(micro: 1_000_000), hourly: USDTAmount(micro: .max)),
        counter: counter, ended: [])
      #expect(choice.granted.count + choice.refusals.count == 2)
    }
  }
}

@Suite("Days and names of counters")
struct CounterIDTests {
  @Test("A day begins at 00:00 UTC and has hours 0 to 23, over leap days and years")
  func days() throws {
    for (text, time, hour) in [
      ("2024-02-29", "2024-02-29T00:00:00.000Z", 0), ("2024-02-29", "2024-02-29T23:59:59.999Z", 23),
      ("2024-03-01", "2024-03-01T00:00:00.000Z", 0), ("2026-12-31", "2026-12-31T23:00:00.000Z", 23),
      ("2027-01-01", "2027-01-01T00:00:00.000Z", 0),
    ] {
      let instant = try #require(DateText(time)).start
      #expect(UTCDay(instant).text == text && UTCDay.hour(of: instant) == hour)
      #expect(UTCDay(text: text) == UTCDay(instant))
    }
    for text in ["2024-02-30", "2024-2-9", "today", "2024-02-29T00:00:00Z", ""] {
      #expect(UTCDay(text: text) == nil)
    }
  }

  @Test("A counter's name says day, router and tenant, and is read back")
  func names() throws {
    let day = try #require(UTCDay(text: "2026-11-24"))
    for tenant in [nil, "alice", "a b.$c", ""] {
      let id = CounterID(day: day, router: .kyc, tenant: tenant.map { TenantID($0) })
      #expect(CounterID(text: id.text) == id)
    }
    #expect(CounterID(day: day, router: .v0).text == "2026-11-24 PayoutRouterV0")
    for text in ["", "2026-11-24", "2026-11-24 Router", "x PayoutRouterV0"] {
      #expect(CounterID(text: text) == nil)
    }
  }
}
