import Payouts
import Synchronization
import Testing
import Tron

@testable import MongoStore

@Suite struct HourSumTests {
  private final class Clock: WallClock {
    let time = Mutex(newYear)
    func now() -> UnixMilliseconds { time.withLock { $0 } }
  }

  private func added(_ payouts: [Payout]) throws -> PayoutSums {
    var sums = PayoutSums()
    for payout in payouts {
      try sums.add(
        PayoutSums.Sum(count: 1, amount: payout.request.amount),
        to: PayoutSums.Group(payout.request.router, payout.state))
    }
    return sums
  }

  private func matching(
    _ payouts: [Payout], _ scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) -> [Payout] {
    payouts.filter { payout in
      (scope == .all || scope == .tenant(payout.tenant))
        && from <= payout.createdAt && payout.createdAt < until
    }
  }

  @Test func `hours are added up by router and state, exactly within their range`() async throws {
    try await withDatabase { store in
      let hour = HourSum.milliseconds
      let from = newYear.advanced(milliseconds: -3 * hour)
      let edges = try [-1, 0, hour - 1, hour, 3 * hour - 1, 3 * hour].map {
        try timedPayout(from.advanced(milliseconds: $0), micro: 9_999_990_000)
      }
      let all = try randomPayouts(300, within: 5 * hour) + edges
      _ = try await store.insert(all)
      for scope in [.all, .tenant(TenantID("alice")), .tenant(TenantID("x"))] as [PayoutScope] {
        let sums = try await store.sums(of: scope, from: from, until: newYear)
        #expect(Set(sums.map(\.hour)).count == sums.count)
        for number in 0..<3 as Range<Int64> {
          let start = from.advanced(milliseconds: number * hour)
          let expected = try added(
            matching(all, scope, from: start, until: start.advanced(milliseconds: hour)))
          #expect((sums.first { $0.hour == start }?.sums ?? PayoutSums()) == expected)
        }
        #expect(scope == .tenant(TenantID("x")) ? sums.isEmpty : sums.count == 3)
      }
      #expect(try await store.sums(of: .all, from: newYear, until: newYear).isEmpty)
    }
  }

  @Test func `kept sums come back for their scope and hours, and keeping twice keeps the same`()
    async throws
  {
    try await withDatabase { store in
      let scopes: [PayoutScope] = [
        .all, .tenant(TenantID("all")), .tenant(TenantID("a")), .tenant(TenantID("a:")),
        .tenant(TenantID("a~")), .tenant(TenantID("0")),
      ]
      let sum = { (hour: Int64, count: Int64) in
        HourSum(
          hour: UnixMilliseconds(hour * HourSum.milliseconds),
          sums: PayoutSums([
            PayoutSums.Group(.kyc, .failed): PayoutSums.Sum(
              count: count, amount: USDTAmount(micro: .max - count))
          ]))
      }
      let hours: [Int64] = [0, 9, 10, 99, 490_896, 490_897]
      for (number, scope) in scopes.enumerated() {
        let sums = hours.map { sum($0, Int64(number)) }
        try await store.keep(sums, of: scope)
        try await store.keep(sums + [HourSum(hour: sums[0].hour, sums: PayoutSums())], of: scope)
      }
      for (number, scope) in scopes.enumerated() {
        for (from, until) in [(0, 490_898), (9, 10), (10, 490_897), (11, 99), (5, 5)] {
          let kept = try await store.keptSums(
            of: scope, from: UnixMilliseconds(Int64(from) * HourSum.milliseconds),
            until: UnixMilliseconds(Int64(until) * HourSum.milliseconds))
          let expected = hours.filter { (from..<until).contains(Int($0)) }
          #expect(kept == expected.map { sum($0, Int64(number)) }, "\(scope) \(from) \(until)")
        }
      }
    }
  }

  @Test func `sums equal those of all payouts, also from kept hours and after payouts move on`()
    async throws
  {
    try await withDatabase { store in
      var all = try randomPayouts(200, within: 32 * 24 * HourSum.milliseconds)
      _ = try await store.insert(all)
      let clock = Clock()
      let reader = StatisticsReader(store: store, clock: clock)
      for step in 0..<3 as Range<Int64> {
        let now = newYear.advanced(milliseconds: step * (HourSum.milliseconds + 1_234_567))
        clock.time.withLock { $0 = now }
        for scope in [.all, .tenant(TenantID("al")), .tenant(TenantID("bob"))] as [PayoutScope] {
          for period in StatisticsPeriod.allCases {
            let sums = try #require(
              try await reader.sums(of: scope, period: period, now: now))
            #expect(sums.period == (try expected(all, scope, now, period.milliseconds)))
            #expect(sums.day == (try expected(all, scope, now, now.value % 86_400_000)))
            #expect(sums.hour == (try expected(all, scope, now, now.value % 3_600_000)))
          }
        }
        all = try await moveOn(all, in: store)
        let late = try timedPayout(now.advanced(milliseconds: 5), tenant: "bob", micro: 10_000)
        _ = try await store.insert([late])
        all.append(late)
      }
      let kept = try await store.keptSums(
        of: .all, from: UnixMilliseconds(0), until: clock.now())
      #expect(kept.count > 100)
      #expect(!kept.contains { !$0.sums.isFinal })
    }
  }

  private func expected(
    _ payouts: [Payout], _ scope: PayoutScope, _ now: UnixMilliseconds, _ milliseconds: Int64
  ) throws -> PayoutSums {
    try added(
      matching(
        payouts, scope, from: now.advanced(milliseconds: -milliseconds),
        until: now.advanced(milliseconds: 1)))
  }

  /// Settles a third of what waits, in the store and in the answer.
  private func moveOn(_ payouts: [Payout], in store: MongoStore) async throws -> [Payout] {
    let transfer = TransferID("t")
    let waiting = payouts.filter { [.accepted, .scheduled].contains($0.state) }
    let moving = waiting.shuffled().prefix(waiting.count / 3)
    try await store.assign(
      moving.map { PayoutAssignment(payout: $0.id, rev: $0.rev, transfer: transfer) })
    try await store.settle(
      moving.map {
        PayoutSettlement(payout: $0.id, transfer: transfer, outcome: .failed(sampleFailure()))
      })
    let settled = Set(moving.map(\.id))
    return payouts.map { payout in
      guard settled.contains(payout.id) else { return payout }
      var payout = payout
      payout.state = .failed
      return payout
    }
  }
}
