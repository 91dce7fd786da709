import Tron

/// The journal-consuming half of the Confirmer, the only decider (rules R2, C1, C2, C6, C7).
public struct JournalStage: RecordProcessor {
  private let context: ConfirmerContext
  private let closing: Closing
  private let armedSignal: @Sendable () -> Void

  /// - Parameter armedSignal: told when there is something new to send.
  public init(context: ConfirmerContext, armedSignal: @escaping @Sendable () -> Void) {
    self.context = context
    self.closing = Closing(context: context)
    self.armedSignal = armedSignal
  }

  /// Nothing is remembered of partitions.
  public func assigned(_ partitions: [TopicPartition]) async {
    context.state.with { contents in
      for partition in partitions {
        contents.journals[partition.partition] = JournalMemory()
        contents.reading[partition.partition] = JournalReading()
      }
    }
  }

  /// Nothing is remembered of partitions.
  public func revoked(_ partitions: [TopicPartition]) async {
    context.state.with { contents in
      for partition in partitions {
        contents.journals[partition.partition] = nil
        contents.reading[partition.partition] = nil
      }
      contents.watch.remove(partitions: Set(partitions.map(\.partition)))
    }
  }

  /// Notes how far the journal was read.
  public func lagMeasured(_ lag: [TopicPartition: Int64]) async {
    let now = context.clock.now()
    context.state.with { contents in
      for (partition, behind) in lag where partition.topic == .signed {
        contents.reading[partition.partition]?.lagMeasured(behind, at: now)
      }
    }
  }

  /// Takes the effect of every record; see ``RecordProcessor``.
  public func process(_ records: [IncomingRecord]) async throws {
    let decoded = DecodedRecords(records) { (record) throws(MalformedRecord) in
      (entry: try LogMessages.journal(record), record: record)
    }
    try remember(decoded.messages)
    try await decoded.bury(in: context.log, telling: context.observer)
    let ids = Array(Set(decoded.messages.compactMap(\.entry.transferID))).sorted()
    guard !ids.isEmpty else { return advance(past: records) }
    let whole = try await healed(ids)
    context.failpoints.reach(.confirmerAfterRecord)
    let armed = try await arm(whole)
    let present = newest(whole, armed)
    context.state.with { $0.update(present) }
    if present.contains(where: { $0.state == .armed }) { armedSignal() }
    // What has ended is closed by whoever ended it, or by the sweeper; its own record coming back
    // is no reason to do it again.
    try await closing.conclude(present.filter { $0.state.isOpen })
    advance(past: records)
  }

  /// The effect of these records is stored: see ``JournalPositionStore``.
  private func advance(past records: [IncomingRecord]) {
    context.state.with { contents in
      for record in records {
        contents.journals[record.partition]?.advance(to: record.offset + 1)
      }
    }
  }

  /// C1 for these transfers: the store gets back what memory holds and it lacks, whole transfers and
  /// attempts of transfers. Answers those that are in the store, in the order of their ids.
  func healed(_ ids: [TransferID]) async throws(StoreError) -> [Transfer] {
    let found = try await context.transfers.transfers(ids).sorted { $0.id < $1.id }
    let known = Set(found.map(\.id))
    let restored = try await restore(ids.filter { !known.contains($0) })
    return try await recordMissing((found + restored).sorted { $0.id < $1.id })
  }

  /// A transfer of which the journal holds a PLAN or a VOID was in the store; when it is not, the store
  /// fell back. It is put back before anything else is done with its members, who take it up again
  /// where they wait for another.
  private func restore(_ ids: [TransferID]) async throws(StoreError) -> [Transfer] {
    guard !ids.isEmpty else { return [] }
    let now = context.clock.now()
    let lost = context.state.with { contents in
      contents.journals.flatMap { partition, journal in
        ids.compactMap { id -> Transfer? in
          guard let entry = journal.entry(id), let terms = entry.terms else { return nil }
          return Transfer(
            restoring: id, terms, plans: journal.plans(of: id), withdrawn: entry.evidence.withdrawn,
            partition: partition, at: now)
        }
      }
    }
    guard !lost.isEmpty else { return [] }
    // RACE: a Batcher may insert one of them, which then is the one that stands.
    try await context.transfers.insert(lost)
    context.observer.observe(
      .swept(stage: "confirmer", what: "transfers put back", count: lost.count))
    let planned = lost.filter { $0.state == .ready }
    let carrier = Dictionary(
      planned.flatMap { transfer in transfer.members.map { ($0, transfer.id) } },
      uniquingKeysWith: { first, _ in first })
    if !carrier.isEmpty {
      let members = try await context.payouts.payouts(carrier.keys.sorted())
      try await context.payouts.assign(
        members.filter { $0.state == .accepted || $0.state == .scheduled }.compactMap { payout in
          carrier[payout.id].map {
            PayoutAssignment(payout: payout.id, rev: payout.rev, transfer: $0)
          }
        })
    }
    return try await context.transfers.transfers(lost.map(\.id))
  }

