import Tron

/// The Signer: stores an attempt, checks and signs the stored bytes, puts them into the journal
/// (rules S1 to S3). It never reads the journal, never arms and never sends.
public struct SignerStage: RecordProcessor {
  private let payouts: any PayoutStore
  private let transfers: any TransferStore
  private let facts: any FactStore
  private let log: any LogAppender
  private let clock: any WallClock
  private let observer: any StageObserver
  private let failpoints: any Failpoints
  private let wallets: [RouterType: any TransferSigner]
  private let planning: AttemptPlanning
  private let gate: any PlanningGate
  private let caps: SignerCaps?

  /// - Parameters:
  ///   - wallets: the key that pays for each router.
  ///   - gate: says what may be planned: the circuit breaker.
  ///   - caps: what is signed in a day and an hour at most; `nil` for any amount.
  public init(
    payouts: any PayoutStore, transfers: any TransferStore, facts: any FactStore,
    log: any LogAppender, clock: any WallClock, observer: any StageObserver,
    failpoints: any Failpoints, wallets: [RouterType: any TransferSigner], policy: SigningPolicy,
    gate: any PlanningGate, caps: SignerCaps? = nil
  ) {
    self.payouts = payouts
    self.transfers = transfers
    self.facts = facts
    self.log = log
    self.clock = clock
    self.observer = observer
    self.failpoints = failpoints
    self.wallets = wallets
    self.planning = AttemptPlanning(policy: policy)
    self.gate = gate
    self.caps = caps
  }

  /// Makes our wallets known: the Confirmer keeps their funds fresh, Ingest refuses them as
  /// recipients.
  public func registerWallets() async throws(StoreError) {
    for (address, signers) in Dictionary(grouping: wallets, by: \.value.address) {
      try await facts.register(
        wallet: address, routers: signers.map(\.key).sorted { $0.rawValue < $1.rawValue },
        at: clock.now())
    }
  }

  /// Nothing is planned without a fresh notion of the chain and of the wallets' funds.
  public func readiness() async -> String? {
    do throws(StoreError) {
      if let objection = try await gate.objection() { return objection }
      if let objection = planning.policy.objection(
        to: try await facts.chainHead(), now: clock.now())
      {
        return objection
      }
      let known = try await facts.wallets()
      let ours = Set(wallets.values.map(\.address))
      let unfunded = known.filter { ours.contains($0.address) && $0.funds == nil }
      return unfunded.isEmpty ? nil : "the Confirmer has not read the wallet's funds yet"
    } catch {
      return "store: \(error)"
    }
  }

  /// Takes the effect of every record; see ``RecordProcessor``.
  public func process(_ records: [IncomingRecord]) async throws {
    let decoded = DecodedRecords(records, LogMessages.hint)
    try await decoded.bury(in: log, telling: observer)
    let ids = Array(Set(decoded.messages)).sorted()
    guard !ids.isEmpty else { return }
    let found = try await transfers.transfers(ids)
    let waiting = found.filter { $0.state == .ready }
    let admitted = try await gate.admitted(waiting)
    try await advance(found.filter { $0.state != .ready || admitted.contains($0.id) })
    if waiting.contains(where: { !admitted.contains($0.id) }) { throw PlanningSuspended() }
  }

  /// Plans what is ready, signs what is planned, puts the plans into the journal.
  private func advance(_ found: [Transfer]) async throws {
    let open = found.filter { $0.state == .ready || $0.state == .planned }
    guard !open.isEmpty else { return }
    let members = Dictionary(
      grouping: try await payouts.members(of: open.map(\.id)),
      by: { $0.transferID ?? TransferID("") })
    let found = try await covered(open.filter { $0.state == .planned })
    let planned = try await plan(open.filter { $0.state == .ready }, members)
    let plans = (found + planned).compactMap {
      signedPlan($0, members[$0.id] ?? [])
    }
    failpoints.reach(.signerAfterSign)
    guard !plans.isEmpty else { return }
    try await log.append(
      plans.map {
        LogMessages.journal(
          .plan($0.plan), partition: $0.transfer.partition, trace: $0.transfer.trace)
      })
    failpoints.reach(.signerAfterJournal)
    observer.observe(.planned(plans.map(\.transfer)))
  }

