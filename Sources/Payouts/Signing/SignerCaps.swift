import Synchronization
import Tron

/// What may still be planned for the first time in this UTC day and hour.
struct CapRoom: Hashable {
  /// Micro-USDT of the day; `nil` is no limit.
  var day: Int64?
  /// Micro-USDT of the hour; `nil` is no limit.
  var hour: Int64?

  func fits(_ amount: USDTAmount) -> Bool {
    (day.map { amount.micro <= $0 } ?? true) && (hour.map { amount.micro <= $0 } ?? true)
  }

  mutating func take(_ amount: USDTAmount) {
    day = day.map { $0 - amount.micro }
    hour = hour.map { $0 - amount.micro }
  }
}

/// The Signer's own caps of what it signs in a UTC day and hour, whatever admission let through.
///
/// Counted is each transfer once, when its first attempt is planned; what a transfer ends as does not
/// matter. The counters are shared by all Signers through the store. Each process also remembers what
/// it counted itself, so that a counter that is set back lets a running Signer plan no more than its
/// caps once again. A crash between counting and planning leaves one bulk counted that was not planned.
public final class SignerCaps: Sendable {
  private struct Own {
    var sum: Int64 = 0
    var hours: [Int: Int64] = [:]
  }

  private let limits: [RouterType: AmountLimits]
  private let counters: any CounterStore
  private let own = Mutex<[CounterID: Own]>([:])

  /// - Parameter limits: A router that is absent has no cap.
  public init(limits: [RouterType: AmountLimits], counters: any CounterStore) {
    self.limits = limits
    self.counters = counters
  }

  /// What is left; routers without caps are absent.
  func rooms(
    of routers: Set<RouterType>, at now: UnixMilliseconds
  ) async throws(StoreError) -> [RouterType: CapRoom] {
    let capped = routers.filter { !(limits[$0] ?? .off).isOff }
    let ids = capped.map { CounterID(day: UTCDay(now), router: $0) }
    let known = Dictionary(
      try await counters.counters(ids).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var rooms: [RouterType: CapRoom] = [:]
    for id in ids {
      let counter = known[id] ?? LimitCounter(id: id)
      let own = own.withLock { $0[id] ?? Own() }
      let limits = limits[id.router] ?? .off
      let hour = UTCDay.hour(of: now)
      rooms[id.router] = CapRoom(
        day: limits.daily.map { $0.micro &- max(counter.sum, own.sum) },
        hour: limits.hourly.map { $0.micro &- max(counter.hour(hour), own.hours[hour] ?? 0) })
    }
    return rooms
  }

  /// Counts amounts by router; `false`, and nothing is counted, when one does not fit any more.
  func claim(
    _ amounts: [RouterType: Int64], at now: UnixMilliseconds
  ) async throws(StoreError) -> Bool {
    var claimed: [RouterType: Int64] = [:]
    for (router, micro) in amounts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard try await claim(micro, of: router, at: now) else {
        await giveBack(claimed, at: now)
        return false
      }
      claimed[router] = micro
    }
    return true
  }

  private func claim(
    _ micro: Int64, of router: RouterType, at now: UnixMilliseconds
  ) async throws(StoreError) -> Bool {
    let limits = limits[router] ?? .off
    guard !limits.isOff, micro > 0 else { return true }
    let hour = UTCDay.hour(of: now)
    var change = CounterChange(CounterID(day: UTCDay(now), router: router))
    change.sumAtMost = limits.daily.map { $0.micro &- micro }
    if let hourly = limits.hourly { change.hoursAtMost = [hour: hourly.micro &- micro] }
    change.added = [hour: micro]
    if try await counters.apply(change) {
      remember(change)
      return true
    }
    guard try await counters.counters([change.counter]).isEmpty else { return false }
    try await counters.open(LimitCounter(id: change.counter))
    guard try await counters.apply(change) else { return false }
    remember(change)
    return true
  }

  /// Takes back what was counted and then not planned. A failure leaves it counted.
  func giveBack(_ amounts: [RouterType: Int64], at now: UnixMilliseconds) async {
    for (router, micro) in amounts where micro > 0 && !(limits[router] ?? .off).isOff {
      var change = CounterChange(CounterID(day: UTCDay(now), router: router))
      change.added = [UTCDay.hour(of: now): -micro]
      do throws(StoreError) {
        if try await counters.apply(change) { remember(change) }
      } catch {
        // Too much stays counted, which is the safe side.
        continue
      }
    }
  }

  private func remember(_ change: CounterChange) {
    own.withLock { own in
      own = own.filter { $0.key.day >= change.counter.day.advanced(days: -1) }
      var mine = own[change.counter] ?? Own()
      mine.sum &+= change.addedSum
      mine.hours.merge(change.added) { $0 &+ $1 }
      own[change.counter] = mine
    }
  }
}

extension Transfer {
  /// Whether the Signer's caps have not counted it yet: an attempt after the first pays the same
  /// amount instead of the first, never beside it.
  var isFirstPlan: Bool { nextAttempt == 1 && attempts.isEmpty }
}

extension [TransferChange] {
  /// What is planned here for the first time, by router.
  var firstPlans: [RouterType: Int64] {
    reduce(into: [:]) { sums, change in
      guard change.new.state == .planned, change.old.isFirstPlan else { return }
      let sum = sums[change.new.router] ?? 0
      sums[change.new.router] = sum &+ change.new.amount.micro
    }
  }
}
