import Metrics
import Payouts
import Service
import Synchronization
import Tron

/// What the API counts. Series are made once and kept, so that counting takes no lookup by text.
final class APIMetrics: Sendable {
  private struct Answered: Hashable {
    var method: String
    var route: String
    var status: Int
  }

  private struct Series: Sendable {
    var requests: Counter
    var duration: Metrics.Timer
  }

  /// How many payouts went into one store commit.
  let groupSize = MetricNames.admissionGroup.recorder()
  /// Accepted payouts whose announcement was left to the sweeper.
  let announcementsLeft = MetricNames.announcementsLeft.counter()

  /// Requests that this copy counted alone.
  let rateLimitFallbacks = MetricNames.rateLimitFallbacks.counter()

  /// Entries that reached the audit log.
  let auditEntries = MetricNames.auditEntries.counter()
  /// Entries that did not, because the store was away for too long.
  let auditEntriesDropped = MetricNames.auditEntriesDropped.counter()

  private let inFlight = MetricNames.httpInFlight.gauge()
  private let series = Mutex<[Answered: Series]>([:])
  private let accepted = Dictionary(
    uniqueKeysWithValues: Priority.allCases.map {
      ($0, MetricNames.payoutsAccepted.counter(("priority", $0.rawValue)))
    })
  private let refused = Dictionary(
    uniqueKeysWithValues: ErrorCode.allCases.map {
      ($0, MetricNames.payoutsRefused.counter(("code", $0.text)))
    })
  private let amount = Dictionary(
    uniqueKeysWithValues: RouterType.allCases.map {
      ($0, MetricNames.payoutAmount.counter(("router_type", $0.rawValue)))
    })
  private let outcomes = Mutex<[String: Counter]>([:])

  /// How a request to create a payout ended.
  enum Creation: String {
    case success, replayed, refused, failed
  }

  /// A request came.
  func began() { inFlight.increment() }

  /// A request was answered.
  func answered(method: String, route: String, status: Int, duration: Duration) {
    inFlight.decrement()
    let key = Answered(method: method, route: route, status: status)
    let series = self.series.withLock { all in
      if let known = all[key] { return known }
      let made = Series(
        requests: MetricNames.httpRequests.counter(
          ("method", method), ("route", route), ("status", String(status))),
        duration: MetricNames.httpDuration.timer(("method", method), ("route", route)))
      all[key] = made
      return made
    }
    series.requests.increment()
    series.duration.record(duration)
  }

  /// A payout was admitted.
  func created(_ payout: Payout) {
    accepted[payout.request.priority]?.increment()
    // The exposition is in USDT, as specified.
    amount[payout.request.router]?.increment(by: payout.request.amount.micro)
    ended(.success, router: payout.request.router)
  }

  /// The first answer was given again.
  func replayed(router: RouterType) { ended(.replayed, router: router) }

  /// A request to create a payout was not granted.
  func notCreated(_ code: ErrorCode, router: RouterType?) {
    refused[code]?.increment()
    ended(code.status >= 500 ? .failed : .refused, router: router)
  }

  private func ended(_ outcome: Creation, router: RouterType?) {
    let router = router?.rawValue ?? "unknown"
    let counter = outcomes.withLock { all in
      let key = "\(outcome.rawValue) \(router)"
      if let known = all[key] { return known }
      let made = MetricNames.paymentRequests.counter(
        ("router_type", router), ("status", outcome.rawValue))
      all[key] = made
      return made
    }
    counter.increment()
  }
}
