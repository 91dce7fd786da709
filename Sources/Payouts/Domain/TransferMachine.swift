import Tron

/// What an event does to a transfer.
public enum Transition: Hashable, Sendable {
  /// The new version, to be written by compare-and-set.
  case changed(Transfer)
  /// Nothing to do: another copy was faster, or the message is old. The reason names the race.
  case ignored(String)
  /// It must not happen, and the reason says which rule forbids it.
  case refused(String)
}

/// How often a transfer is tried before it is reported as not paid.
public struct AttemptPolicy: Hashable, Sendable {
  /// Attempts in all.
  public var maximumAttempts: Int
  /// Executions that ran out of energy or time; each cost a fee.
  public var maximumFailures: Int

  /// Collects the parts.
  public init(maximumAttempts: Int = 8, maximumFailures: Int = 2) {
    self.maximumAttempts = maximumAttempts
    self.maximumFailures = maximumFailures
  }
}

/// The life of a transfer as a pure value: an event in, the new version out. Every function looks
/// at all states; the rule numbers are those of docs/protocol.md.
extension Transfer {
  /// S1: the Signer stores an attempt. Only a `ready` transfer without a live attempt.
  public func planned(_ attempt: Attempt, at now: UnixMilliseconds) -> Transition {
    switch state {
    case .ready:
      guard !hasLiveAttempt else { return .refused("an earlier attempt is not proven dead") }
      guard attempt.number == nextAttempt else { return .refused("attempt numbers are not reused") }
      return changed(at: now) {
        $0.state = .planned
        $0.hold = nil
        $0.attempts.append(attempt)
        $0.nextAttempt = attempt.number + 1
      }
    case .held: return .refused("held")
    case .planned, .armed: return .ignored("planned already")
    case .failing, .voiding: return .ignored("ending")
    case .paid, .failed, .cancelled: return .ignored("ended")
    }
  }

  /// The Signer cannot plan it for now.
  public func held(_ reason: Hold.Reason, at now: UnixMilliseconds) -> Transition {
    switch state {
    case .ready:
      return changed(at: now) {
        $0.state = .held
        $0.hold = Hold(reason: reason, since: now)
      }
    case .held:
      guard hold?.reason != reason else { return .ignored("held for this already") }
      return changed(at: now) { $0.hold = Hold(reason: reason, since: $0.hold?.since ?? now) }
    case .planned, .armed: return .ignored("planned already")
    case .failing, .voiding, .paid, .failed, .cancelled: return .ignored("ending or ended")
    }
  }

  /// What it was held for is there again.
  public func released(at now: UnixMilliseconds) -> Transition {
    switch state {
    case .held:
      return changed(at: now) {
        $0.state = .ready
        $0.hold = nil
      }
    case .ready, .planned, .armed, .failing, .voiding, .paid, .failed, .cancelled:
      return .ignored("not held")
    }
  }

  /// C1: the journal holds an attempt that the store lacks (a store that was rolled back).
  public func recorded(_ plan: Plan, at now: UnixMilliseconds) -> Transition {
    guard !attempts.contains(where: { $0.txid == plan.attempt.txid }) else {
      return .ignored("in the store already")
    }
    guard state.isOpen else { return .ignored("ended") }
    let attempt = Attempt(restoring: plan.attempt)
    // One that ends unplanned may name fewer than its id was derived from (B2).
    let isPart = state == .voiding && attempts.isEmpty && Set(members).isSubset(of: plan.members)
    return changed(at: now) {
      let place = $0.current == nil ? $0.attempts.endIndex : $0.attempts.endIndex - 1
      $0.attempts.insert(attempt, at: place)
      $0.nextAttempt = max($0.nextAttempt, attempt.number + 1)
      if isPart {
        $0.members = plan.members
        $0.amount = plan.amount
      }
    }
  }

  /// C2: the only way to a transaction that may be sent.
  public func armed(
    _ plan: Plan, epoch: Int64, evidence: JournalEvidence, at now: UnixMilliseconds
  ) -> Transition {
    switch state {
    case .planned: break
    case .armed: return .ignored("armed already")
    case .ready, .held: return .refused("the store has no current plan")
    case .failing, .voiding: return .refused("ending")
    case .paid, .failed, .cancelled: return .ignored("ended")
    }
    let txid = plan.attempt.txid
    guard let current, current.txid == txid, current.rawData == plan.attempt.rawData else {
      return .refused("another attempt is current")
    }
    guard current.isLive else { return .ignored("proven dead") }
    guard plan.attempt.epoch == epoch, current.epoch == epoch else {
      return .refused("planned in another epoch")
    }
    guard attempts.allSatisfy({ $0.txid == txid || !$0.isLive }) else {
      return .refused("another attempt in the store is not proven dead")
    }
    guard evidence.plans.allSatisfy({ $0 == txid || isProvenDead($0) }) else {
      return .refused("another attempt in the journal is not proven dead")
    }
    guard !evidence.forbidsArming else { return .refused("the journal holds an end") }
    guard !evidence.hasLiveRival else {
      return .refused("a transfer that names the same payout is not proven dead")
    }
    guard !evidence.isBarred else { return .refused("a member has ended with another transfer") }
    return changed(at: now) {
      $0.state = .armed
      $0.attempts[$0.attempts.endIndex - 1].armed = true
      $0.attempts[$0.attempts.endIndex - 1].signature = plan.attempt.signature
    }
  }

