import Tron

/// Enters into the audit log what was admitted and is not in it: entries of admissions are written
/// behind, and a process that is killed takes those of its last moment along. The payouts themselves
/// tell of them.
///
/// Any number of copies may look; what two of them find missing at once is in the log twice.
public struct AdmissionAudit: Sendable {
  // LIMIT: how long an entry may take to reach the log, and how far clocks may differ. One that takes
  // longer, because the store was away, is in the log twice.
  static let patience: Int64 = 60_000
  // LIMIT: milliseconds of admissions that are looked at together, so what memory holds.
  static let slice: Int64 = 60_000
  // LIMIT: slices of one call; what a day without any copy left is looked at over some calls.
  static let slices = 60
  private static let blocks = 50
  private static let page = 500

  private let log: any AuditLogStore
  private let records: any AdmissionRecordStore
  private let batches: any BatchStore
  private let audit: any AuditRecorder
  private let clock: any WallClock

  /// Collects the ports.
  public init(
    log: any AuditLogStore, records: any AdmissionRecordStore, batches: any BatchStore,
    audit: any AuditRecorder, clock: any WallClock
  ) {
    self.log = log
    self.records = records
    self.batches = batches
    self.audit = audit
    self.clock = clock
  }

  /// Looks at what was admitted since the last look, but for the last minute. Answers how many
  /// entries were missing.
  @discardableResult
  public func settle() async throws(StoreError) -> Int {
    let now = clock.now()
    guard var mark = try await records.auditMark() else {
      // A database of an earlier version, or a new one: from here on.
      let tip = try await log.auditTip(after: nil)
      try await records.write(
        AuditMark(
          admissions: now.advanced(milliseconds: Self.patience), block: tip?.number ?? 0))
      return 0
    }
    var entered = 0
    for _ in 0..<Self.slices {
      let end = min(
        mark.admissions.advanced(milliseconds: Self.slice),
        now.advanced(milliseconds: -Self.patience))
      guard end > mark.admissions else { break }
      let (logged, block) = try await logged(after: mark.block, until: end)
      guard let missing = try await missing(from: mark.admissions, until: end, logged) else {
        break
      }
      for part in missing.chunked(AuditQueue.blockSize) { try await audit.record(Array(part)) }
      entered += missing.count
      mark = AuditMark(admissions: end, block: block)
      try await records.write(mark)
    }
    return entered
  }

  /// What entries of admissions name, and the last block that cannot name anything of later than `end`.
  private func logged(
    after start: Int64, until end: UnixMilliseconds
  ) async throws(StoreError) -> (Set<String>, Int64) {
    var subjects: Set<String> = []
    var (last, done, isDone) = (start, start, true)
    while true {
      let page = try await log.auditBlocks(after: last, limit: Self.blocks)
      for block in page {
        for entry in block.entries where entry.kind == .admission {
          subjects.formUnion(entry.subjects)
        }
        isDone = isDone && block.at.advanced(milliseconds: Self.patience) < end
        if isDone { done = block.number }
        last = block.number
      }
      guard page.count == Self.blocks else { return (subjects, done) }
    }
  }

  /// Entries that are missing; `nil` while it is not decided whether something was admitted.
  private func missing(
    from start: UnixMilliseconds, until end: UnixMilliseconds, _ logged: Set<String>
  ) async throws(StoreError) -> [AuditEntry]? {
    var entries: [AuditEntry] = []
    var seen: Set<BatchID> = []
    var after: PayoutID?
    while true {
      let page = try await records.payouts(
        createdFrom: start, before: end, after: after, limit: Self.page)
      let open = Set(page.compactMap { $0.state.isAdmitted ? nil : $0.batchID })
        .sorted { $0.text < $1.text }
      let decisions = open.isEmpty ? [:] : try await batches.decisions(on: open)
      for payout in page {
        if let batch = payout.batchID {
          guard !seen.contains(batch), !logged.contains(batch.text) else { continue }
          if !payout.state.isAdmitted {
            guard let decision = decisions[batch] else { return nil }
            guard case .committed = decision else { continue }
          }
          seen.insert(batch)
          entries.append(Self.entry(for: payout, batch.text))
        } else if !logged.contains(payout.id.text) {
          entries.append(Self.entry(for: payout, payout.id.text))
        }
      }
      guard page.count == Self.page, let last = page.last else { return entries }
      after = last.id
    }
  }

  private static func entry(for payout: Payout, _ subject: String) -> AuditEntry {
    AuditEntry(
      .admission, "created", at: payout.createdAt,
      by: AuditActor(who: payout.tenant.text, requestID: payout.requestID), subjects: [subject],
      note: "entered later: who admitted it ended before")
  }
}

/// How far admissions were compared with the audit log.
public struct AuditMark: Hashable, Sendable {
  /// Everything that was created before it is in the log.
  public var admissions: UnixMilliseconds
  /// What was created from then on is named by later blocks than this one.
  public var block: Int64

  /// Collects the parts.
  public init(admissions: UnixMilliseconds, block: Int64) {
    self.admissions = admissions
    self.block = block
  }
}
