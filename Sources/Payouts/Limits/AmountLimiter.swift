import Synchronization
import Tron

/// What was reserved for a group of requests, and which of them do not fit.
public struct Reservation: Sendable {
  /// Why requests are refused, by their place in the group.
  public internal(set) var refusals: [Int: LimitRefusal] = [:]
  /// When it was made.
  let at: UnixMilliseconds
  /// The group's name in every counter.
  let group: PayoutID
  /// What is pending where.
  var held: [CounterID: [PayoutID: USDTAmount]] = [:]

  // LIMIT: an insert that begins later than this after its reservation could end after the repair
  // took the group for given up (`LimitRepair.pendingAge`), so it does not begin.
  private static let validityMilliseconds: Int64 = 15_000

  /// Whether the payouts may still be inserted.
  public func isValid(at now: UnixMilliseconds) -> Bool {
    now.value - at.value < Self.validityMilliseconds
  }
}

/// Keeps what is admitted within the limits of UTC days and hours, over any number of copies.
///
/// A group of requests is counted by one conditional write of each counter that it touches, before its
/// payouts are inserted; that these came into the store is said by the next group's write. A copy
/// that dies in between leaves a group pending, which counts until ``LimitRepair`` has looked.
public final class AmountLimiter: Sendable {
  // LIMIT: writes that are tried before a client is told to come back. A write fails only when others
  // were faster, or a group that it ends was ended by the repair.
  private static let rounds = 24
  // LIMIT: groups of one counter that are known to have ended; more are left to the repair.
  private static let endedPerCounter = 256
  // LIMIT: how long the end of a group waits for another group's write to go with.
  private static let restMilliseconds: Int64 = 200

  /// The limits.
  public let policy: LimitPolicy
  private let counters: any CounterStore
  private let reservations: any ReservationStore
  private let clock: any WallClock
  private let ended = Mutex<[CounterID: [EndedGroup]]>([:])
  private let lastUsage = Mutex<[RouterType: LimitCounter]>([:])

  /// Collects the parts.
  public init(
    policy: LimitPolicy, counters: any CounterStore, reservations: any ReservationStore,
    clock: any WallClock
  ) {
    self.policy = policy
    self.counters = counters
    self.reservations = reservations
    self.clock = clock
  }

  /// Reserves for each request the amounts of all its payouts or of none. A failure means that
  /// nothing may be inserted.
  public func reserve(_ requests: [[Payout]]) async throws(StoreError) -> Reservation {
    guard !policy.isOff, let first = requests.first?.first else {
      return Reservation(at: clock.now(), group: PayoutID(""))
    }
    var reservation = Reservation(at: clock.now(), group: first.id)
    for isTenants in [true, false] {
      let demands = demands(of: requests, isTenants: isTenants, besides: reservation.refusals)
      for (counter, demands) in demands.sorted(by: { $0.key < $1.key }) {
        do {
          let (held, refusals) = try await reserve(demands, of: counter, for: reservation)
          reservation.held[counter] = held
          reservation.refusals.merge(refusals) { first, _ in first }
        } catch {
          await end(reservation, inserted: [])
          throw StoreError(code: error.code, effect: .none, message: error.message)
        }
      }
    }
    return reservation
  }

  private func demands(
    of requests: [[Payout]], isTenants: Bool, besides refused: [Int: LimitRefusal]
  ) -> [CounterID: [Demand]] {
    var demands: [CounterID: [Demand]] = [:]
    for (index, payouts) in requests.enumerated() where refused[index] == nil {
      var amounts: [CounterID: [PayoutID: USDTAmount]] = [:]
      for payout in payouts {
        for counter in policy.counters(of: payout) where (counter.tenant != nil) == isTenants {
          amounts[counter, default: [:]][payout.id] = payout.request.amount
        }
      }
      for (counter, amounts) in amounts {
        demands[counter, default: []].append(Demand(request: index, amounts: amounts))
      }
    }
    return demands
  }

  private func reserve(
    _ demands: [Demand], of id: CounterID, for reservation: Reservation
  ) async throws(StoreError) -> ([PayoutID: USDTAmount], [Int: LimitRefusal]) {
    var ending = takeEnded(id)
    var known: LimitCounter?
    do throws(StoreError) {
      for _ in 0..<Self.rounds {
        let choice = ReservationChoice(
          demands, of: id, limits: policy.limits(of: id), counter: known, ended: ending)
        if known == nil, !choice.refusals.isEmpty {
          known = try await counter(id)
          continue
        }
        guard !choice.granted.isEmpty else {
          putBack(ending, to: id)
          return ([:], choice.refusals)
        }
        let change = choice.change(id, group: reservation.group, at: reservation.at)
        if try await isApplied(change) {
          return (change.newGroups[reservation.group]?.amounts ?? [:], choice.refusals)
        }
        known = try await counter(id)
        if let ours = known?.pending[reservation.group] {
          return try earlierTry(ours, id, reservation, demands, choice.refusals)
        }
        ending = ending.filter { known?.pending[$0.id] != nil }
      }
    } catch {
      putBack(ending, to: id)
      throw error
    }
    putBack(ending, to: id)
    throw StoreError(
      code: .unavailable, effect: .none, message: "limits: others are always faster")
  }

