import Testing
import Tron

@testable import Payouts

@Suite("Comparing a counter with its payouts")
struct LimitFindingTests {
  private static let day = UTCDay(UnixMilliseconds(1_790_000_000_000))
  private static let id = CounterID(day: day, router: .v0)

  private func payout(_ hour: Int64, _ number: UInt64 = 1) -> PayoutID {
    PayoutID(createdAt: Self.day.start.advanced(seconds: hour * 3_600), high: 0, low: number)
  }

  private func group(_ hour: Int64, _ micro: Int64, _ number: UInt64 = 1) -> PendingGroup {
    PendingGroup(
      at: Self.day.start, amounts: [payout(hour, number): USDTAmount(micro: micro)])
  }

  @Test("They agree when hours are what is stored and what is pending")
  func agree() {
    var counter = LimitCounter(id: Self.id, hours: [1: 30, 2: 12])
    counter.pending[payout(2)] = group(2, 5)
    let finding = LimitFinding(before: counter, stored: [1: 30, 2: 7], after: counter)
    #expect(!finding.differs && finding.unknownHours.isEmpty && finding.groupsPending == 1)
  }

  @Test("What was given back of a pending group is expected no more")
  func released() {
    var counter = LimitCounter(id: Self.id, hours: [1: 30])
    counter.pending[payout(1)] = group(1, 5)
    counter.released[payout(1)] = Self.day.start
    #expect(!LimitFinding(before: counter, stored: [1: 30], after: counter).differs)
  }

  @Test("Too much and too little are told by hour, and a day that is not the sum of its hours")
  func differences() {
    var counter = LimitCounter(id: Self.id, hours: [1: 30, 2: 12])
    counter.sum = 50
    let finding = LimitFinding(before: counter, stored: [1: 31, 3: 4], after: counter)
    #expect(finding.differences == [1: -1, 2: 12, 3: -4] && finding.sumDifference == 8)
    #expect(finding.differs && finding.total == 15)
  }

  @Test("An hour that changed while it was looked at is not judged; the others are")
  func changed() {
    let before = LimitCounter(id: Self.id, hours: [1: 30, 2: 12])
    for change in [
      { (counter: inout LimitCounter) in counter.hours[2] = 13 },
      { counter in counter.pending[payout(2)] = group(2, 5) },
    ] {
      var after = before
      change(&after)
      after.sum = after.hours.values.reduce(0, +)
      let finding = LimitFinding(before: before, stored: [1: 29, 2: 99], after: after)
      #expect(finding.unknownHours == [2] && finding.differences == [1: 1])
    }
    var after = before
    after.released[payout(5)] = Self.day.start
    let finding = LimitFinding(before: before, stored: [:], after: after)
    #expect(finding.unknownHours == Array(0..<24) && !finding.differs)
  }
}
