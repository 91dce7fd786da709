import Tron

/// Changes KYC records, and records every change in the audit log before it is acknowledged. A record
/// holds the entry of its own change until it is there: who dies in between leaves it to others.
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
      let entry = AuditEntry(
        .kyc, "added", at: new.at, by: actor, subjects: [new.recipient.base58],
        note: "level \(new.level), until \(new.expiresAt.iso8601), reference \(new.referenceHash)")
      guard let written = try await write(new, replacing: old, entry) else { continue }
      return (written, old == nil)
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
      let entry = AuditEntry(
        .kyc, "revoked", at: now, by: actor, subjects: [recipient.base58], note: reason)
      guard let written = try await write(new, replacing: old, entry) else { continue }
      return written
    }
    throw Self.contended
  }

  /// Writes a record with its entry, then the entry into the log; `nil` when others were faster.
  private func write(
    _ record: KYCRecord, replacing old: KYCRecord?, _ entry: AuditEntry
  ) async throws(StoreError) -> KYCRecord? {
    if let old, old.unlogged != nil {
      try await writeLog(of: old)
      return nil
    }
    var new = record
    new.rev = (old?.rev ?? 0) + 1
    new.unlogged = entry
    guard try await store.write(new, replacing: old) else { return nil }
    return try await writeLog(of: new)
  }

  @discardableResult
  private func writeLog(of record: KYCRecord) async throws(StoreError) -> KYCRecord {
    guard let entry = record.unlogged else { return record }
    try await audit.record(entry)
    var logged = record
    logged.unlogged = nil
    logged.rev += 1
    // RACE: whoever changed it since has seen that the entry was missing, and logged it too.
    _ = try await store.write(logged, replacing: record)
    return logged
  }

  /// Brings into the audit log what somebody changed who died before it was there; call it now and
  /// then. Answers how many changes those were.
  @discardableResult
  public func settleLog() async throws(StoreError) -> Int {
    let before = clock.now().advanced(milliseconds: -Self.patienceMilliseconds)
    let due = try await store.kycUnlogged(limit: Self.pageSize)
      .filter { record in record.unlogged.map { $0.at < before } ?? false }
    for record in due { try await writeLog(of: record) }
    return due.count
  }

  // LIMIT: writing an entry takes less, so nobody else writes it meanwhile.
  private static let patienceMilliseconds: Int64 = 60_000
  // LIMIT: bounds one call; what is left goes on in the next.
  private static let pageSize = 100

  private static let contended = StoreError(
    code: .unavailable, effect: .none, message: "too many change the same record at once")
}
