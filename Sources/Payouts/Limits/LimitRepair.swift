import Tron

/// What a look at a counter found.
public struct LimitFinding: Hashable, Sendable {
  /// Which counter.
  public var counter: CounterID
  /// What each hour has more than the payouts add up to; nothing when they agree.
  public var differences: [Int: Int64] = [:]
  /// What the day has more than its hours add up to.
  public var sumDifference: Int64 = 0
  /// Hours that changed while they were looked at: nothing is known of them this time.
  public var unknownHours: [Int] = []
  /// Groups that were pending for long and are no more.
  public var groupsEnded = 0
  /// Groups that are pending.
  public var groupsPending = 0

  /// Whether counter and payouts do not agree.
  public var differs: Bool { !differences.isEmpty || sumDifference != 0 }

  /// What the day has too much; below zero, too little.
  public var total: Int64 { differences.values.reduce(0, &+) &+ sumDifference }
}

/// Compares counters with the payouts themselves, reports every difference and heals it; ends groups
/// whose creator died; lets counters forget releases that are long done.
///
/// A counter and its payouts are not read at one instant. So an hour is judged only when nothing of
/// it changed between two readings of the counter, one before the payouts and one after. Everybody
/// else changes counter and payouts alike; so what differs at one instant differs until it is
/// healed, and is healed by adding the difference, once: `repairs` lets only the first of several
/// repairers do it.
public struct LimitRepair: Sendable {
  // LIMIT: an insert ends at most 45 s after its reservation (15 s until it begins, 5 s of retries,
  // 23 s for the last of them).
  /// How long a group is pending before its payouts are looked for.
  public static let pendingAge = Duration.seconds(120)
  // LIMIT: a release takes milliseconds; later only a mark that is still there matters.
  private static let releasedAge = Duration.seconds(600)
  // LIMIT: counters read together.
  private static let pageSize = 100
  // LIMIT: payouts looked for together.
  private static let idsPerRead = 1000

  private let counters: any CounterStore
  private let reservations: any ReservationStore
  private let clock: any WallClock
  private let pendingAge: Duration
  private let isCounted: @Sendable (CounterID) -> Bool

  /// Collects the parts.
  ///
  /// - Parameter isCounted: Whether a counter still has limits; others are left alone.
  public init(
    counters: any CounterStore, reservations: any ReservationStore, clock: any WallClock,
    pendingAge: Duration = Self.pendingAge,
    isCounted: @escaping @Sendable (CounterID) -> Bool = { _ in true }
  ) {
    self.counters = counters
    self.reservations = reservations
    self.clock = clock
    self.pendingAge = pendingAge
    self.isCounted = isCounted
  }

  /// Looks at every counter of a range of days.
  ///
  /// - Parameter heals: Whether anything is written.
  public func run(
    from: UTCDay, through: UTCDay, heals: Bool
  ) async throws(StoreError) -> [LimitFinding] {
    var findings: [LimitFinding] = []
    var after: CounterID?
    while true {
      let page = try await counters.counters(
        from: from, through: through, after: after, limit: Self.pageSize)
      for counter in page where isCounted(counter.id) {
        if let finding = try await look(at: counter.id, heals: heals) { findings.append(finding) }
      }
      guard page.count == Self.pageSize, let last = page.last else { return findings }
      after = last.id
    }
  }

  /// Ends groups whose creator died and forgets releases that are long done, without reading the
  /// payouts that counters stand for; cheap.
  public func tidy(from: UTCDay, through: UTCDay) async throws(StoreError) -> [LimitFinding] {
    var findings: [LimitFinding] = []
    var after: CounterID?
    while true {
      let page = try await counters.counters(
        from: from, through: through, after: after, limit: Self.pageSize)
      for counter in page {
        var finding = LimitFinding(counter: counter.id)
        finding.groupsEnded = try await endOldGroups(of: counter)
        try await forgetReleases(of: counter)
        if finding.groupsEnded > 0 { findings.append(finding) }
      }
      guard page.count == Self.pageSize, let last = page.last else { return findings }
      after = last.id
    }
  }

