import Tron

/// Brings transfers from their last attempt to their end: next attempt, failure, cancellation; and
/// tells members, journal and world how they ended. Every step may be repeated by anyone.
struct Closing {
  let context: ConfirmerContext

  /// Does for each transfer what its state asks for now (rules C6, C7, and the end of C4).
  func conclude(_ transfers: [Transfer]) async throws {
    let decided = try await decide(transfers.filter { $0.state.isOpen })
    let now = decided + transfers.filter { !$0.state.isOpen && !$0.closed }
    try await announceFailing(decided.filter { $0.state == .failing })
    let ready = decided.filter { $0.state == .ready }
    if !ready.isEmpty {
      context.failpoints.reach(.confirmerAfterReady)
      try await context.log.append(ready.map(LogMessages.ready))
      for transfer in ready { context.observer.observe(.readyAgain(transfer)) }
    }
    try await close(now.filter { !$0.state.isOpen })
  }

  /// C6 and C7: what all attempts being dead, and the journal's records, lead to.
  private func decide(_ open: [Transfer]) async throws(StoreError) -> [Transfer] {
    guard !open.isEmpty else { return [] }
    let now = context.clock.now()
    let evidence = try await context.evidence(of: open)
    let won = try await context.write(open) { transfer in
      let settlement = context.state.with { contents in
        contents.journals[transfer.partition]?.settlement(of: transfer.id)
      }
      return decision(
        on: transfer, evidence[transfer.id] ?? JournalEvidence(), settlement, at: now)
    }
    if won.contains(where: { $0.state == .failing }) {
      context.failpoints.reach(.confirmerAfterFailing)
    }
    if won.contains(where: { $0.state == .failed }) {
      context.failpoints.reach(.confirmerAfterFailed)
    }
    return won
  }

  private func decision(
    on transfer: Transfer, _ evidence: JournalEvidence, _ settlement: Settlement?,
    at now: UnixMilliseconds
  ) -> Transition {
    if settlement?.result == .paid, let payment = settlement?.payment {
      return transfer.paymentRecordConsumed(payment, at: now)
    }
    guard !transfer.attempts.isEmpty || evidence.forbidsArming,
      transfer.isAllDead(with: evidence)
    else { return .ignored("an attempt lives") }
    if evidence.isVoid { return transfer.voidRecordConsumed(evidence: evidence, at: now) }
    if evidence.settled == .failed {
      return transfer.failureRecordConsumed(settlement?.failure, evidence: evidence, at: now)
    }
    return transfer.allAttemptsDead(evidence: evidence, policy: context.policy.attempts, at: now)
  }

  /// Appends SETTLED(failed); `failed` is written only when it was consumed.
  func announceFailing(_ failing: [Transfer]) async throws(LogError) {
    guard !failing.isEmpty else { return }
    try await context.log.append(
      failing.map { transfer in
        let record = Settlement(
          transferID: transfer.id, result: .failed, failure: transfer.failure)
        return LogMessages.journal(
          .settled(record), partition: transfer.partition, trace: transfer.trace)
      })
    context.failpoints.reach(.confirmerAfterFailingRecord)
  }

  /// Members, then journal and `payouts.settled`, then the mark that all of it is done.
  func close(_ ended: [Transfer]) async throws {
    let unclosed = ended.filter { !$0.closed }
    guard !unclosed.isEmpty else { return }
    let contested = try await contested(unclosed)
    try await context.payouts.settle(
      unclosed.flatMap(settlements).filter {
        contested[$0.transfer]?.contains($0.payout) != true
      })
    context.failpoints.reach(.confirmerAfterMembers)
    let open = try await withoutOpen(contested, unclosed)
    guard !open.isEmpty else { return }
    let members = try await context.payouts.members(of: open.map(\.id)).sorted { $0.id < $1.id }
    try await release(members, from: open)
    // A payout that carries a transfer which does not end it has no outcome, and so no message.
    try await context.log.append(
      open.compactMap(journalRecord)
        + members.compactMap { payout in
          SettledMessage(payout).map { LogMessages.settled($0, trace: payout.trace) }
        })
    context.failpoints.reach(.confirmerAfterSettled)
    try await context.transfers.close(open.map(\.id))
    context.failpoints.reach(.confirmerAfterClose)
    context.state.with { contents in for transfer in open { contents.watch.remove(transfer.id) } }
    for transfer in open {
      switch transfer.state {
      case .paid: context.observer.observe(.paid(transfer))
      case .cancelled: context.observer.observe(.cancelled(transfer))
      case .failed, .ready, .held, .planned, .armed, .failing, .voiding:
        context.observer.observe(.failed(transfer))
      }
    }
  }

