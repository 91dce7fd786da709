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

/// What the Signer means to sign, or has signed: one transaction.
struct CappedSpend: Hashable {
  var txid: TransactionID
  var router: RouterType
  var amount: USDTAmount
}

/// The Signer's own caps of what it signs in a UTC day and hour, whatever the store says of a
/// transfer.
///
/// Counted is each transaction, by its id, once and before it is signed: the counter's write first, then
/// the entry in the ledger. What has no entry is not signed, in whatever state its transfer is found, so
/// somebody who can write transfers gets no more signatures than the caps allow. A further attempt of a
/// transfer counts again: only the chain can tell that the one before is dead, and the Signer
/// cannot see it. The counters are shared by all Signers through the store. Each process also
/// remembers what it counted itself, so that a counter that is set back lets a running Signer sign no
/// more than its caps once again. A crash between counting and planning leaves one bulk counted that was
/// not planned.
public final class SignerCaps: Sendable {
  private struct Own {
    var sum: Int64 = 0
    var hours: [Int: Int64] = [:]
  }

  // LIMIT: another Signer was faster between reading and counting; the bulk is repeated after this.
  private static let rounds = 8

  private let limits: [RouterType: AmountLimits]
  private let counters: any CounterStore
  private let ledger: any SignatureLedger
  private let own = Mutex<[CounterID: Own]>([:])

  /// - Parameter limits: A router that is absent has no cap.
  public init(
    limits: [RouterType: AmountLimits], counters: any CounterStore, ledger: any SignatureLedger
  ) {
    self.limits = limits
    self.counters = counters
    self.ledger = ledger
  }

  private func isCapped(_ router: RouterType) -> Bool { !(limits[router] ?? .off).isOff }

  /// What is left; routers without caps are absent.
  func rooms(
    of routers: Set<RouterType>, at now: UnixMilliseconds
  ) async throws(StoreError) -> [RouterType: CapRoom] {
    let ids = routers.filter(isCapped).map { CounterID(day: UTCDay(now), router: $0) }
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

  /// Makes changes that fit the caps, and counts the attempts that they plan.
  func plan(
    _ routers: Set<RouterType>, at now: UnixMilliseconds,
    _ changes: ([RouterType: CapRoom]) -> [TransferChange]
  ) async throws -> [TransferChange] {
    for _ in 0..<Self.rounds {
      let fitting = changes(try await rooms(of: routers, at: now))
      if try await claim(fitting.plannedSpends, at: now) { return fitting }
    }
    throw CapsContended()
  }

  /// Those of the planned transfers whose current attempt may be signed: it was counted before, or
  /// it fits and is counted now.
  func covered(_ planned: [Transfer], at now: UnixMilliseconds) async throws -> Set<TransferID> {
    let spends = planned.compactMap { transfer in
      transfer.plannedSpend.map { (id: transfer.id, spend: $0) }
    }
    for _ in 0..<Self.rounds {
      let capped = spends.map(\.spend).filter { isCapped($0.router) }
      let counted = try await ledger.counted(Set(capped.map(\.txid)))
      let isAllCounted = capped.allSatisfy { counted.contains($0.txid) }
      var rooms =
        isAllCounted ? [:] : try await rooms(of: Set(capped.map(\.router)), at: now)
      var covered: Set<TransferID> = []
      var new: [CappedSpend] = []
      for (id, spend) in spends {
        if isCapped(spend.router), !counted.contains(spend.txid) {
          guard rooms[spend.router]?.fits(spend.amount) == true else { continue }
          rooms[spend.router]?.take(spend.amount)
          new.append(spend)
        }
        covered.insert(id)
      }
      if try await claim(new, at: now) { return covered }
    }
    throw CapsContended()
  }

  /// Counts transactions and enters them into the ledger; `false`, and nothing is counted, when the
  /// amounts of a router do not fit any more.
  func claim(
    _ spends: [CappedSpend], at now: UnixMilliseconds
  ) async throws(StoreError) -> Bool {
    let capped = spends.filter { isCapped($0.router) }
    var claimed: [RouterType: Int64] = [:]
    for (router, micro) in capped.byRouter.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard try await claim(micro, of: router, at: now) else {
        await uncount(claimed, at: now)
        return false
      }
      claimed[router] = micro
    }
    guard !capped.isEmpty else { return true }
    let new: Set<TransactionID>
    do throws(StoreError) {
      new = try await ledger.enter(Set(capped.map(\.txid)), at: now)
    } catch {
      // In doubt it stays counted: the entries may be there, or come late.
      if error.effect == .none { await uncount(claimed, at: now) }
      throw error
    }
    // RACE: another Signer counted the same transaction: once is enough.
    await uncount(capped.filter { !new.contains($0.txid) }.byRouter, at: now)
    return true
  }

  private func claim(
    _ micro: Int64, of router: RouterType, at now: UnixMilliseconds
  ) async throws(StoreError) -> Bool {
    let limits = limits[router] ?? .off
    guard micro > 0 else { return true }
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

  /// Takes back what was counted and then, as far as is known, not planned: out of the ledger first,
  /// so that it is not signed without being counted again. A failure leaves it counted.
  func giveBack(_ spends: [CappedSpend], at now: UnixMilliseconds) async {
    let capped = spends.filter { isCapped($0.router) }
    guard !capped.isEmpty else { return }
    do throws(StoreError) {
      try await ledger.remove(Set(capped.map(\.txid)))
    } catch {
      // Too much stays counted, which is the safe side.
      return
    }
    await uncount(capped.byRouter, at: now)
  }

  private func uncount(_ amounts: [RouterType: Int64], at now: UnixMilliseconds) async {
    for (router, micro) in amounts where micro > 0 {
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
  /// What signing the current attempt would spend.
  var plannedSpend: CappedSpend? {
    current.map { CappedSpend(txid: $0.txid, router: router, amount: amount) }
  }
}

extension [TransferChange] {
  /// What is planned here, attempt by attempt.
  var plannedSpends: [CappedSpend] {
    compactMap { $0.new.state == .planned ? $0.new.plannedSpend : nil }
  }
}

extension [CappedSpend] {
  fileprivate var byRouter: [RouterType: Int64] {
    reduce(into: [:]) { sums, spend in
      sums[spend.router] = (sums[spend.router] ?? 0) &+ spend.amount.micro
    }
  }
}

/// Other Signers counted under the same caps, again and again; the batch is tried again later.
struct CapsContended: Error, CustomStringConvertible {
  var description: String { "other Signers are always faster to count under the caps" }
}
