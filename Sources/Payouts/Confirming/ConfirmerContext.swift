import Tron

/// The Confirmer's rules, from configuration.
public struct ConfirmingPolicy: Hashable, Sendable {
  /// The USDT contract of the network.
  public var contract: TronAddress
  /// How many independent nodes must prove a death.
  public var deathProofNodes: Int
  /// How often an armed attempt is sent again.
  public var broadcastInterval: Duration
  /// How far a new owner of a partition re-reads; older evidence is forgotten.
  public var journalRewind: Duration
  /// How often a transfer is tried.
  public var attempts: AttemptPolicy
  /// How long a solidified transaction of ours may be unexplained: a store that was rolled back gets
  /// its attempts back from the journal meanwhile, also when a partition first has to find a new
  /// owner that reads it again.
  public var foreignSpendGrace: Duration

  /// Collects the parts.
  public init(
    contract: TronAddress, deathProofNodes: Int, broadcastInterval: Duration = .seconds(15),
    journalRewind: Duration = .seconds(7200), attempts: AttemptPolicy = AttemptPolicy(),
    foreignSpendGrace: Duration = .seconds(90)
  ) {
    self.contract = contract
    self.deathProofNodes = deathProofNodes
    self.broadcastInterval = broadcastInterval
    self.journalRewind = journalRewind
    self.attempts = attempts
    self.foreignSpendGrace = foreignSpendGrace
  }
}

/// What every part of the Confirmer works with.
public struct ConfirmerContext: Sendable {
  let payouts: any PayoutStore
  let windows: any WindowStore
  let positions: any JournalPositionStore
  let transfers: any TransferStore
  let facts: any FactStore
  let log: any LogAppender
  let clock: any WallClock
  let observer: any StageObserver
  let failpoints: any Failpoints
  let policy: ConfirmingPolicy
  let floors: JournalFloors
  let state = ConfirmerState()

  /// Collects the ports; one context for one Confirmer.
  public init(
    store: some PayoutStore & WindowStore & TransferStore & FactStore & JournalPositionStore,
    log: any LogAppender, clock: any WallClock, observer: any StageObserver,
    failpoints: any Failpoints, policy: ConfirmingPolicy, floors: JournalFloors = JournalFloors()
  ) {
    self.payouts = store
    self.windows = store
    self.positions = store
    self.transfers = store
    self.facts = store
    self.log = log
    self.clock = clock
    self.observer = observer
    self.failpoints = failpoints
    self.policy = policy
    self.floors = floors
  }

  /// Writes what `transition` makes of each transfer, answers what was written, and brings the
  /// watch list up to date with winners and with whoever was faster.
  func write(
    _ transfers: [Transfer], _ transition: (Transfer) -> Transition
  ) async throws(StoreError) -> [Transfer] {
    var changes: [TransferChange] = []
    for transfer in transfers {
      if case .changed(let new) = transition(transfer) {
        changes.append(TransferChange(from: transfer, to: new))
      }
    }
    guard !changes.isEmpty else { return [] }
    let won = try await self.transfers.compareAndSet(changes)
    if won.count < changes.count {
      let winners = Set(won.map(\.id))
      let lost = changes.map(\.old.id).filter { !winners.contains($0) }
      let present = try await self.transfers.transfers(lost)
      state.with { contents in
        for transfer in present where contents.journals[transfer.partition] != nil {
          contents.watch.replace(transfer)
        }
      }
    }
    state.with { $0.update(won) }
    return won
  }
}
