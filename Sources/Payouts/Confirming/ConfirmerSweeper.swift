import Tron

/// Keeps the Confirmer's picture whole: what the store says is open is watched, what ended is
/// closed, what is failing is announced again, what memory holds and the store lost is put back.
public struct ConfirmerSweeper: Sendable {
  private let context: ConfirmerContext
  private let watches: [SolidityWatch]
  private let stage: JournalStage
  private let closing: Closing

  /// Collects the parts of one Confirmer.
  public init(context: ConfirmerContext, watches: [SolidityWatch], stage: JournalStage) {
    self.context = context
    self.watches = watches
    self.stage = stage
    self.closing = Closing(context: context)
  }

  /// One pass over everything open in our partitions.
  public func sweep(_ schedule: ResendSchedule, previousSweep: UnixMilliseconds?) async throws {
    let partitions = context.state.with { Array($0.partitions).sorted() }
    guard !partitions.isEmpty else { return }
    let now = context.clock.now()
    try await watchOpen(partitions, schedule, previousSweep, now)
    try await closeEnded(partitions, now.advanced(milliseconds: -schedule.first.milliseconds))
    try await repair()
    forget(now)
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
      context.state.with { $0.update(page) }
      try await closing.conclude(page.filter { !$0.hasLiveAttempt })
      let due = page.filter {
        schedule.isDue(since: $0.updatedAt, previousSweep: previousSweep, now: now)
      }
      try await closing.announceFailing(due.filter { $0.state == .failing })
      try await announceVoiding(due.filter { $0.state == .voiding })
      guard page.count == Self.pageSize, let last = page.last else { return }
      after = last.id
    }
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

  /// C1, continuously: transfers with plans in memory whose end is not known to everyone.
  private func repair() async throws {
    let ids = context.state.with { contents in contents.journals.values.flatMap(\.repairable) }
    for bulk in ids.sorted().chunked(Self.pageSize) {
      let found = try await context.transfers.transfers(Array(bulk))
      let whole = try await stage.recordMissing(found)
      context.state.with { contents in
        for transfer in whole where transfer.closed {
          contents.journals[transfer.partition]?.forgetPlans(of: transfer.id)
        }
      }
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