  /// An earlier try of a call happened after all, with what it had granted.
  private func earlierTry(
    _ ours: PendingGroup, _ id: CounterID, _ reservation: Reservation, _ demands: [Demand],
    _ refusals: [Int: LimitRefusal]
  ) throws(StoreError) -> ([PayoutID: USDTAmount], [Int: LimitRefusal]) {
    let without = demands.filter { !$0.amounts.keys.allSatisfy { ours.amounts[$0] != nil } }
    let refused = refusals.filter { refusal in without.contains { $0.request == refusal.key } }
    guard refused.count == without.count else {
      // RACE: a later look found room that the earlier try had not: neither granted nor refused.
      putBack(
        [EndedGroup(id: reservation.group, unused: ours.byHour(), at: reservation.at)], to: id)
      throw StoreError(code: .unavailable, effect: .none, message: "limits: a late write")
    }
    return (ours.amounts, refused)
  }

  /// A write in doubt counts as not made: whoever looks will see it, or can repeat it.
  private func isApplied(_ change: CounterChange) async throws(StoreError) -> Bool {
    do {
      return try await counters.apply(change)
    } catch {
      guard error.effect == .inDoubt else { throw error }
      return false
    }
  }

  /// The counter as it is; opened, with what the payouts add up to, when there is none.
  private func counter(_ id: CounterID) async throws(StoreError) -> LimitCounter? {
    if let known = try await counters.counters([id]).first { return known }
    let hours = try await reservations.reserved(by: id, excluding: [])
    try await counters.open(LimitCounter(id: id, hours: hours))
    return try await counters.counters([id]).first
  }
}

// MARK: The end of groups

extension AmountLimiter {
  /// The group's payouts are in the store, those named, or never will be; the rest is given back.
  ///
  /// Not to be called while that is in doubt: the group then stays pending, and counts, until the
  /// repair has looked.
  public func end(_ reservation: Reservation, inserted: Set<PayoutID>) async {
    let now = clock.now()
    for (counter, amounts) in reservation.held where !amounts.isEmpty {
      let group = PendingGroup(at: reservation.at, amounts: amounts)
      let unused = group.byHour { !inserted.contains($0) }
      putBack([EndedGroup(id: reservation.group, unused: unused, at: now)], to: counter)
      guard !unused.isEmpty else { continue }
      do throws(StoreError) { try await flush(counter) } catch {
        // It is kept, and goes with the next write.
        continue
      }
    }
  }

  /// Ends the groups that no other write took along; call it a few times a second.
  public func flush() async throws(StoreError) {
    let before = clock.now().advanced(milliseconds: -Self.restMilliseconds)
    let due = ended.withLock { all in
      all.filter { $0.value.contains { $0.at <= before } }.map(\.key)
    }
    for counter in due.sorted() { try await flush(counter) }
  }

  private func flush(_ id: CounterID) async throws(StoreError) {
    var ending = takeEnded(id)
    do throws(StoreError) {
      for _ in 0..<Self.rounds where !ending.isEmpty {
        var change = CounterChange(id)
        change.presentGroups = ending.map(\.id)
        change.endedGroups = change.presentGroups
        for group in ending { change.added.merge(group.unused.mapValues { -$0 }) { $0 &+ $1 } }
        if try await isApplied(change) { return }
        let known = try await counters.counters([id]).first
        ending = ending.filter { known?.pending[$0.id] != nil }
      }
    } catch {
      putBack(ending, to: id)
      throw error
    }
    putBack(ending, to: id)
  }

  private func takeEnded(_ id: CounterID) -> [EndedGroup] {
    ended.withLock { $0.removeValue(forKey: id) ?? [] }
  }

  private func putBack(_ groups: [EndedGroup], to id: CounterID) {
    guard !groups.isEmpty else { return }
    ended.withLock { all in
      all[id] = Array(((all[id] ?? []) + groups).prefix(Self.endedPerCounter))
    }
  }
}

// MARK: What is used

extension AmountLimiter {
  /// The counters of all tenants of an instant's day, by router; a router without one has used
  /// nothing yet.
  public func usage(at now: UnixMilliseconds) async throws(StoreError) -> [RouterType: LimitCounter]
  {
    let ids = RouterType.allCases.map { CounterID(day: UTCDay(now), router: $0) }
      .filter { !policy.limits(of: $0).isOff }
    let known = try await counters.counters(ids)
    var usage = Dictionary(uniqueKeysWithValues: ids.map { ($0.router, LimitCounter(id: $0)) })
    for counter in known { usage[counter.id.router] = counter }
    lastUsage.withLock { $0 = usage }
    return usage
  }

  /// What a router may still admit in this UTC day, as was last read; `nil` without a limit, or when
  /// nothing was read yet.
  public func remainingToday(_ router: RouterType, at now: UnixMilliseconds) -> USDTAmount? {
    guard let daily = policy.routers[router]?.daily,
      let counter = lastUsage.withLock({ $0[router] })
    else { return nil }
    guard counter.id.day == UTCDay(now) else { return daily }
    return USDTAmount(micro: min(max(0, daily.micro &- counter.sum), daily.micro))
  }
}

extension PayoutStatistics {
  /// Takes the usage of a day and hour from the counters, if there is one of every router that was
  /// asked for.
  public mutating func count(_ usage: [RouterType: LimitCounter], of routers: [RouterType]) {
    let counters = routers.compactMap { usage[$0] }
    guard counters.count == routers.count else { return }
    let hour = UTCDay.hour(of: asOf)
    func sum(_ part: (LimitCounter) -> Int64) -> USDTAmount {
      USDTAmount(micro: max(0, counters.reduce(0) { $0 &+ part($1) }))
    }
    dailyUsage = sum(\.sum)
    hourlyUsage = sum { $0.hour(hour) }
  }
}