  /// A record enters memory when it is read, before any later record is looked at (rule R2).
  private func remember(
    _ messages: [(entry: JournalRecord, record: IncomingRecord)]
  ) throws(MustBeginAnew) {
    let truncated = context.state.with { contents -> IncomingRecord? in
      for (entry, record) in messages {
        // The log goes on below what was read: it lost its end, or everything (rule E1). What is read
        // from its beginning on is all that memory needs; of the rest the part before would be missing.
        if let position = contents.journals[record.partition]?.position, record.offset < position {
          guard record.offset == 0 else { return record }
          contents.journals[record.partition] = JournalMemory()
        }
        contents.journals[record.partition, default: JournalMemory()].read(
          entry, offset: record.offset, at: record.timestamp)
        contents.reading[record.partition]?.read(record.timestamp)
      }
      return nil
    }
    guard let truncated else { return }
    throw MustBeginAnew(
      "partition \(truncated.partition) of the journal goes on at offset \(truncated.offset), which was"
        + " read before: the log lost its end")
  }

  /// C1 for these transfers: attempts that memory holds and the store lacks are put back.
  private func recordMissing(_ transfers: [Transfer]) async throws(StoreError) -> [Transfer] {
    var present = Dictionary(
      transfers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    // One attempt a round: a transfer has few, and two writes of one document cannot share a bulk.
    for _ in 0..<Self.repairRounds {
      let missing = lacking(Array(present.values))
      guard !missing.isEmpty else { break }
      let now = context.clock.now()
      let won = try await context.write(missing.compactMap { present[$0.transferID] }) { transfer in
        guard let plan = missing.first(where: { $0.transferID == transfer.id }) else {
          return .ignored("nothing is missing")
        }
        return transfer.recorded(plan, at: now)
      }
      guard !won.isEmpty else { break }
      for transfer in won { present[transfer.id] = transfer }
      for plan in missing {
        context.observer.observe(
          .attemptRestored(plan.transferID, attempt: plan.attempt.number))
      }
    }
    return present.values.sorted { $0.id < $1.id }
  }

  /// Of each transfer the first plan that the store lacks.
  private func lacking(_ transfers: [Transfer]) -> [Plan] {
    context.state.with { contents in
      transfers.compactMap { transfer in
        guard transfer.state.isOpen, let journal = contents.journals[transfer.partition] else {
          return nil
        }
        let stored = Set(transfer.attempts.map(\.txid))
        return journal.plans(of: transfer.id).first { !stored.contains($0.attempt.txid) }
      }
    }
  }

  /// C2 for a bulk: answers those that this call armed.
  private func arm(_ transfers: [Transfer]) async throws(StoreError) -> [Transfer] {
    let planned = transfers.filter { $0.state == .planned }
    guard !planned.isEmpty else { return [] }
    let epoch = max(
      try await context.facts.epoch(), context.state.with { $0.journalEpoch })
    let now = context.clock.now()
    let evidence = try await context.evidence(of: planned)
    context.failpoints.reach(.confirmerBeforeArm)
    let won = try await context.write(planned) { transfer in
      let transition = armTransition(
        transfer, epoch: epoch, evidence: evidence[transfer.id] ?? JournalEvidence(), at: now)
      if case .refused(let reason) = transition {
        context.observer.observe(
          .notArmed(transfer.id, attempt: transfer.current?.number ?? 0, reason: reason))
      }
      return transition
    }
    context.failpoints.reach(.confirmerAfterArm)
    if !won.isEmpty { context.observer.observe(.armed(won)) }
    return won
  }

  private func armTransition(
    _ transfer: Transfer, epoch: Int64, evidence: JournalEvidence, at now: UnixMilliseconds
  ) -> Transition {
    guard let current = transfer.current else { return .ignored("nothing is planned") }
    let plan = context.state.with { contents in
      contents.journals[transfer.partition]?.plan(current.txid, of: transfer.id)
    }
    guard let plan else { return .ignored("its PLAN was not read yet") }
    let objection = AttemptPlanning.objection(
      toBytesOf: plan.attempt, of: transfer, contract: context.policy.contract)
    if let objection { return .refused(objection) }
    return transfer.armed(plan, epoch: epoch, evidence: evidence, at: now)
  }

  private func newest(_ old: [Transfer], _ new: [Transfer]) -> [Transfer] {
    let changed = Dictionary(new.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return old.map { changed[$0.id] ?? $0 }
  }

  // LIMIT: attempts of one transfer put back in one go; the sweeper continues.
  private static let repairRounds = 16
}
