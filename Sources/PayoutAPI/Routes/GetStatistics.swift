import Hummingbird
import Payouts
import Tron

/// `GET /stats`.
struct GetStatistics: Sendable {
  private struct Key: Hashable {
    var scope: PayoutScope
    var period: StatisticsPeriod
  }

  private let reader: StatisticsReader
  private let breaker: BreakerView
  private let limits: AmountLimiter?
  // LIMIT: statistics of this many tenants and periods are added up at once; the store's blocking
  // threads are for payouts first.
  // LIMIT: further ones wait in line, so many callers for so long.
  private let shared = SharedComputation<Key, PeriodSums?>(
    maximumUnderWay: 2, maximumWaiting: 64
  ) {
    // A wait that is cancelled is a short one.
    do { try await Task.sleep(for: .seconds(5)) } catch {}
  }

  init(
    store: any HourSumStore, breaker: BreakerView, limits: AmountLimiter?, clock: any WallClock
  ) {
    self.breaker = breaker
    self.limits = limits
    reader = StatisticsReader(store: store, clock: clock)
  }

  /// Answers for the payouts that the caller may see. Simultaneous calls are answered together, as
  /// of the first one.
  func respond(to request: Request, call: Call) async throws -> Response {
    let caller = try call.authenticated()
    do {
      try caller.checkMayReadStatistics()
      let query = try StatisticsQuery(request.uri.query)
      let key = Key(scope: caller.scope, period: query.period)
      let sums = try await shared.value(key) { () throws(StoreError) in
        try await reader.sums(of: key.scope, period: key.period, now: call.receivedAt)
      }
      guard let sums else { throw Self.unfinished }
      var statistics = try PayoutStatistics(sums, router: query.router)
      if let limits, key.scope == .all {
        let usage = try await limits.usage(at: statistics.asOf)
        statistics.count(usage, of: query.router.map { [$0] } ?? RouterType.allCases)
      }
      return StatisticsAnswer.response(
        statistics, query: query, breaker: try await breaker.current().state)
    } catch let refusal as Refusal {
      throw APIError(refusal)
    } catch let error as StoreError {
      throw APIError(error)
    }
  }

  private static let unfinished = APIError.unavailable(
    "store", reason: "overloaded",
    message: "There is more to add up than one request may; repeat it to go on")
}
