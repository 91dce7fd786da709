import Tron

/// Looks at the payouts that the ``KYCGate`` holds back, tells how many they are, and announces them
/// again as soon as their recipients have active records.
///
/// Remembers only what it saw held, so that nothing that merely waits for its turn is announced. What a
/// restart makes it forget, the sweeper of Ingest announces a little later.
public actor HeldPayouts {
  // LIMIT: bounds one look; what lies behind it waits until what is in front goes on.
  private static let pagesPerLook = 50
  private static let pageSize = 200

  private let payouts: any KYCPayoutStore
  private let gate: KYCGate
  private let log: any LogAppender
  private let observer: any StageObserver
  private var held: Set<PayoutID> = []

  /// Collects the parts.
  public init(
    payouts: any KYCPayoutStore, gate: KYCGate, log: any LogAppender,
    observer: any StageObserver
  ) {
    self.payouts = payouts
    self.gate = gate
    self.log = log
    self.observer = observer
  }

  /// Looks once; call it every few seconds.
  public func look() async throws {
    var found: Set<PayoutID> = []
    var after: PayoutID?
    for _ in 0..<Self.pagesPerLook {
      let page = try await payouts.acceptedForKYC(after: after, limit: Self.pageSize)
      let (allowed, waiting) = try await gate.parted(page)
      let released = allowed.filter { held.contains($0.id) }
      if !released.isEmpty {
        try await log.append(released.map { LogMessages.requested($0) })
        observer.observe(
          .swept(stage: "batcher", what: "payouts with a KYC record again", count: released.count))
      }
      found.formUnion(waiting.map(\.id))
      guard page.count == Self.pageSize, let last = page.last else { break }
      after = last.id
    }
    held = found
    observer.observe(.heldForKYC(count: found.count))
  }
}