  /// The attempt was seen in, or vanished from, a block that is not solidified.
  public func inclusionChanged(
    _ txid: TransactionID, block: BlockNumber?, at now: UnixMilliseconds
  ) -> Transition {
    guard let index = attempts.firstIndex(where: { $0.txid == txid }), state.isOpen,
      attempts[index].isLive
    else { return .ignored("ended") }
    guard attempts[index].included != block else { return .ignored("known") }
    return changed(at: now) { $0.attempts[index].included = block }
  }

  /// C4: a solidified block executed the attempt with exactly the expected event.
  public func paymentObserved(_ payment: Payment, at now: UnixMilliseconds) -> Transition {
    guard let index = attempts.firstIndex(where: { $0.txid == payment.txid }) else {
      return .refused("not an attempt of this transfer")
    }
    switch state {
    case .ready, .held, .planned, .armed, .failing, .voiding:
      return changed(at: now) {
        $0.state = .paid
        $0.payment = payment
        $0.failure = nil
        $0.hold = nil
        $0.attempts[index].included = payment.blockNumber
      }
    case .paid: return .ignored("paid already")
    case .failed, .cancelled: return .refused("reported as not paid, yet the chain paid it")
    }
  }

  /// A solidified block executed an attempt without the expected event: neither paid nor dead, so
  /// nothing more is done until a person looked.
  public func unexpectedOutcomeObserved(at now: UnixMilliseconds) -> Transition {
    guard state.isOpen else { return .ignored("ended") }
    guard hold?.reason != .unexpectedOutcome else { return .ignored("known") }
    return changed(at: now) { $0.hold = Hold(reason: .unexpectedOutcome, since: now) }
  }

  /// C5: the attempt is dead, with the proof.
  public func deathProven(
    _ txid: TransactionID, _ proof: DeathProof, at now: UnixMilliseconds
  ) -> Transition {
    guard let index = attempts.firstIndex(where: { $0.txid == txid }) else {
      return .refused("not an attempt of this transfer")
    }
    guard state.isOpen else { return .ignored("ended") }
    guard attempts[index].isLive else { return .ignored("proven already") }
    return changed(at: now) {
      $0.attempts[index].death = proof
      $0.attempts[index].included = nil
    }
  }

  /// C6: every attempt of store and journal is dead, so another may be made, or no more will be.
  public func allAttemptsDead(
    evidence: JournalEvidence, policy: AttemptPolicy, at now: UnixMilliseconds
  ) -> Transition {
    switch state {
    case .planned, .armed: break
    case .ready, .held: return .ignored("waits for its next attempt")
    case .failing, .voiding: return .ignored("ending")
    case .paid, .failed, .cancelled: return .ignored("ended")
    }
    guard isAllDead(with: evidence) else { return .refused("an attempt is not proven dead") }
    guard !evidence.forbidsArming else { return .refused("the journal holds an end") }
    // While a rival may have paid a member, nobody is told "failed": it goes back to the Signer, which
    // finds out whether the members still ask for it.
    guard !evidence.hasLiveRival, !evidence.isBarred,
      let failure = finalFailure(policy: policy, at: now)
    else {
      return changed(at: now) { $0.state = .ready }
    }
    return changed(at: now) {
      $0.state = .failing
      $0.failure = failure
    }
  }

  /// C6: SETTLED(failed) was consumed from the journal with everything dead.
  public func failureRecordConsumed(
    _ record: Failure?, evidence: JournalEvidence, at now: UnixMilliseconds
  ) -> Transition {
    switch state {
    case .failing, .ready, .held, .planned, .armed: break
    case .voiding: return .refused("being cancelled")
    case .paid: return .ignored("paid after all")
    case .failed, .cancelled: return .ignored("ended")
    }
    guard evidence.settled == .failed, !evidence.isVoid else {
      return .refused("the journal does not say failed")
    }
    guard isAllDead(with: evidence) else { return .refused("an attempt is not proven dead") }
    guard let failure = failure ?? record else { return .refused("no reason is known") }
    return changed(at: now) {
      $0.state = .failed
      $0.failure = failure
      $0.hold = nil
    }
  }

