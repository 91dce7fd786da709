import Tron

/// Enters into the audit log what a process admitted and took along when it died: entries of
/// admissions are written behind. The payouts themselves tell of them.
///
/// A process says every few seconds that it lives, and up to when all that it noted is in the log. When
/// it says nothing for minutes, and did not say that it ended, whoever looks first compares the payouts
/// of its last moments with the log. What two find missing at once is in the log twice.
public struct AdmissionAudit: Sendable {
  // LIMIT: who says nothing for so long is dead. A process that only stood still says again that it
  // lives; what it has yet to write is then in the log twice.
  static let silence: Int64 = 180_000
  // LIMIT: an insert ends at most 60 s after its reservation, which waits for another group at most
  // (`LimitRepair.pendingAge` says why), and its entry follows at once.
  static let underWay: Int64 = 90_000
  // LIMIT: how much longer than its last word a process may have lived, and how far clocks differ.
  static let allowance: Int64 = 30_000
  // LIMIT: processes looked at in one call.
  static let writers = 20
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

  /// Looks for processes that died. Answers how many entries were missing.
  @discardableResult
  public func settle() async throws(StoreError) -> Int {
    let dead = try await records.auditWriters(
      silentSince: clock.now().advanced(milliseconds: -Self.silence), limit: Self.writers)
    var entered = 0
    for writer in dead {
      guard let missing = try await missing(writer) else { continue }
      for part in missing.chunked(AuditQueue.blockSize) { try await audit.record(Array(part)) }
      entered += missing.count
      try await records.remove(writer)
    }
    return entered
  }

  /// Entries that are missing of a process's last moments; `nil` while it is not decided whether
  /// something was admitted.
  private func missing(_ writer: AuditWriter) async throws(StoreError) -> [AuditEntry]? {
    let start = writer.flushed.advanced(milliseconds: -Self.underWay)
    let end = writer.alive.advanced(milliseconds: Self.allowance)
    let logged = try await logged(since: start.advanced(milliseconds: -Self.allowance))
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
          guard !seen.contains(batch), !logged.contains(batch.text.hashValue) else { continue }
          if !payout.state.isAdmitted {
            guard let decision = decisions[batch] else { return nil }
            guard case .committed = decision else { continue }
          }
          seen.insert(batch)
          entries.append(Self.entry(for: payout, batch.text))
        } else if !logged.contains(payout.id.text.hashValue) {
          entries.append(Self.entry(for: payout, payout.id.text))
        }
      }
      guard page.count == Self.page, let last = page.last else { return entries }
      after = last.id
    }
  }

  /// What entries of admissions name since a time, which is minutes ago unless nobody was there, as
  /// hash values, which are a fraction of the texts.
  private func logged(since start: UnixMilliseconds) async throws(StoreError) -> Set<Int> {
    var subjects: Set<Int> = []
    var last = try await lastBlock(before: start)
    while true {
      let page = try await log.auditBlocks(after: last, limit: Self.blocks)
      for block in page {
        for entry in block.entries where entry.kind == .admission {
          for subject in entry.subjects { subjects.insert(subject.hashValue) }
        }
        last = block.number
      }
      guard page.count == Self.blocks else { return subjects }
    }
  }

  /// The number of a block before which all are of an earlier time: blocks are made one after the other,
  /// so their times rise, but for the difference of clocks.
  private func lastBlock(before time: UnixMilliseconds) async throws(StoreError) -> Int64 {
    var low: Int64 = 0
    var high = try await log.auditTip(after: nil)?.number ?? 0
    while low < high {
      let middle = low + (high - low) / 2
      guard let block = try await log.auditBlocks(after: middle, limit: 1).first,
        block.at < time
      else {
        high = middle
        continue
      }
      low = middle + 1
    }
    return low
  }

  private static func entry(for payout: Payout, _ subject: String) -> AuditEntry {
    AuditEntry(
      .admission, "created", at: payout.createdAt,
      by: AuditActor(who: payout.tenant.text, requestID: payout.requestID), subjects: [subject],
      note: "entered later: who admitted it ended before")
  }
}

/// One process that writes admissions into the audit log.
public struct AuditWriter: Hashable, Sendable {
  /// This run of the process; never used again.
  public var id: String
  /// Everything that it noted before is in the log.
  public var flushed: UnixMilliseconds
  /// When it said last that it lives.
  public var alive: UnixMilliseconds

  /// Collects the parts.
  public init(id: String, flushed: UnixMilliseconds, alive: UnixMilliseconds) {
    self.id = id
    self.flushed = flushed
    self.alive = alive
  }
}
