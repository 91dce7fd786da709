import Synchronization
import Testing
import Tron

@testable import Payouts

@Suite("Adding up payouts")
struct StatisticsTests {
  private static let hour = HourSum.milliseconds

  /// Payouts of one scope, and what was asked about them.
  private final class Hours: HourSumStore, WallClock {
    struct State {
      var payouts: [(createdAt: Int64, group: PayoutSums.Group, micro: Int64)] = []
      var kept: [UnixMilliseconds: HourSum] = [:]
      var asked: [Range<Int64>] = []
      var time: Int64 = 0
      var millisecondsPerCall: Int64 = 0
      /// More payouts than this in one call are too many.
      var payoutsPerCall = Int.max
    }
    let state = Mutex(State())

    func now() -> UnixMilliseconds { UnixMilliseconds(state.withLock { $0.time }) }

    func sums(
      of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
    ) async throws(StoreError) -> [HourSum] {
      let (payouts, limit) = state.withLock { state in
        state.asked.append(from.value..<until.value)
        state.time += state.millisecondsPerCall
        let found = state.payouts.filter { (from.value..<until.value).contains($0.createdAt) }
        return (found, state.payoutsPerCall)
      }
      guard payouts.count <= limit else {
        throw StoreError(code: .tooSlow, effect: .none, message: "too long")
      }
      var hours: [Int64: PayoutSums] = [:]
      for payout in payouts {
        try hours[payout.createdAt / hour * hour, default: PayoutSums()].add(
          PayoutSums.Sum(count: 1, amount: USDTAmount(micro: payout.micro)), to: payout.group)
      }
      return hours.map { HourSum(hour: UnixMilliseconds($0), sums: $1) }
    }

    func keptSums(
      of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
    ) async throws(StoreError) -> [HourSum] {
      state.withLock { $0.kept.values.filter { from <= $0.hour && $0.hour < until } }
    }

    func keep(_ sums: [HourSum], of scope: PayoutScope) async throws(StoreError) {
      state.withLock { state in for sum in sums { state.kept[sum.hour] = sum } }
    }

    func takeAsked() -> [Range<Int64>] {
      state.withLock { state in
        defer { state.asked = [] }
        return state.asked
      }
    }
  }

  private static func sum(_ count: Int64, _ micro: Int64) -> PayoutSums.Sum {
    PayoutSums.Sum(count: count, amount: USDTAmount(micro: micro))
  }