  /// S1 for a bulk: answers those that this call stored an attempt of.
  private func plan(
    _ ready: [Transfer], _ members: [TransferID: [Payout]]
  ) async throws -> [Transfer] {
    guard !ready.isEmpty else { return [] }
    let budgets = try await budgets(of: Set(ready.map(\.router)))
    let epoch = try await facts.epoch()
    let now = clock.now()
    let head = try await facts.chainHead()
    guard let head, planning.policy.objection(to: head, now: now) == nil else {
      throw ChainViewUnavailable()
    }
    let order = ready.sorted { ($0.lane, $0.createdAt) < ($1.lane, $1.createdAt) }
    let changes = try await withinCaps(Set(ready.map(\.router)), now) { rooms in
      var planner = BulkPlanner(
        planning: planning, head: head, epoch: epoch, now: now,
        owners: wallets.mapValues(\.address), budgets: budgets(head), rooms: rooms)
      return order.compactMap { planner.change(for: $0, members: members[$0.id] ?? []) }
    }
    guard !changes.isEmpty else { return [] }
    failpoints.reach(.signerBeforePlan)
    let won = try await store(changes, now)
    failpoints.reach(.signerAfterPlan)
    for transfer in won where transfer.state == .held {
      if let hold = transfer.hold { observer.observe(.held(transfer, hold.reason)) }
    }
    return won.filter { $0.state == .planned }
  }

  private func withinCaps(
    _ routers: Set<RouterType>, _ now: UnixMilliseconds,
    _ changes: ([RouterType: CapRoom]) -> [TransferChange]
  ) async throws -> [TransferChange] {
    guard let caps else { return changes([:]) }
    return try await caps.plan(routers, at: now, changes)
  }

  /// Writes the changes; what was counted and not planned by it is given back. When the write is in
  /// doubt all of it is: what was planned after all is counted again before it is signed.
  private func store(
    _ changes: [TransferChange], _ now: UnixMilliseconds
  ) async throws(StoreError) -> [Transfer] {
    do throws(StoreError) {
      let won = try await transfers.compareAndSet(changes)
      if won.count < changes.count {
        let winners = Set(won.map(\.id))
        let lost = changes.filter { !winners.contains($0.old.id) }
        await caps?.giveBack(lost.plannedSpends, at: now)
      }
      return won
    } catch {
      await caps?.giveBack(changes.plannedSpends, at: now)
      throw error
    }
  }

  /// Those of the transfers that were found planned whose attempt the caps have counted, or can count
  /// now: their own word for it is not taken.
  private func covered(_ planned: [Transfer]) async throws -> [Transfer] {
    guard let caps, !planned.isEmpty else { return planned }
    let covered = try await caps.covered(planned, at: clock.now())
    for transfer in planned where !covered.contains(transfer.id) {
      observer.observe(
        .refusedToSign(
          transfer.id, attempt: transfer.current?.number ?? 0,
          reason: "the Signer's own limit is reached"))
    }
    return planned.filter { covered.contains($0.id) }
  }

  /// What each router's wallet can still pay, as a function of the chain head. In-flight transfers
  /// are read first: see ``WalletBudget``.
  private func budgets(
    of routers: Set<RouterType>
  ) async throws -> (ChainHead) -> [RouterType: WalletBudget] {
    var inFlight: [RouterType: (count: Int, amount: USDTAmount)] = [:]
    for router in RouterType.allCases where wallets[router] != nil {
      inFlight[router] = try await transfers.inFlight(router: router)
    }
    let funds = Dictionary(
      try await facts.wallets().map { ($0.address, $0.funds) },
      uniquingKeysWith: { first, _ in first })
    let wallets = wallets
    let flying = inFlight
    return { head in
      var budgets: [RouterType: WalletBudget] = [:]
      for router in routers {
        guard let address = wallets[router]?.address, let funds = funds[address] ?? nil else {
          continue
        }
        // Routers may share a wallet: everything in flight from it counts.
        let sharing = flying.filter { wallets[$0.key]?.address == address }.map(\.value)
        let count = sharing.reduce(0) { $0 + $1.count }
        let micro = sharing.reduce(Int64(0)) { $0.saturatingAdd($1.amount.micro) }
        budgets[router] = WalletBudget(
          funds: funds, inFlight: (count, USDTAmount(micro: micro)), head: head)
      }
      return budgets
    }
  }

