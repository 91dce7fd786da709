import Tron

/// The Confirmer's part of the breaker: looks at how transfers ended, at the clock and at the trials.
/// Any number of copies may do so; they all see the same and one of them writes.
public struct BreakerKeeper: Sendable {
  private let control: BreakerControl
  private let store: any BreakerStore
  private let transfers: any TransferStore
  private let clock: any WallClock

  // LIMIT: milliseconds since it was let through, or moved last, after which a trial that nobody plans
  // does not count as one any more.
  private static let unplannedTrial: Int64 = 60_000

  /// Collects the ports.
  public init(
    control: BreakerControl, store: any BreakerStore, transfers: any TransferStore,
    clock: any WallClock
  ) {
    self.control = control
    self.store = store
    self.transfers = transfers
    self.clock = clock
  }

  /// One look; call it every second.
  public func look() async throws(StoreError) {
    let breaker = try await control.now()
    try await control.settleLog(of: breaker)
    let actor = AuditActor.system("confirmer")
    switch breaker.state {
    case .closed:
      let windowStart = clock.now().advanced(milliseconds: -control.policy.window.milliseconds)
      let tally = try await store.tally(
        after: max(windowStart, breaker.since), since: breaker.since,
        inARow: control.policy.consecutiveFailures)
      guard tally.failed > 0 || tally.failedInARow > 0 else { return }
      try await control.apply(.transfersTallied(tally), by: actor)
    case .open:
      try await control.apply(.clockLookedAt, by: actor)
    case .halfOpen:
      guard !breaker.trials.isEmpty else { return }
      let found = try await transfers.transfers(breaker.trials.map(\.transfer))
      let outcome = Self.outcome(of: breaker, found, at: clock.now())
      try await control.apply(.trialsLookedAt(outcome), by: actor)
    }
  }

  static func outcome(
    of breaker: Breaker, _ found: [Transfer], at now: UnixMilliseconds
  ) -> TrialOutcome {
    var outcome = TrialOutcome()
    let trials = Dictionary(
      breaker.trials.map { ($0.transfer, $0) }, uniquingKeysWith: { first, _ in first })
    for transfer in found {
      guard let trial = trials[transfer.id] else { continue }
      // Attempts before the one that was let through had failed before.
      let hasFailed = transfer.attempts.contains { attempt in
        attempt.number >= trial.attempt && attempt.death?.kind == .failedOnChain
      }
      if hasFailed {
        outcome.failed.insert(transfer.id)
        continue
      }
      switch transfer.state {
      case .paid: outcome.paid.insert(transfer.id)
      case .failed, .cancelled: outcome.void.insert(transfer.id)
      case .ready, .held:
        if now.value - max(trial.at, transfer.updatedAt).value > unplannedTrial {
          outcome.void.insert(transfer.id)
        }
      case .planned, .armed, .failing, .voiding: break
      }
    }
    outcome.void.formUnion(Set(trials.keys).subtracting(found.map(\.id)))
    return outcome
  }
}