  @Test("Hours that are settled for good are added up once, others each time")
  func keeping() async throws {
    let store = Hours()
    let now = 1000 * 24 * Self.hour + 600_000  // 00:10 of a day
    let recent = now / Self.hour * Self.hour
    store.state.withLock { state in
      state.time = now
      // Settled, five hours ago; waiting, eight hours ago.
      state.payouts = [
        (recent - 5 * Self.hour, PayoutSums.Group(.v0, .paid), 1),
        (recent - 8 * Self.hour, PayoutSums.Group(.v0, .assigned), 1),
      ]
    }
    let reader = StatisticsReader(store: store, clock: store)
    let first = try #require(
      try await reader.sums(of: .all, period: .day, now: UnixMilliseconds(now)))
    // All whole hours but the open one and the one that ended ten minutes ago.
    let kept = Set(store.state.withLock { $0.kept.keys.map(\.value) })
    #expect(
      kept
        == Set((1...23).map { recent - $0 * Self.hour }).subtracting([
          recent - 8 * Self.hour, recent - Self.hour,
        ]))
    _ = store.takeAsked()
    let second = try await reader.sums(of: .all, period: .day, now: UnixMilliseconds(now))
    #expect(second == first)
    #expect(
      Set(store.takeAsked()) == [
        recent - 8 * Self.hour..<recent - 7 * Self.hour, recent - Self.hour..<recent,
        recent..<now + 1, now - 24 * Self.hour..<recent - 23 * Self.hour,
      ])
    #expect(try first.period.total { _ in true } == Self.sum(2, 2))
    // It settles, and from then on its hour is kept as well.
    store.state.withLock { $0.payouts[1].group = PayoutSums.Group(.v0, .failed) }
    let third = try await reader.sums(of: .all, period: .day, now: UnixMilliseconds(now))
    #expect(third?.period.groups[PayoutSums.Group(.v0, .failed)] == Self.sum(1, 1))
    #expect(store.state.withLock { $0.kept.count } == 22)
  }

  @Test("Hours that are too much at once for the store are added up by halves", arguments: 0...1)
  func halves(excess: Int) async throws {
    let store = Hours()
    let now = 2000 * 24 * Self.hour
    store.state.withLock { state in
      state.time = now
      state.payoutsPerCall = 10 - excess
      state.payouts = (1...60).map { number in
        (now - Int64(3 + number % 6) * Self.hour, PayoutSums.Group(.v0, .paid), 1)
      }
    }
    let reader = StatisticsReader(store: store, clock: store)
    do throws(StoreError) {
      let sums = try await reader.sums(of: .all, period: .day, now: UnixMilliseconds(now))
      #expect(try sums?.period.total { _ in true } == Self.sum(60, 60))
      #expect(excess == 0)
    } catch {
      // One hour alone is too much: the failure says so.
      #expect(error.code == .tooSlow)
      #expect(excess == 1)
    }
  }

  @Test("Runs of hours are bounded, and a request that takes too long goes on with the next one")
  func budget() async throws {
    let store = Hours()
    let now = 2000 * 24 * Self.hour
    store.state.withLock { state in
      state.time = now
      state.millisecondsPerCall = 4_000
      state.payouts = [(now - 10 * Self.hour, PayoutSums.Group(.kyc, .paid), 5)]
    }
    let reader = StatisticsReader(store: store, clock: store)
    var unfinished = 0
    while unfinished < 60 {
      let sums = try await reader.sums(of: .all, period: .month, now: UnixMilliseconds(now))
      guard let sums else {
        unfinished += 1
        continue
      }
      #expect(try sums.period.total { _ in true } == Self.sum(1, 5))
      break
    }
    // Thirty days, three runs of at most six hours in each request.
    #expect((39...40).contains(unfinished))
    let runs = store.takeAsked()
    #expect(runs.allSatisfy { $0.count <= 6 * Int(Self.hour) })
  }

  @Test(
    "Every instant is in its period, day and hour, whatever time it is",
    arguments: StatisticsPeriod.allCases)
  func spans(period: StatisticsPeriod) async throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<40 {
      let store = Hours()
      let whole = Bool.random(using: &random)
      let now =
        Int64.random(in: 10_000..<20_000, using: &random) * Self.hour
        + (whole ? 0 : .random(in: 0..<Self.hour, using: &random))
      let edges = [
        0, 1, now % Self.hour, now % Self.hour + 1, now % (24 * Self.hour),
        now % (24 * Self.hour) + 1, period.milliseconds, period.milliseconds + 1,
      ]
      let ages = edges + (0..<20).map { _ in .random(in: 0..<period.milliseconds * 3 / 2) }
      store.state.withLock { state in
        state.time = now
        state.payouts = ages.map { (now - $0, PayoutSums.Group(.v0, .paid), 1) }
      }
      let reader = StatisticsReader(store: store, clock: store)
      for _ in 0..<2 {
        let sums = try #require(
          try await reader.sums(of: .all, period: period, now: UnixMilliseconds(now)))
        let count = { (sums: PayoutSums) in try sums.total { _ in true }.count }
        #expect(
          try count(sums.period) == Int64(ages.filter { $0 <= period.milliseconds }.count),
          "\(now)")
        #expect(
          try count(sums.day) == Int64(ages.filter { $0 <= now % (24 * Self.hour) }.count), "\(now)"
        )
        #expect(
          try count(sums.hour) == Int64(ages.filter { $0 <= now % Self.hour }.count), "\(now)")
      }
    }
  }

  @Test(
    "Rates are in percent with two decimals, half up",
    arguments: [
      (1, 1, "100"), (0, 3, "0"), (1, 2, "50"), (1, 3, "33.33"), (2, 3, "66.67"),
      (985, 1000, "98.5"), (1, 800, "0.13"), (1, 1000, "0.1"), (1, 2000, "0.05"),
      (1, 20_000, "0.01"), (1, 20_001, "0"), (.max, .max, "100"),
    ] as [(Int64, Int64, String)])
  func rates(part: Int64, whole: Int64, text: String) {
    #expect(Hundredths(percent: part, of: whole)?.decimalText == text)
  }

  @Test("Of nothing there is no rate")
  func noRate() { #expect(Hundredths(percent: 0, of: 0) == nil) }

  @Test(
    "The average is to the cent, half up",
    arguments: [
      (3, 10_000_000, "3.33"), (3, 20_000_000, "6.67"), (2, 10_000, "0.01"),
      (150, 1_250_750_000, "8.34"), (1, .max / 10_000 * 10_000, "9223372036854.77"),
      (1, 0, "0.00"),
    ] as [(Int64, Int64, String)])
  func averages(count: Int64, micro: Int64, text: String) throws {
    let sums = PeriodSums(
      period: PayoutSums([PayoutSums.Group(.v0, .paid): Self.sum(count, micro)]),
      day: PayoutSums(), hour: PayoutSums(), asOf: UnixMilliseconds(0))
    #expect(try PayoutStatistics(sums, router: nil).averageAmount?.decimalText == text)
    #expect(try PayoutStatistics(sums, router: .kyc).averageAmount == nil)
  }

  @Test("A sum that does not fit is an error, never a wrong sum")
  func overflow() throws {
    var sums = PayoutSums([PayoutSums.Group(.v0, .paid): Self.sum(1, .max)])
    #expect(throws: StoreError.self) {
      try sums.add(Self.sum(1, 1), to: PayoutSums.Group(.v0, .paid))
    }
    try sums.add(Self.sum(1, 1), to: PayoutSums.Group(.v0, .failed))
    #expect(throws: StoreError.self) { try sums.total { _ in true } }
    #expect(throws: StoreError.self) {
      try PayoutStatistics(
        PeriodSums(period: sums, day: sums, hour: sums, asOf: UnixMilliseconds(0)), router: nil)
    }
  }
}
