import Tron

/// Keeps the Confirmer's picture whole: what the store says is open is watched, what ended is
/// closed, what is failing is announced again, what memory holds and the store lost is put back.
public struct ConfirmerSweeper: Sendable {
  private let context: ConfirmerContext
  private let watches: [SolidityWatch]
  private let stage: JournalStage
  private let closing: Closing
  private let positions: JournalPositionKeeper

  /// Collects the parts of one Confirmer.
  public init(context: ConfirmerContext, watches: [SolidityWatch], stage: JournalStage) {
    self.context = context
    self.watches = watches
    self.stage = stage
    self.closing = Closing(context: context)
    self.positions = JournalPositionKeeper(context: context)
  }

  /// Keeps the position of the journal in the store, notices when the store fell back, and puts back
  /// what it lacks. Calls must not overlap.
  public func heal() async throws {
    guard context.state.with({ !$0.partitions.isEmpty }) else { return }
    let now = context.clock.now()
    try await positions.keep()
    try await repair()
    forget(now)
  }

  /// One pass over everything open in our partitions.
  public func sweep(_ schedule: ResendSchedule, previousSweep: UnixMilliseconds?) async throws {
    let partitions = context.state.with { Array($0.partitions).sorted() }
    guard !partitions.isEmpty else { return }
    let now = context.clock.now()
    try await watchOpen(partitions, schedule, previousSweep, now)
    try await closeEnded(partitions, now.advanced(milliseconds: -schedule.first.milliseconds))
    let (watched, armed) = context.state.with { ($0.watch.transfers.count, $0.watch.armedCount) }
    context.observer.observe(.watching(transfers: watched, armed: armed))
  }

  private func watchOpen(
    _ partitions: [Int32], _ schedule: ResendSchedule, _ previousSweep: UnixMilliseconds?,
    _ now: UnixMilliseconds
  ) async throws {
    // What waits for the Signer matters here only after the store was rolled back: once a minute.
    let isThorough = previousSweep.map { $0.value / 60_000 != now.value / 60_000 } ?? true
    let states: [TransferState] = [.planned, .armed, .failing, .voiding]
    var after: TransferID?
    while true {
      let page = try await context.transfers.transfers(
        in: isThorough ? states + [.ready, .held] : states, partitions: partitions,
        updatedBefore: nil, after: after, limit: Self.pageSize)
      let isPaid = context.state.with { contents in
        contents.update(page)
        return Set(
          page.filter { transfer in
            contents.journals[transfer.partition]?.evidence(of: transfer.id).settled == .paid
          }.map(\.id))
      }
      try await closing.conclude(page.filter { !$0.hasLiveAttempt || isPaid.contains($0.id) })
      try await dissolve(page.filter { $0.hold?.reason == .inconsistent })
      let due = page.filter {
        schedule.isDue(since: $0.updatedAt, previousSweep: previousSweep, now: now)
      }
      try await closing.announceFailing(due.filter { $0.state == .failing })
      try await announceVoiding(due.filter { $0.state == .voiding })
      guard page.count == Self.pageSize, let last = page.last else { return }
      after = last.id
    }
  }

  /// C7: transfers that the Signer refuses because members went elsewhere end, and let the others go.
  /// One whose members are all there and do not add up still waits for a person.
  private func dissolve(_ held: [Transfer]) async throws {
    guard !held.isEmpty else { return }
    let carriers = Dictionary(
      grouping: try await context.payouts.members(of: held.map(\.id)).filter {
        $0.state == .assigned
      }, by: { $0.transferID ?? TransferID("") })
    let torn = held.filter { transfer in
      !Set(carriers[transfer.id, default: []].map(\.id)).isSuperset(of: transfer.members)
    }
    guard !torn.isEmpty else { return }
    let now = context.clock.now()
    let evidence = try await context.evidence(of: torn)
    let won = try await context.write(torn) { transfer in
      transfer.dissolutionRequested(
        evidence: evidence[transfer.id] ?? JournalEvidence(), at: now)
    }
    try await announceVoiding(won)
  }

  /// Appends VOID for those whose canceller did not get to it, or whose record was lost.
  private func announceVoiding(_ voiding: [Transfer]) async throws(LogError) {
    guard !voiding.isEmpty else { return }
    try await context.log.append(voiding.map(LogMessages.void))
    context.observer.observe(
      .swept(stage: "confirmer", what: "void records", count: voiding.count))
  }

  private func closeEnded(_ partitions: [Int32], _ before: UnixMilliseconds) async throws {
    var after: TransferID?
    while true {
      let page = try await context.transfers.unclosed(
        partitions: partitions, updatedBefore: before, after: after, limit: Self.pageSize)
      try await closing.close(page)
      guard page.count == Self.pageSize, let last = page.last else { return }
      after = last.id
    }
  }

  /// C1, continuously, for everything in memory whose end the store is not known to have.
  private func repair() async throws {
    let (partitions, ids) = context.state.with { contents in
      (Set(contents.journals.keys), contents.journals.values.flatMap(\.unclosed))
    }
    for bulk in ids.sorted().chunked(Self.pageSize) {
      let whole = try await stage.healed(Array(bulk))
      try await closing.closeAgain(whole.filter(\.closed))
      context.state.with { contents in
        contents.update(whole)
        for transfer in whole where transfer.closed {
          contents.journals[transfer.partition]?.close(transfer.id)
        }
      }
    }
    context.state.with { contents in
      for partition in partitions { contents.journals[partition]?.repaired() }
    }
  }

  private func forget(_ now: UnixMilliseconds) {
    let horizon = now.advanced(milliseconds: -context.policy.journalRewind.milliseconds)
    context.state.with { contents in
      for partition in contents.partitions {
        contents.journals[partition]?.forget(before: horizon)
      }
    }
    for watch in watches { watch.forget(keeping: Self.solidWindow) }
  }

  // LIMIT: one page, and so one bulk of writes.
  private static let pageSize = 500
  // LIMIT: solidified blocks kept although nothing needs them, two hours on mainnet.
  private static let solidWindow: Int64 = 2_400
}
