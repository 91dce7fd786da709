import Tron

/// Names a counter: a UTC day of a router, or of one tenant's payouts through a router.
public struct CounterID: Hashable, Comparable, Sendable {
  /// The day.
  public var day: UTCDay
  /// The router.
  public var router: RouterType
  /// The tenant; `nil` counts all of them together.
  public var tenant: TenantID?

  /// Collects the parts.
  public init(day: UTCDay, router: RouterType, tenant: TenantID? = nil) {
    self.day = day
    self.router = router
    self.tenant = tenant
  }

  /// `2025-10-12 PayoutRouterV0`, and the tenant after another space. Days sort by time, so a range
  /// of days is a range of texts.
  public var text: String {
    "\(day.text) \(router.rawValue)" + (tenant.map { " \($0.text)" } ?? "")
  }

  /// Reads what `text` wrote.
  public init?(text: String) {
    let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, let day = UTCDay(text: String(parts[0])),
      let router = RouterType(rawValue: String(parts[1]))
    else { return nil }
    self.init(
      day: day, router: router, tenant: parts.count == 3 ? TenantID(String(parts[2])) : nil)
  }

  /// By day, then by router and tenant.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// Payouts that were counted before they were inserted, until it is known which of them were.
public struct PendingGroup: Hashable, Sendable {
  /// When they were counted.
  public var at: UnixMilliseconds
  /// Each payout's amount; its hour is in its id.
  public var amounts: [PayoutID: USDTAmount]

  /// Collects the parts.
  public init(at: UnixMilliseconds, amounts: [PayoutID: USDTAmount]) {
    self.at = at
    self.amounts = amounts
  }

  /// What these payouts add to each hour.
  func byHour(where passes: (PayoutID) -> Bool = { _ in true }) -> [Int: Int64] {
    var hours: [Int: Int64] = [:]
    for (id, amount) in amounts where passes(id) {
      hours[UTCDay.hour(of: id), default: 0] += amount.micro
    }
    return hours
  }
}

/// What is reserved of a UTC day and of each of its hours: one document, so that both are checked and
/// counted by one conditional write.
///
/// Counted is what every payout of the counter asked for that was admitted and has not ended unpaid, by
/// the day and hour of its `created_at`, and everything that is pending, until it is known. What was
/// counted for a payout that ended unpaid is given back once; `released` remembers whose was.
public struct LimitCounter: Hashable, Sendable {
  /// Which.
  public var id: CounterID
  /// Micro-USDT of the day; the sum of the hours.
  public var sum: Int64
  /// Micro-USDT of each hour that has any.
  public var hours: [Int: Int64]
  /// Groups that are not known to be in the store, by the id of their first payout.
  public var pending: [PayoutID: PendingGroup]
  /// Payouts whose amount was given back lately, and when.
  public var released: [PayoutID: UnixMilliseconds]
  /// How often `released` was thinned out: who saw an older number may not give anything back.
  public var prunes: Int64
  /// How often a difference was healed: who measured before may not heal again.
  public var repairs: Int64
  /// Counts the writes.
  public var rev: Int64

  /// A counter as it is opened.
  public init(id: CounterID, hours: [Int: Int64] = [:]) {
    self.id = id
    self.sum = hours.values.reduce(0, &+)
    self.hours = hours
    pending = [:]
    released = [:]
    prunes = 0
    repairs = 0
    rev = 1
  }

  /// What an hour has.
  public func hour(_ hour: Int) -> Int64 { hours[hour] ?? 0 }
}

/// One write of one counter, with its conditions: either all of it happens or nothing.
///
/// Every change can be recognised in the document that it made, so one in doubt is simply looked at.
public struct CounterChange: Hashable, Sendable {
  /// Which counter.
  public var counter: CounterID

  // Conditions.
  /// The day's sum may be at most this.
  public var sumAtMost: Int64?
  /// These hours may have at most this.
  public var hoursAtMost: [Int: Int64] = [:]
  /// This group is not pending.
  public var absentGroup: PayoutID?
  /// These groups are.
  public var presentGroups: [PayoutID] = []
  /// Nothing was given back for these.
  public var notReleased: [PayoutID] = []
  /// `prunes` is still this.
  public var prunes: Int64?
  /// `repairs` is still this.
  public var repairs: Int64?

  // Effects.
  /// Added to hours; their sum is added to the day.
  public var added: [Int: Int64] = [:]
  /// Added to the day alone, to make it the sum of its hours again.
  public var addedToSum: Int64 = 0
  /// Become pending; one at most.
  public var newGroups: [PayoutID: PendingGroup] = [:]
  /// Are pending no more.
  public var endedGroups: [PayoutID] = []
  /// Remembered as given back.
  public var released: [PayoutID: UnixMilliseconds] = [:]
  /// Forgotten as given back; makes `prunes` grow.
  public var forgotten: [PayoutID] = []
  /// Makes `repairs` grow.
  public var isRepair = false

  /// A change of nothing.
  public init(_ counter: CounterID) { self.counter = counter }

  /// What the day gains.
  public var addedSum: Int64 { added.values.reduce(0, &+) &+ addedToSum }
}

extension LimitCounter {
  /// The counter after a change; `nil` when a condition does not hold. What a store does in one
  /// conditional write, said as a function.
  public func applying(_ change: CounterChange) -> LimitCounter? {
    guard change.counter == id, change.sumAtMost.map({ sum <= $0 }) ?? true,
      change.hoursAtMost.allSatisfy({ hour($0.key) <= $0.value }),
      change.absentGroup.map({ pending[$0] == nil }) ?? true,
      change.presentGroups.allSatisfy({ pending[$0] != nil }),
      change.notReleased.allSatisfy({ released[$0] == nil }),
      change.prunes.map({ prunes == $0 }) ?? true,
      change.repairs.map({ repairs == $0 }) ?? true
    else { return nil }
    var new = self
    for (hour, amount) in change.added { new.hours[hour] = new.hour(hour) &+ amount }
    new.sum &+= change.addedSum
    for group in change.endedGroups { new.pending[group] = nil }
    new.pending.merge(change.newGroups) { $1 }
    new.released.merge(change.released) { $1 }
    for payout in change.forgotten { new.released[payout] = nil }
    if !change.forgotten.isEmpty { new.prunes &+= 1 }
    if change.isRepair { new.repairs &+= 1 }
    new.rev &+= 1
    return new
  }
}

extension UTCDay {
  /// The hour of its day that a payout counts in; 0 for an id that is not one of ours.
  static func hour(of id: PayoutID) -> Int { id.createdAt.map(hour(of:)) ?? 0 }
}
