import Tron

/// What one request asks of one counter: its payouts are counted together or not at all.
struct Demand: Hashable {
  /// Which of the caller's requests.
  var request: Int
  /// Its payouts and their amounts.
  var amounts: [PayoutID: USDTAmount]
}

/// A group that is known to have ended: what of it did not come into the store is given back.
struct EndedGroup: Hashable {
  /// Its name.
  var id: PayoutID
  /// Micro-USDT to give back, by hour.
  var unused: [Int: Int64]
  /// Since when this is known.
  var at: UnixMilliseconds
}

/// Chooses, in order, which demands fit a counter, and makes the write that reserves them. Pure.
struct ReservationChoice {
  /// Those that fit.
  private(set) var granted: [Demand] = []
  /// Those that do not, by request.
  private(set) var refusals: [Int: LimitRefusal] = [:]
  private var hours: [Int: Int64] = [:]
  private let limits: AmountLimits
  private let ended: [EndedGroup]

  /// - Parameters:
  ///   - counter: As it was last read; `nil` to let the write find out whether everything fits.
  ///   - ended: Is given back by the same write.
  init(
    _ demands: [Demand], of id: CounterID, limits: AmountLimits, counter: LimitCounter?,
    ended: [EndedGroup]
  ) {
    self.limits = limits
    self.ended = ended
    let back = Self.unused(ended)
    let usedHours = (counter?.hours ?? [:]).merging(back) { $0 &- $1 }
    let usedSum = (counter?.sum ?? 0) &- back.values.reduce(0, &+)
    var sum: Int64 = 0
    for demand in demands {
      let asked = PendingGroup(at: UnixMilliseconds(0), amounts: demand.amounts).byHour()
      let total = asked.values.reduce(0, &+)
      let refusal = Self.refusal(
        asked, total, of: id, limits: limits, sum: usedSum &+ sum,
        hours: usedHours.merging(hours) { $0 &+ $1 })
      if let refusal {
        refusals[demand.request] = refusal
      } else {
        granted.append(demand)
        sum &+= total
        hours.merge(asked) { $0 &+ $1 }
      }
    }
  }

  private static func unused(_ ended: [EndedGroup]) -> [Int: Int64] {
    ended.reduce(into: [:]) { all, group in all.merge(group.unused) { $0 &+ $1 } }
  }

  private static func refusal(
    _ asked: [Int: Int64], _ total: Int64, of id: CounterID, limits: AmountLimits, sum: Int64,
    hours: [Int: Int64]
  ) -> LimitRefusal? {
    // Never `used + asked`: what a store says may be anything.
    if let daily = limits.daily, sum > daily.micro &- total {
      return LimitRefusal(
        isDaily: true, isTenants: id.tenant != nil, limit: daily,
        used: USDTAmount(micro: sum), requested: USDTAmount(micro: total), availableAt: id.day.end)
    }
    guard let hourly = limits.hourly else { return nil }
    for (hour, amount) in asked.sorted(by: { $0.key < $1.key }) {
      let used = hours[hour] ?? 0
      guard used > hourly.micro &- amount else { continue }
      return LimitRefusal(
        isDaily: false, isTenants: id.tenant != nil, limit: hourly,
        used: USDTAmount(micro: used), requested: USDTAmount(micro: amount),
        availableAt: id.day.start.advanced(
          milliseconds: Int64(hour + 1) * HourSum.milliseconds))
    }
    return nil
  }

  /// The write that reserves what was granted, if there still is room for it, as the group `group`.
  func change(_ counter: CounterID, group: PayoutID, at: UnixMilliseconds) -> CounterChange {
    let back = Self.unused(ended)
    let backSum = back.values.reduce(0, &+)
    let total = hours.values.reduce(0, &+)
    var change = CounterChange(counter)
    change.sumAtMost = limits.daily.map { $0.micro &- total &+ backSum }
    if let hourly = limits.hourly {
      change.hoursAtMost = Dictionary(
        uniqueKeysWithValues: hours.map { ($0, hourly.micro &- $1 &+ (back[$0] ?? 0)) })
    }
    change.absentGroup = group
    change.presentGroups = ended.map(\.id)
    change.endedGroups = ended.map(\.id)
    change.added = hours.merging(back.mapValues { -$0 }) { $0 &+ $1 }
    let amounts = granted.reduce(into: [:]) { $0.merge($1.amounts) { first, _ in first } }
    change.newGroups = [group: PendingGroup(at: at, amounts: amounts)]
    return change
  }
}
