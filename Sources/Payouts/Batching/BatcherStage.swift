import Tron

/// The Batcher: payouts that are due become transfers, and transfers are handed to the Signer
/// (rules B1 to B3). Any number of copies may run; every step may be repeated by any of them.
public struct BatcherStage: RecordProcessor {
  private let payouts: any PayoutStore
  private let transfers: any TransferStore
  private let log: any LogAppender
  private let clock: any WallClock
  private let observer: any StageObserver
  private let failpoints: any Failpoints
  private let partitions: Int32
  private let kyc: KYCGate

  /// - Parameters:
  ///   - partitions: how many partitions the journal has.
  ///   - kyc: holds back payouts whose recipients have no active record.
  public init(
    payouts: any PayoutStore, transfers: any TransferStore, log: any LogAppender,
    clock: any WallClock, observer: any StageObserver, failpoints: any Failpoints,
    partitions: Int32, kyc: KYCGate
  ) {
    self.payouts = payouts
    self.transfers = transfers
    self.log = log
    self.clock = clock
    self.observer = observer
    self.failpoints = failpoints
    self.partitions = partitions
    self.kyc = kyc
  }

  /// Takes the effect of every record; see ``RecordProcessor``.
  public func process(_ records: [IncomingRecord]) async throws {
    let decoded = DecodedRecords(records, LogMessages.payout)
    try await decoded.bury(in: log, telling: observer)
    try await form(Array(Set(decoded.messages.map(\.id))).sorted())
  }

  /// Forms the transfers of those payouts that are due, whatever was done for them before.
  private func form(_ ids: [PayoutID]) async throws {
    guard !ids.isEmpty else { return }
    let found = try await payouts.payouts(ids).sorted { $0.id < $1.id }
    let due = try await kyc.parted(found.filter { $0.state == .accepted }).allowed
    let begun = found.filter { $0.state == .assigned }
    if !due.isEmpty {
      failpoints.reach(.batcherBeforeAssign)
      try await payouts.assign(
        due.map {
          PayoutAssignment(
            payout: $0.id, rev: $0.rev, transfer: TransferForming.transferID(ofImmediate: $0))
        })
      failpoints.reach(.batcherAfterAssign)
    }
    try await insertTransfers(
      new: due.map(TransferForming.transferID(ofImmediate:)),
      perhapsThere: begun.compactMap(\.transferID))
  }

  /// B2 and B3. Of the transfers that may be there already, only those that still wait get a hint.
  private func insertTransfers(new: [TransferID], perhapsThere: [TransferID]) async throws {
    let there = perhapsThere.isEmpty ? [] : try await transfers.transfers(perhapsThere)
    let known = Set(there.map(\.id))
    let missing = new + perhapsThere.filter { !known.contains($0) }
    var waiting = there.filter { $0.state == .ready }
    if !missing.isEmpty {
      let members = try await payouts.members(of: missing).filter { $0.state == .assigned }
      let formed = TransferForming.transfers(of: members, partitions: partitions, at: clock.now())
      try await transfers.insert(formed)
      failpoints.reach(.batcherAfterInsert)
      observer.observe(.transfersFormed(formed))
      waiting += formed
    }
    guard !waiting.isEmpty else { return }
    try await log.append(waiting.map(LogMessages.ready))
    failpoints.reach(.batcherAfterHint)
  }

  /// Gives payouts that carry a transfer which nobody inserted (a crash between B1 and B2 whose
  /// message is lost) their transfer.
  public func sweep(_ schedule: ResendSchedule, previousSweep: UnixMilliseconds?) async throws {
    let now = clock.now()
    var after: PayoutID?
    var formed = 0
    while true {
      let page = try await payouts.payouts(
        in: .assigned, createdBefore: now.advanced(milliseconds: -schedule.first.milliseconds),
        after: after, limit: Self.pageSize)
      let due = page.filter {
        schedule.isDue(since: $0.createdAt, previousSweep: previousSweep, now: now)
      }
      let there = due.isEmpty ? [] : try await transfers.transfers(due.compactMap(\.transferID))
      let known = Set(there.map(\.id))
      let missing = due.filter { $0.transferID.map { !known.contains($0) } ?? false }
      try await form(missing.map(\.id))
      formed += missing.count
      guard page.count == Self.pageSize, let last = page.last else { break }
      after = last.id
    }
    if formed > 0 {
      observer.observe(.swept(stage: "batcher", what: "missing transfers", count: formed))
    }
  }

  // LIMIT: one page of the sweeper, and so one bulk of its writes.
  private static let pageSize = 500
}
