import Tron

/// Adds up payouts over a period that ends now.
///
/// An hour is added up from the payouts themselves. When all of it is settled for good it is kept,
/// and never added up again; so the cost does not grow with history. Nothing is ever incremented:
/// keeping a sum twice, by any number of copies, keeps the same.
public struct StatisticsReader: Sendable {
  // LIMIT: an hour is kept only this long after its end. A payout gets its time before it is
  // inserted; clocks of copies, retries and pauses stay far below this. Should one be inserted later
  // still, into an hour that somebody has asked for and whose payouts had all ended, the kept sum
  // lacks it: statistics only. `hour_sums` may be emptied at any time.
  static let settling: Int64 = HourSum.milliseconds
  // LIMIT: hours added up in one call to the store, which has a few seconds for it; what a call
  // yields is kept before the next.
  static let hoursPerCall: Int64 = 6
  // LIMIT: time that one request may take. What it has added up is kept, so the next gets further.
  static let budgetMilliseconds: Int64 = 10_000

  private let store: any HourSumStore
  private let clock: any WallClock

  /// Collects the parts.
  public init(store: any HourSumStore, clock: any WallClock) {
    self.store = store
    self.clock = clock
  }

  /// The sums of a period that ends at `now`, of its day and of its hour; `nil` when there is too
  /// much to add up in one request.
  public func sums(
    of scope: PayoutScope, period: StatisticsPeriod, now: UnixMilliseconds
  ) async throws(StoreError) -> PeriodSums? {
    let span = StatisticsSpan(period: period, now: now)
    var hours = try await store.keptSums(of: scope, from: span.firstHour, until: span.thisHour)
    let known = Set(hours.map(\.hour))
    let deadline = clock.now().advanced(milliseconds: Self.budgetMilliseconds)
    for run in span.missing(besides: known) {
      guard clock.now() < deadline else { return nil }
      hours += try await halved(run, of: scope, now: now)
    }
    let current = try await store.sums(of: scope, from: span.thisHour, until: span.end)
    hours += current
    var sums = PeriodSums(
      period: PayoutSums(), day: PayoutSums(), hour: PayoutSums(), asOf: now)
    for hour in hours {
      if hour.hour >= span.firstWholeHour { try sums.period.add(hour.sums) }
      if hour.hour >= span.day { try sums.day.add(hour.sums) }
      if hour.hour >= span.thisHour { try sums.hour.add(hour.sums) }
    }
    for part in try await store.sums(of: scope, from: span.start, until: span.firstWholeHour) {
      try sums.period.add(part.sums)
    }
    return sums
  }

  /// Adds up a run of whole hours, or its halves when the store says that it is too much at once;
  /// what fails then is an hour that alone is too much.
  private func halved(
    _ run: Range<UnixMilliseconds>, of scope: PayoutScope, now: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum] {
    do {
      return try await added(run, of: scope, now: now)
    } catch {
      let hours = run.hours
      guard error.code == .tooSlow, hours.count > 1 else { throw error }
      let middle = hours[hours.count / 2]
      return try await halved(run.lowerBound..<middle, of: scope, now: now)
        + halved(middle..<run.upperBound, of: scope, now: now)
    }
  }

  /// Adds up a run of whole hours, and keeps those that will never change.
  private func added(
    _ run: Range<UnixMilliseconds>, of scope: PayoutScope, now: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum] {
    let found = try await store.sums(of: scope, from: run.lowerBound, until: run.upperBound)
    let byHour = Dictionary(
      found.map { ($0.hour, $0.sums) }, uniquingKeysWith: { first, _ in first })
    let all = run.hours.map { HourSum(hour: $0, sums: byHour[$0] ?? PayoutSums()) }
    let settled = all.filter { hour in
      let end = hour.hour.advanced(milliseconds: HourSum.milliseconds)
      return hour.sums.isFinal && end.advanced(milliseconds: Self.settling) <= now
    }
    if !settled.isEmpty { try await store.keep(settled, of: scope) }
    return all
  }
}

/// Where a period and its hours lie on the time line.
struct StatisticsSpan: Hashable {
  /// The period's first millisecond.
  let start: UnixMilliseconds
  /// The first whole hour of the period; what lies before it is part of an hour.
  let firstWholeHour: UnixMilliseconds
  /// The first whole hour that anything is asked of.
  let firstHour: UnixMilliseconds
  /// The day that now lies in.
  let day: UnixMilliseconds
  /// The hour that now lies in.
  let thisHour: UnixMilliseconds
  /// The first millisecond after now.
  let end: UnixMilliseconds

  init(period: StatisticsPeriod, now: UnixMilliseconds) {
    let hour = HourSum.milliseconds
    start = now.advanced(milliseconds: -period.milliseconds)
    firstWholeHour = start.advanced(milliseconds: hour - 1).floored(to: hour)
    day = now.floored(to: 24 * hour)
    firstHour = min(firstWholeHour, day)
    thisHour = now.floored(to: hour)
    end = now.advanced(milliseconds: 1)
  }

  /// The whole hours that are not known, in runs of bounded length.
  func missing(besides known: Set<UnixMilliseconds>) -> [Range<UnixMilliseconds>] {
    var runs: [Range<UnixMilliseconds>] = []
    for hour in (firstHour..<max(firstHour, thisHour)).hours where !known.contains(hour) {
      let next = hour.advanced(milliseconds: HourSum.milliseconds)
      if let last = runs.last, last.upperBound == hour,
        last.upperBound.value - last.lowerBound.value
          < StatisticsReader.hoursPerCall * HourSum.milliseconds
      {
        runs[runs.count - 1] = last.lowerBound..<next
      } else {
        runs.append(hour..<next)
      }
    }
    return runs
  }
}

extension Range<UnixMilliseconds> {
  /// The hours that begin in it, if it begins with an hour.
  fileprivate var hours: [UnixMilliseconds] {
    stride(from: lowerBound.value, to: upperBound.value, by: Int64.Stride(HourSum.milliseconds))
      .map { UnixMilliseconds($0) }
  }
}
