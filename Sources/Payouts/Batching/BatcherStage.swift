import Tron

/// The Batcher: payouts that are due become transfers, and transfers are handed to the Signer
/// (rules B1 to B4). Any number of copies may run; every step may be repeated by any of them.
///
/// A message only ever forms IMMEDIATE payouts: those that wait for their window are found in the
/// store when it has closed (``WindowClosing``).
public struct BatcherStage: RecordProcessor {
  private let context: BatcherContext
  private let formation: TransferFormation
  private let duty: ClosingDuty

  /// - Parameter duty: told whether this copy is the one that closes windows.
  public init(_ context: BatcherContext, duty: ClosingDuty) {
    self.context = context
    self.formation = TransferFormation(context: context)
    self.duty = duty
  }

  /// Takes on the closing of windows with the partition that it goes with.
  public func assigned(_ partitions: [TopicPartition]) async { duty.assigned(partitions) }

  /// Leaves the closing of windows to the new owner of the partition.
  public func revoked(_ partitions: [TopicPartition]) async { duty.revoked(partitions) }

  /// Takes the effect of every record; see ``RecordProcessor``.
  public func process(_ records: [IncomingRecord]) async throws {
    let decoded = DecodedRecords(records, LogMessages.payout)
    try await decoded.bury(in: context.log, telling: context.observer)
    try await form(Array(Set(decoded.messages.map(\.id))).sorted())
  }

  /// Forms the transfers of those payouts that are due, whatever was done for them before.
  private func form(_ ids: [PayoutID]) async throws {
    guard !ids.isEmpty else { return }
    let found = try await context.payouts.payouts(ids).sorted { $0.id < $1.id }
    let due = try await context.kyc.parted(found.filter { $0.state == .accepted }).allowed
    let begun = found.filter { $0.state == .assigned }
    let new = try await formation.assign(due.map { [$0] })
    try await formation.complete(
      new: new, perhapsThere: Array(Set(begun.compactMap(\.transferID))).sorted())
  }

  /// Forms the transfers of URGENT payouts that wait behind others in their topic: a long backlog of
  /// messages is no reason for them to wait. Call it a few times a second.
  public func formUrgent() async throws {
    let end = context.clock.now().advanced(milliseconds: -Self.urgentPatience)
    // Past those that are held for want of a KYC record, however many they are.
    var from: UnixMilliseconds?
    while true {
      let page = try await context.lanes.urgent(
        createdFrom: from, createdBefore: end, limit: Self.pageSize)
      try await form(page.map(\.id))
      guard page.count == Self.pageSize, let last = page.last?.createdAt else { return }
      // Those of one millisecond that do not fit into a page are left to their messages.
      from = last == from ? last.advanced(milliseconds: 1) : last
    }
  }

  /// Looks at payouts that carry a transfer for a while: when nobody inserted it (a crash between
  /// B1 and B2), it is inserted; when it does not name them (B4), they leave it.
  public func sweep(_ schedule: ResendSchedule, previousSweep: UnixMilliseconds?) async throws {
    let now = context.clock.now()
    var after: PayoutID?
    var formed = 0
    while true {
      let page = try await context.payouts.payouts(
        in: .assigned, createdBefore: now.advanced(milliseconds: -schedule.first.milliseconds),
        after: after, limit: Self.pageSize)
      let due = page.filter {
        schedule.isDue(since: $0.dueSince, previousSweep: previousSweep, now: now)
      }
      let ids = Array(Set(due.compactMap(\.transferID))).sorted()
      let there = ids.isEmpty ? [] : try await context.transfers.transfers(ids)
      let known = Set(there.map(\.id))
      let missing = due.filter { $0.transferID.map { !known.contains($0) } ?? false }
      try await form(missing.map(\.id))
      try await formation.release(due, from: there)
      formed += missing.count
      guard page.count == Self.pageSize, let last = page.last else { break }
      after = last.id
    }
    if formed > 0 {
      context.observer.observe(
        .swept(stage: "batcher", what: "missing transfers", count: formed))
    }
  }

  // LIMIT: one page of the sweeper, and so one bulk of its writes.
  private static let pageSize = 500
  // LIMIT: milliseconds that the message of an URGENT payout has the time to arrive.
  private static let urgentPatience: Int64 = 150
}

extension Payout {
  /// Since when it may have a transfer.
  fileprivate var dueSince: UnixMilliseconds { max(createdAt, windowID?.end ?? createdAt) }
}