  /// Members of transfers that ended unpaid of which that must not be told by them: another transfer
  /// names them, and may pay or has paid them, or ended them before. That one decides.
  private func contested(
    _ ended: [Transfer]
  ) async throws(StoreError) -> [TransferID: Set<PayoutID>] {
    let unpaid = ended.filter { $0.state != .paid }
    guard !unpaid.isEmpty else { return [:] }
    let rivalries = try await context.rivalries(of: unpaid)
    return context.state.with { contents in
      var contested: [TransferID: Set<PayoutID>] = [:]
      for transfer in unpaid {
        let journal = contents.journals[transfer.partition]
        let members = transfer.ending.filter { member in
          rivalries[transfer.id, default: []].contains { $0.isLive && $0.names(member) }
            || journal?.hasEarlierEnd(of: member, than: transfer.id) ?? false
        }
        if !members.isEmpty { contested[transfer.id] = Set(members) }
      }
      return contested
    }
  }

  /// Ends again what was closed while the store fell back: members may have lost their end since.
  func closeAgain(_ closed: [Transfer]) async throws {
    let named = Set(closed.flatMap(\.ending))
    guard !named.isEmpty else { return }
    let open = Set(
      try await context.payouts.payouts(named.sorted()).filter { !$0.state.isFinal }.map(\.id))
    guard !open.isEmpty else { return }
    try await close(
      closed.filter { !open.isDisjoint(with: $0.ending) }.map { transfer in
        var again = transfer
        again.closed = false
        return again
      })
  }

  /// Those of the transfers that have nobody left to tell: contested members must have ended otherwise.
  private func withoutOpen(
    _ contested: [TransferID: Set<PayoutID>], _ ended: [Transfer]
  ) async throws(StoreError) -> [Transfer] {
    guard !contested.isEmpty else { return ended }
    let members = Set(contested.values.joined()).sorted()
    let open = Set(
      try await context.payouts.payouts(members).filter { !$0.state.isFinal }.map(\.id))
    return ended.filter { open.isDisjoint(with: contested[$0.id] ?? []) }
  }

  /// By the names in the transfer, whatever else a member carries: a store that fell back may have put
  /// it into another transfer since, which cannot pay it (C2).
  private func settlements(of transfer: Transfer) -> [PayoutSettlement] {
    guard let outcome = outcome(of: transfer) else { return [] }
    if case .cancelled = outcome {
      return transfer.withdrawn.map {
        PayoutSettlement(payout: $0, transfer: transfer.id, outcome: outcome)
      }
    }
    return transfer.members.enumerated().map { index, payout in
      PayoutSettlement(
        payout: payout, transfer: transfer.id,
        outcome: outcome.share(of: index, among: transfer.members.count))
    }
  }

  /// C7: who carries a transfer that ended without a payment, and was not withdrawn, waits again.
  private func release(
    _ members: [Payout], from ended: [Transfer]
  ) async throws(StoreError) {
    let cancelled = Set(ended.filter { $0.state == .cancelled }.map(\.id))
    let left = members.filter { payout in
      payout.state == .assigned && payout.transferID.map(cancelled.contains) ?? false
    }
    guard !left.isEmpty else { return }
    try await context.windows.release(left.compactMap(PayoutRelease.init))
    context.observer.observe(
      .swept(stage: "confirmer", what: "payouts released", count: left.count))
  }

  private func outcome(of transfer: Transfer) -> PayoutOutcome? {
    switch transfer.state {
    case .paid: transfer.payment.map { .paid($0) }
    case .failed: transfer.failure.map { .failed($0) }
    case .cancelled: .cancelled(at: transfer.updatedAt)
    case .ready, .held, .planned, .armed, .failing, .voiding: nil
    }
  }

  private func journalRecord(_ transfer: Transfer) -> OutgoingRecord? {
    let record: JournalRecord
    switch transfer.state {
    case .paid:
      record = .settled(
        Settlement(transferID: transfer.id, result: .paid, payment: transfer.payment))
    case .failed:
      record = .settled(
        Settlement(transferID: transfer.id, result: .failed, failure: transfer.failure))
    case .cancelled: record = .void(VoidRecord(transfer))
    case .ready, .held, .planned, .armed, .failing, .voiding: return nil
    }
    return LogMessages.journal(record, partition: transfer.partition, trace: transfer.trace)
  }
}
