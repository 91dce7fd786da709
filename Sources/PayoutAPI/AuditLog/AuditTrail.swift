import Payouts
import Service
import Synchronization
import Tron

/// The audit log as this process writes it: requests leave their entries here without waiting, and
/// whoever runs ``flush(isFinal:)`` brings them into the store, many in one block.
public final class AuditTrail: AuditRecorder {
  private let appender: AuditAppender
  private let clock: any WallClock
  private let metrics: APIMetrics
  private let queue = Mutex(AuditQueue())

  /// Woken when there is something to write.
  public let signal = WakeSignal()
  // LIMIT: how long entries gather, so that a busy moment makes one block.
  private static let gathering = Duration.milliseconds(50)

  init(
    store: any AuditLogStore, clock: any WallClock, writer: String, metrics: APIMetrics
  ) {
    appender = AuditAppender(store: store, clock: clock, writer: writer)
    self.clock = clock
    self.metrics = metrics
  }

  /// Something happened that nobody waits for.
  func note(_ entry: AuditEntry) {
    if !queue.withLock({ $0.add(entry) }) { metrics.auditEntriesDropped.increment() }
    signal.wake()
  }

  /// Somebody was not let in.
  func noteRefusal(_ error: APIError, _ call: Call) {
    let entry = AuditEntry(
      .authenticationRefused, "refused", at: call.receivedAt, by: call.actor,
      note: error.refusal.details.first { $0.name == "reason" }?.value.text)
    queue.withLock { $0.addRefusal(entry) }
    signal.wake()
  }

  /// Waits until the entries are in the log.
  public func record(_ entries: [AuditEntry]) async throws(StoreError) {
    try await appender.record(entries)
  }

  /// Lets entries gather for a moment and writes them.
  public func gatherAndFlush() async throws {
    try await Task.sleep(for: Self.gathering)
    try await flush()
  }

  /// Writes what waits.
  public func flush(isFinal: Bool = false) async throws(StoreError) {
    while var batch = queue.withLock({ $0.take(now: clock.now(), isFinal: isFinal) }) {
      do {
        try await appender.append(&batch)
      } catch {
        queue.withLock { $0.giveBack(batch) }
        throw error
      }
      metrics.auditEntries.increment(by: batch.entries.count)
    }
  }
}

extension Call {
  /// Who calls, and from where.
  var actor: AuditActor {
    AuditActor(
      who: caller?.tenant.text, role: caller?.role.rawValue, from: peer, requestID: id)
  }
}
