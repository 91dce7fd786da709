import Tron

/// Changes KYC records, and records every change in the audit log before it is acknowledged.
public struct KYCRegister: Sendable {
  // LIMIT: other writers that may be faster before this is given up for now.
  private static let rounds = 8

  private let store: any KYCStore
  private let audit: any AuditRecorder
  private let clock: any WallClock

  /// Collects the ports.
  public init(store: any KYCStore, audit: any AuditRecorder, clock: any WallClock) {
    self.store = store
    self.audit = audit
    self.clock = clock
  }

  /// Records a recipient, in place of whatever was recorded of it; a revoked one is active again.
  /// Answers whether there was none before.
  public func add(
    _ record: KYCRecord, by actor: AuditActor
  ) async throws(StoreError) -> (record: KYCRecord, isNew: Bool) {
    for _ in 0..<Self.rounds {
      let old = try await store.kycRecords([record.recipient]).first
      var new = record
      new.at = clock.now()
      new.rev = (old?.rev ?? 0) + 1
      guard try await store.write(new, replacing: old) else { continue }
      try await audit.record(
        AuditEntry(
          .kyc, "added", at: new.at, by: actor, subjects: [new.recipient.base58],
          note: "level \(new.level), until \(new.expiresAt.iso8601), reference \(new.referenceHash)"
        ))
      return (new, old == nil)
    }
    throw Self.contended
  }

  /// Withdraws a record; `nil` when there is none. One that was withdrawn before is left as it is.
  public func revoke(
    _ recipient: TronAddress, reason: String, by actor: AuditActor
  ) async throws(StoreError) -> KYCRecord? {
    for _ in 0..<Self.rounds {
      guard let old = try await store.kycRecords([recipient]).first else { return nil }
      guard old.revocation == nil else { return old }
      let now = clock.now()
      var new = old
      new.revocation = KYCRecord.Revocation(reason: reason, by: actor.who ?? "unknown", at: now)
      new.rev += 1
      guard try await store.write(new, replacing: old) else { continue }
      try await audit.record(
        AuditEntry(
          .kyc, "revoked", at: now, by: actor, subjects: [recipient.base58], note: reason))
      return new
    }
    throw Self.contended
  }

  private static let contended = StoreError(
    code: .unavailable, effect: .none, message: "too many change the same record at once")
}