  private func look(at id: CounterID, heals: Bool) async throws(StoreError) -> LimitFinding? {
    var ended = 0
    if heals {
      guard let counter = try await counters.counters([id]).first else { return nil }
      ended = try await endOldGroups(of: counter)
      try await forgetReleases(of: counter)
    }
    guard let before = try await counters.counters([id]).first else { return nil }
    let stored = try await reservations.reserved(by: id, excluding: before.separate)
    guard let after = try await counters.counters([id]).first else { return nil }
    var finding = LimitFinding(before: before, stored: stored, after: after)
    finding.groupsEnded = ended
    if heals, finding.differs { try await heal(finding, after) }
    return finding
  }

  private func heal(_ finding: LimitFinding, _ counter: LimitCounter) async throws(StoreError) {
    var change = CounterChange(counter.id)
    change.repairs = counter.repairs
    change.isRepair = true
    change.added = finding.differences.mapValues { 0 &- $0 }
    change.addedToSum = 0 &- finding.sumDifference
    _ = try await counters.apply(change)
  }

  /// Groups whose creator had time enough: what is in the store stays counted, the rest is given
  /// back. Payouts of a batch that is not decided yet are waited for.
  private func endOldGroups(of counter: LimitCounter) async throws(StoreError) -> Int {
    let oldest = clock.now().advanced(milliseconds: -pendingAge.milliseconds)
    var count = 0
    for (id, group) in counter.pending.sorted(by: { $0.key < $1.key }) where group.at <= oldest {
      let found = try await reservations.payouts(group.amounts.keys.sorted())
      guard found.allSatisfy(\.state.isAdmitted) else { continue }
      let present = Set(found.map(\.id))
      var change = CounterChange(counter.id)
      change.presentGroups = [id]
      change.endedGroups = [id]
      change.added = group.byHour { !present.contains($0) }.mapValues { 0 &- $0 }
      if try await counters.apply(change) { count += 1 }
    }
    return count
  }

  /// Lets the counter forget payouts whose mark is gone.
  private func forgetReleases(of counter: LimitCounter) async throws(StoreError) {
    let oldest = clock.now().advanced(milliseconds: -Self.releasedAge.milliseconds)
    var known = counter
    // Page by page, until nothing is due.
    while true {
      let old = known.released.filter { $0.value <= oldest }.map(\.key).sorted()
        .prefix(Self.idsPerRead)
      guard !old.isEmpty else { return }
      let marked = try await reservations.dueForRelease(among: Array(old), limit: old.count)
      let unmarked = Set(old).subtracting(marked.map(\.id))
      guard !unmarked.isEmpty else { return }
      var change = CounterChange(known.id)
      change.prunes = known.prunes
      change.forgotten = unmarked.sorted()
      guard try await counters.apply(change), let changed = known.applying(change) else { return }
      known = changed
    }
  }
}

extension LimitCounter {
  /// Payouts that the counter itself knows about: pending, or given back.
  fileprivate var separate: [PayoutID] {
    Set(pending.values.flatMap(\.amounts.keys)).union(released.keys).sorted()
  }

  /// What must be counted in an hour for what is pending.
  fileprivate func pendingMicro(_ hour: Int) -> Int64 {
    pending.values.reduce(0) { $0 &+ ($1.byHour { released[$0] == nil }[hour] ?? 0) }
  }

  /// Everything of an hour that makes it comparable with the payouts.
  fileprivate func isSame(_ hour: Int, as other: LimitCounter) -> Bool {
    func groups(_ counter: LimitCounter) -> [PayoutID: PendingGroup] {
      counter.pending.filter { $0.value.byHour()[hour] != nil }
    }
    return self.hour(hour) == other.hour(hour) && repairs == other.repairs
      && prunes == other.prunes && released.keys == other.released.keys
      && groups(self) == groups(other)
  }
}

extension LimitFinding {
  /// - Parameters:
  ///   - stored: What the payouts add up to, without those that the counter itself knows about; read
  ///     between the two readings of the counter.
  init(before: LimitCounter, stored: [Int: Int64], after: LimitCounter) {
    counter = after.id
    groupsPending = after.pending.count
    for hour in 0..<24 {
      guard before.isSame(hour, as: after) else {
        unknownHours.append(hour)
        continue
      }
      let expected = (stored[hour] ?? 0) &+ before.pendingMicro(hour)
      let difference = after.hour(hour) &- expected
      if difference != 0 { differences[hour] = difference }
    }
    sumDifference = after.sum &- after.hours.values.reduce(0, &+)
  }
}
