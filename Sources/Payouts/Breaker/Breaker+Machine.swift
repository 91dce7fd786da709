import Tron

/// How the transfers that ended lately ended. Read from the transfers themselves, so looking twice
/// counts nothing twice.
public struct TransferTally: Hashable, Sendable {
  /// Failed on the chain, within the window.
  public var failed: Int
  /// Failed on the chain after the last payment, however long ago; not counted beyond what was asked
  /// for.
  public var failedInARow: Int
  /// Paid, within the window.
  public var paid: Int

  /// Collects the parts.
  public init(failed: Int = 0, failedInARow: Int = 0, paid: Int = 0) {
    self.failed = failed
    self.failedInARow = failedInARow
    self.paid = paid
  }
}

/// What became of the transfers that a half-open breaker let through.
public struct TrialOutcome: Hashable, Sendable {
  /// Paid.
  public var paid: Set<TransferID>
  /// Failed on the chain, at least once.
  public var failed: Set<TransferID>
  /// They will not tell: cancelled, expired unseen, or never planned.
  public var void: Set<TransferID>

  /// Collects the parts.
  public init(
    paid: Set<TransferID> = [], failed: Set<TransferID> = [], void: Set<TransferID> = []
  ) {
    self.paid = paid
    self.failed = failed
    self.void = void
  }
}

/// Something that happened to the breaker.
public enum BreakerEvent: Hashable, Sendable {
  /// A person wants it open.
  case openedByHand(reason: String, by: String)
  /// A person wants it closed.
  case closedByHand(reason: String, by: String)
  /// The chain shows what is not ours.
  case foreignSpendSeen(String, txids: [TransactionID] = [])
  /// The audit found differences.
  case mismatchFound(String, by: String)
  /// This is how transfers ended.
  case transfersTallied(TransferTally)
  /// This is how the trials ended so far.
  case trialsLookedAt(TrialOutcome)
  /// Time has passed.
  case clockLookedAt
  /// These want to be planned; the time of each is set when it is let through.
  case trialsRequested([Trial])
}

/// What an event leads to.
public enum BreakerAction: Hashable, Sendable {
  /// It is in another state from now on; to be written, logged and told.
  case change(Breaker)
  /// The same state with other trials; to be written.
  case note(Breaker)
  /// Nothing.
  case none
}

extension Breaker {
  /// Decides what an event leads to.
  public func after(
    _ event: BreakerEvent, policy: BreakerPolicy, at now: UnixMilliseconds
  ) -> BreakerAction {
    switch event {
    case .openedByHand(let reason, let by):
      opened(.byHand, reason, by: by, at: now)
    case .closedByHand(let reason, let by):
      state == .closed ? .none : .change(moved(to: .closed, nil, reason, by: by, at: now))
    case .foreignSpendSeen(let reason, let txids):
      foreignSpendSeen(reason, txids, at: now)
    case .mismatchFound(let reason, let by):
      opened(.auditMismatch, reason, by: by, at: now)
    case .transfersTallied(let tally):
      tallied(tally, policy, at: now)
    case .trialsLookedAt(let outcome):
      lookedAt(outcome, at: now)
    case .clockLookedAt:
      clockLookedAt(policy, at: now)
    case .trialsRequested(let transfers):
      requested(transfers, policy, at: now)
    }
  }

  /// Opens it, or names the more serious cause of one that is open.
  private func opened(
    _ new: Cause, _ reason: String, by: String, at now: UnixMilliseconds
  ) -> BreakerAction {
    if state == .open, let cause, cause.weight >= new.weight { return .none }
    return .change(moved(to: .open, new, reason, by: by, at: now))
  }

  private func foreignSpendSeen(
    _ reason: String, _ txids: [TransactionID], at now: UnixMilliseconds
  ) -> BreakerAction {
    let new = txids.filter { !spends.contains($0) }
    guard !new.isEmpty || txids.isEmpty else { return .none }
    var noting = self
    noting.spends = (spends + new).suffix(Self.maximumSpends)
    switch noting.opened(.foreignSpend, reason, by: "confirmer", at: now) {
    case .change(let opened): return .change(opened)
    case .note, .none:
      guard noting.spends != spends else { return .none }
      noting.rev += 1
      return .note(noting)
    }
  }

  private func tallied(
    _ tally: TransferTally, _ policy: BreakerPolicy, at now: UnixMilliseconds
  ) -> BreakerAction {
    // Open: it knows. Half-open: the trials decide, not what was on its way before.
    guard state == .closed else { return .none }
    if tally.failedInARow >= policy.consecutiveFailures {
      return .change(
        moved(
          to: .open, .consecutiveFailures,
          "\(tally.failedInARow) transfers failed one after the other", by: "confirmer", at: now))
    }
    let all = tally.failed + tally.paid
    if all >= policy.minimumTransfers, tally.failed * 100 >= policy.failureRatePercent * all {
      return .change(
        moved(
          to: .open, .failureRate, "\(tally.failed) of \(all) transfers failed", by: "confirmer",
          at: now))
    }
    return .none
  }

  private func lookedAt(_ outcome: TrialOutcome, at now: UnixMilliseconds) -> BreakerAction {
    guard state == .halfOpen else { return .none }
    let trials = Set(self.trials.map(\.transfer))
    if !outcome.failed.isDisjoint(with: trials) {
      return .change(
        moved(
          to: .open, cause, "a transfer that was let through failed", by: "confirmer", at: now))
    }
    let left = self.trials.filter { !outcome.void.contains($0.transfer) }
    if !left.isEmpty, outcome.paid.isSuperset(of: left.map(\.transfer)) {
      return .change(
        moved(
          to: .closed, nil, "the transfers that were let through were paid", by: "confirmer",
          at: now))
    }
    return left == self.trials ? .none : .note(noted(left))
  }

  private func clockLookedAt(_ policy: BreakerPolicy, at now: UnixMilliseconds) -> BreakerAction {
    guard state == .open, cause?.needsPerson == false,
      now.value - since.value >= policy.pause.milliseconds
    else { return .none }
    return .change(
      moved(
        to: .halfOpen, cause, "the pause is over: a few are let through", by: "confirmer", at: now))
  }

  private func requested(
    _ wishes: [Trial], _ policy: BreakerPolicy, at now: UnixMilliseconds
  ) -> BreakerAction {
    guard state == .halfOpen else { return .none }
    let known = Set(trials.map(\.transfer))
    let new = wishes.filter { !known.contains($0.transfer) }
      .prefix(max(0, policy.trials - trials.count))
      .map { Trial(transfer: $0.transfer, attempt: $0.attempt, at: now) }
    return new.isEmpty ? .none : .note(noted(trials + new))
  }

  private func moved(
    to state: State, _ cause: Cause?, _ reason: String, by: String, at now: UnixMilliseconds
  ) -> Breaker {
    var breaker = self
    breaker.state = state
    breaker.cause = cause
    breaker.reason = String(reason.prefix(Self.maximumReason))
    breaker.since = now
    breaker.by = by
    breaker.rev += 1
    breaker.trials = []
    return breaker
  }

  private func noted(_ trials: [Trial]) -> Breaker {
    var breaker = self
    breaker.trials = trials
    breaker.rev += 1
    return breaker
  }

  // LIMIT: what people write is shown to clients and kept in the audit log.
  /// The most characters of a reason.
  public static let maximumReason = 200
  // LIMIT: a person looks at all of them; an older one may open it again.
  /// The most foreign spends that are remembered.
  public static let maximumSpends = 100
}