  /// C7: a cancel wins the race against planning.
  ///
  /// - Parameter payouts: the members that a client cancels; the others wait for another transfer.
  public func cancelRequested(of payouts: Set<PayoutID>, at now: UnixMilliseconds) -> Transition {
    let asked = payouts.intersection(members)
    guard !asked.isEmpty else { return .refused("it does not name them") }
    switch state {
    case .ready, .held, .voiding:
      guard state != .voiding || !asked.isSubset(of: withdrawn) else {
        return .ignored("being cancelled already")
      }
      guard !hasLiveAttempt else { return .refused("an attempt is not proven dead") }
      return changed(at: now) {
        $0.state = .voiding
        $0.hold = nil
        $0.withdrawn = asked.union($0.withdrawn).sorted()
      }
    case .cancelled: return .ignored("ended")
    case .planned, .armed, .failing, .paid, .failed: return .refused("too late")
    }
  }

  /// C7: not all that it names carry it, so it can never be planned: it ends, and lets them go.
  public func dissolutionRequested(
    evidence: JournalEvidence, at now: UnixMilliseconds
  ) -> Transition {
    switch state {
    case .ready, .held:
      guard isAllDead(with: evidence) else { return .refused("an attempt is not proven dead") }
      return changed(at: now) {
        $0.state = .voiding
        $0.hold = nil
      }
    case .voiding, .paid, .failed, .cancelled: return .ignored("ending or ended")
    case .planned, .armed, .failing: return .refused("too late")
    }
  }

  /// C4: the journal says that it was paid; the store lost that.
  public func paymentRecordConsumed(_ payment: Payment, at now: UnixMilliseconds) -> Transition {
    guard state.isOpen else { return .ignored("ended") }
    return changed(at: now) {
      $0.state = .paid
      $0.payment = payment
      $0.failure = nil
      $0.hold = nil
    }
  }

  /// C7: VOID was consumed from the journal with everything dead.
  public func voidRecordConsumed(
    evidence: JournalEvidence, at now: UnixMilliseconds
  ) -> Transition {
    switch state {
    case .voiding, .ready, .held, .planned, .armed, .failing: break
    case .paid: return .ignored("paid after all")
    case .failed, .cancelled: return .ignored("ended")
    }
    guard let consumed = evidence.withdrawn, evidence.settled != .paid else {
      return .refused("the journal does not say void")
    }
    // Nobody is told "cancelled" whose withdrawal the journal does not hold.
    guard consumed.isSuperset(of: withdrawn) else {
      return .refused("the record with all who are withdrawn was not consumed yet")
    }
    guard isAllDead(with: evidence) else { return .refused("an attempt is not proven dead") }
    return changed(at: now) {
      $0.state = .cancelled
      $0.withdrawn = consumed.sorted()
      $0.hold = nil
      $0.failure = nil
    }
  }

  /// Whether the store holds the proof that this attempt is dead.
  public func isProvenDead(_ txid: TransactionID) -> Bool {
    attempts.contains { $0.txid == txid && !$0.isLive }
  }

  /// Whether every attempt of the store and of the journal is proven dead.
  public func isAllDead(with evidence: JournalEvidence) -> Bool {
    !hasLiveAttempt && evidence.plans.allSatisfy(isProvenDead)
  }

  private func changed(at now: UnixMilliseconds, _ change: (inout Transfer) -> Void) -> Transition {
    var copy = self
    change(&copy)
    copy.updatedAt = now
    return .changed(copy)
  }

  /// Why no further attempt is made; `nil` when another one is.
  private func finalFailure(policy: AttemptPolicy, at now: UnixMilliseconds) -> Failure? {
    let failed = attempts.filter { $0.death?.kind == .failedOnChain }
    let cost = failed.compactMap(\.death?.fee?.value).reduce(Int64(0)) { sum, fee in
      let (next, overflow) = sum.addingReportingOverflow(fee)
      return overflow ? .max : next
    }
    let last = attempts.last
    func failure(_ reason: Failure.Reason, _ message: String) -> Failure {
      Failure(
        reason: reason, message: message, txid: failed.last?.txid ?? last?.txid, fee: Sun(cost),
        at: now)
    }
    if let result = failed.last?.death?.result {
      switch result {
      case "OUT_OF_ENERGY", "OUT_OF_TIME":
        guard failed.count >= policy.maximumFailures else { return nil }
        return failure(.outOfEnergy, "The transfer ran out of energy \(failed.count) times.")
      case "REVERT":
        return failure(.reverted, "The USDT contract refused the transfer.")
      default:
        return failure(.executionFailed, "The transfer failed on the chain: \(result).")
      }
    }
    guard attempts.count >= policy.maximumAttempts else { return nil }
    return failure(
      .expired, "\(attempts.count) attempts expired without being taken into a block.")
  }
}