  /// S2: signs the stored bytes of the current attempt, if they pay exactly this transfer.
  private func signedPlan(
    _ transfer: Transfer, _ members: [Payout]
  ) -> (transfer: Transfer, plan: Plan)? {
    guard var attempt = transfer.current, attempt.isLive else { return nil }
    do throws(SigningError) {
      guard let wallet = wallets[transfer.router] else {
        throw SigningError("no key for \(transfer.router.rawValue)")
      }
      let objection = planning.objection(
        to: attempt, of: transfer, members: members, owner: wallet.address)
      if let objection { throw SigningError(objection) }
      attempt.signature = try wallet.signature(of: attempt.txid)
    } catch {
      observer.observe(
        .refusedToSign(transfer.id, attempt: attempt.number, reason: error.message))
      return nil
    }
    return (transfer, Plan(attempt, of: transfer))
  }

  /// Emits hints of what waits and nobody seems to know, signs again what is planned and not
  /// armed, and releases what was held when it can be paid now.
  public func sweep(_ schedule: ResendSchedule, previousSweep: UnixMilliseconds?) async throws {
    let now = clock.now()
    try await eachPage(of: [.ready, .planned], before: now, schedule) { page in
      let due = page.filter {
        schedule.isDue(since: $0.updatedAt, previousSweep: previousSweep, now: now)
      }
      guard !due.isEmpty else { return }
      try await log.append(due.map(LogMessages.ready))
      observer.observe(.swept(stage: "signer", what: "hints", count: due.count))
    }
    try await release(now)
  }

  private func release(_ now: UnixMilliseconds) async throws {
    var after: TransferID?
    while true {
      let page = try await transfers.transfers(
        in: [.held], partitions: nil, updatedBefore: nil, after: after, limit: Self.pageSize)
      try await releaseWhatCanBePaid(page, now)
      guard page.count == Self.pageSize, let last = page.last else { return }
      after = last.id
    }
  }

  private func releaseWhatCanBePaid(_ held: [Transfer], _ now: UnixMilliseconds) async throws {
    guard !held.isEmpty, let head = try await facts.chainHead() else { return }
    let budgets = try await budgets(of: Set(held.map(\.router)))
    let members = Dictionary(
      grouping: try await payouts.members(of: held.map(\.id)),
      by: { $0.transferID ?? TransferID("") })
    var planner = BulkPlanner(
      planning: planning, head: head, epoch: 0, now: now, owners: wallets.mapValues(\.address),
      budgets: budgets(head),
      rooms: try await caps?.rooms(of: Set(held.map(\.router)), at: now) ?? [:])
    let order = held.sorted { ($0.lane, $0.createdAt) < ($1.lane, $1.createdAt) }
    let changes = order.compactMap {
      planner.release(of: $0, members: members[$0.id] ?? [])
    }
    guard !changes.isEmpty else { return }
    let released = try await transfers.compareAndSet(changes).filter { $0.state == .ready }
    guard !released.isEmpty else { return }
    try await log.append(released.map(LogMessages.ready))
  }

  private func eachPage(
    of states: [TransferState], before now: UnixMilliseconds, _ schedule: ResendSchedule,
    _ body: ([Transfer]) async throws -> Void
  ) async throws {
    var after: TransferID?
    while true {
      let page = try await transfers.transfers(
        in: states, partitions: nil,
        updatedBefore: now.advanced(milliseconds: -schedule.first.milliseconds), after: after,
        limit: Self.pageSize)
      try await body(page)
      guard page.count == Self.pageSize, let last = page.last else { return }
      after = last.id
    }
  }

  // LIMIT: one page of the sweeper, and so one bulk of its writes.
  private static let pageSize = 500
}

/// The chain head went stale between the gate and the plan: the batch is tried again later.
struct ChainViewUnavailable: Error, CustomStringConvertible {
  var description: String { "the chain head in the store is not usable right now" }
}
