import Synchronization
import Tron

/// Takes entries that must be in the audit log before what they tell of is acknowledged, or tried.
public protocol AuditRecorder: Sendable {
  /// Returns when the entries are in the log, in one block.
  func record(_ entries: [AuditEntry]) async throws(StoreError)
}

extension AuditRecorder {
  /// Returns when the entry is in the log.
  public func record(_ entry: AuditEntry) async throws(StoreError) { try await record([entry]) }
}

/// Puts entries at the end of the audit log. Any number of processes may do so at once.
public final class AuditAppender: AuditRecorder {
  // LIMIT: other writers that may be faster before this is given up for now.
  private static let rounds = 32

  private let store: any AuditLogStore
  private let clock: any WallClock
  private let writer: String
  /// The newest block as far as this process knows; most often nobody else has written since.
  private let tip = Mutex<AuditTip?>(nil)

  /// - Parameter writer: This process's name.
  public init(store: any AuditLogStore, clock: any WallClock, writer: String) {
    self.store = store
    self.clock = clock
    self.writer = writer
  }

  /// Appends one block. When this throws the batch may be in the log or not; given to another call,
  /// it gets there once.
  public func append(_ batch: inout AuditBatch) async throws(StoreError) {
    for _ in 0..<Self.rounds {
      let block: AuditBlock
      if let begun = batch.block {
        block = begun
      } else {
        var last = tip.withLock { $0 }
        if last == nil { last = try await store.auditTip(after: nil) }
        block = AuditBlock(
          after: last, at: clock.now(), writer: writer, entries: batch.entries,
          dropped: batch.dropped)
      }
      batch.block = block
      if try await store.append(block) {
        tip.withLock { $0 = block.tip }
        return
      }
      // RACE: another writer has this number.
      batch.block = nil
      let newest = try await store.auditTip(after: tip.withLock { $0 })
      tip.withLock { $0 = newest }
    }
    throw StoreError(
      code: .unavailable, effect: .none, message: "too many write to the audit log at once")
  }

  /// Appends a block at once and tries hard; for what is acknowledged only when it is in the log.
  public func record(_ entries: [AuditEntry]) async throws(StoreError) {
    var batch = AuditBatch(entries: entries)
    for _ in 1..<Self.tries {
      do { return try await append(&batch) } catch {
        // The last try below tells what is wrong.
      }
    }
    try await append(&batch)
  }

  // LIMIT: each try waits for the store as long as a call may.
  private static let tries = 3
}
