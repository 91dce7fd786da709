import Tron

/// Announces again what the store says is accepted and no Batcher took: the message was never
/// appended, or the broker lost it.
///
/// Remembers nothing of single payouts. Each is announced again whenever its age passes one of the
/// marks 10 s, 20 s, 40 s … 640 s and then every 10 minutes; so what lingers is announced ever more
/// seldom, and a restart announces everything that lingers once.
public actor RequestedSweeper {
  // LIMIT: bounds one call; a longer backlog goes on in the next call.
  private static let pagesPerSweep = 10
  private static let pageSize = 1_000

  private let store: any PayoutStore
  private let log: any LogAppender
  private let clock: any WallClock
  private let observer: any StageObserver

  /// A walk over all accepted payouts, over as many calls as it takes.
  private struct Pass {
    var began: UnixMilliseconds
    var after: PayoutID?
  }
  private var pass: Pass?
  /// When the last completed pass began; `nil` after a start.
  private var previous: UnixMilliseconds?

  /// Collects the parts.
  public init(
    store: any PayoutStore, log: any LogAppender, clock: any WallClock,
    observer: any StageObserver
  ) {
    self.store = store
    self.log = log
    self.clock = clock
    self.observer = observer
  }

  /// Looks once; call it every few seconds. Answers how many were announced. When store or log
  /// fail, the pass begins anew with the next call.
  @discardableResult
  public func sweep() async throws -> Int {
    var pass = self.pass ?? Pass(began: clock.now())
    self.pass = nil
    var count = 0
    for _ in 0..<Self.pagesPerSweep {
      let page = try await store.payouts(
        in: .accepted,
        createdBefore: pass.began.advanced(milliseconds: -ReannouncementMarks.first + 1),
        after: pass.after, limit: Self.pageSize)
      count += try await announce(page, pass: pass)
      guard page.count == Self.pageSize, let last = page.last else {
        previous = pass.began
        return count
      }
      pass.after = last.id
    }
    self.pass = pass
    return count
  }

  private func announce(_ page: [Payout], pass: Pass) async throws(LogError) -> Int {
    let due = page.filter {
      ReannouncementMarks.passed(created: $0.createdAt, since: previous, until: pass.began)
    }
    guard !due.isEmpty else { return 0 }
    try await log.append(due.map { LogMessages.requested($0) })
    observer.observe(.swept(stage: "ingest", what: "payouts.requested", count: due.count))
    return due.count
  }
}

/// The ages at which an accepted payout is announced again.
enum ReannouncementMarks {
  /// The first mark; older than this means that the first announcement is overdue.
  static let first: Int64 = 10_000
  private static let doublings = 6
  private static let interval: Int64 = 600_000

  /// Whether a mark lies between the two instants; all instants before `until` when `since` is nil.
  static func passed(
    created: UnixMilliseconds, since: UnixMilliseconds?, until: UnixMilliseconds
  ) -> Bool {
    let now = count(age: until.value - created.value)
    guard let since else { return now > 0 }
    return now > count(age: since.value - created.value)
  }

  /// How many marks an age has passed.
  static func count(age: Int64) -> Int64 {
    var mark = first
    var count: Int64 = 0
    for _ in 0...doublings {
      guard age >= mark else { return count }
      count += 1
      mark *= 2
    }
    return count + (age - mark / 2) / interval
  }
}
