import Tron

/// Finishes batches whose creator did not: payouts that are still prepared after a while are admitted
/// when their batch is committed, and deleted when it is not.
///
/// Remembers nothing, and any number of copies may run: the decision of a batch is one inserted
/// document. See `BatchAdmission.swift` for what may happen when.
public struct BatchSweeper: Sendable {
  // LIMIT: a creator needs some milliseconds. One that is slower, or whose clock is behind ours, finds
  // its batch aborted, and its client is told that nothing was accepted.
  /// How old prepared payouts are when they are looked at.
  public static let minimumAgeMilliseconds: Int64 = 30_000
  // LIMIT: bounds one call and one bulk; a longer backlog goes on in the next call.
  private static let pagesPerSweep = 50
  private static let pageSize = 200

  private let payouts: any PayoutStore
  private let batches: any BatchStore
  private let log: any LogAppender
  private let clock: any WallClock
  private let observer: any StageObserver

  /// Collects the parts.
  public init(
    payouts: any PayoutStore, batches: any BatchStore, log: any LogAppender,
    clock: any WallClock, observer: any StageObserver
  ) {
    self.payouts = payouts
    self.batches = batches
    self.log = log
    self.clock = clock
    self.observer = observer
  }

  /// Looks once; call it every few seconds.
  public func sweep() async throws {
    let oldest = clock.now().advanced(milliseconds: -Self.minimumAgeMilliseconds)
    var after: PayoutID?
    for _ in 0..<Self.pagesPerSweep {
      let page = try await payouts.payouts(
        in: .prepared, createdBefore: oldest, after: after, limit: Self.pageSize)
      try await finish(page)
      guard page.count == Self.pageSize, let last = page.last else { return }
      after = last.id
    }
  }

  /// Payouts of a batch may come in two pages: each part is finished by itself, by one decision.
  private func finish(_ page: [Payout]) async throws {
    let groups = Dictionary(grouping: page.filter { $0.batchID != nil }) { $0.batchID }
      .compactMap { id, payouts in id.map { (id: $0, payouts: payouts) } }
      .sorted { $0.id < $1.id }
    guard !groups.isEmpty else { return }
    let known = try await batches.decisions(on: groups.map(\.id))
    var admitted: [Payout] = []
    var discarded = 0
    for group in groups {
      switch try await recovery(of: group.id, known[group.id]) {
      case .admit(let batch):
        try await batches.admitPayouts(of: batch)
        admitted += group.payouts.map(\.admitted)
      case .discard, .decide:
        try await batches.discard(group.payouts.map(\.id), of: group.id)
        discarded += group.payouts.count
      }
    }
    observer.observe(.preparedPayoutsFinished(admitted: admitted.count, discarded: discarded))
    // When this fails they are announced again as accepted payouts are.
    if !admitted.isEmpty { try await log.append(admitted.map { LogMessages.requested($0) }) }
  }

  private func recovery(
    of id: BatchID, _ known: BatchDecision?
  ) async throws(StoreError) -> BatchRecovery {
    let recovery = BatchRecovery(known)
    guard recovery == .decide else { return recovery }
    return BatchRecovery(try await batches.decide(.aborted(at: clock.now()), on: id))
  }
}
