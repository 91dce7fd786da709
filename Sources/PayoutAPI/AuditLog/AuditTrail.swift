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
  private let writers: any AuditWriterStore
  /// What this run of the process said last of itself.
  private let writer: Mutex<AuditWriter>
  private let groups = Mutex(
    GroupCommit<Waiting>(maximumGroup: 50, maximumUnderWay: 1, capacity: 2_000))

  /// Entries that somebody waits for.
  private struct Waiting: Sendable {
    var entries: [AuditEntry]
    var turn: CheckedContinuation<Turn, Never>
  }

  /// What becomes of them.
  private enum Turn: Sendable {
    /// Record this group; the entries are its first.
    case lead([Waiting])
    /// Somebody else recorded them.
    case done(Result<Void, StoreError>)
    /// Too many wait.
    case full
  }

  /// Woken when there is something to write.
  public let signal = WakeSignal()
  // LIMIT: how long entries gather, so that a busy moment makes one block.
  private static let gathering = Duration.milliseconds(50)

  init(
    store: any AuditLogStore & AuditWriterStore, clock: any WallClock, writer: String,
    metrics: APIMetrics
  ) {
    writers = store
    let run = UInt64.random(in: .min ... .max)
    self.writer = Mutex(
      AuditWriter(
        id: "\(writer) \(String(run, radix: 36))", flushed: clock.now(), alive: clock.now()))
    appender = AuditAppender(store: store, clock: clock, writer: writer)
    self.clock = clock
    self.metrics = metrics
  }

  /// Something happened that nobody waits for.
  func note(_ entry: AuditEntry) {
    if !queue.withLock({ $0.add(entry) }) { metrics.auditEntriesDropped.increment() }
    signal.wake()
  }

  /// Notes when it is not known whether something was admitted.
  func notingDoubt<Answer>(
    of subject: String, at time: UnixMilliseconds, _ call: Call, _ admit: () async throws -> Answer
  ) async throws -> Answer {
    do { return try await admit() } catch let error as APIError where error.isOutcomeUnknown {
      note(
        AuditEntry(
          .admission, "outcome_unknown", at: time, by: call.actor, subjects: [subject]))
      throw error
    }
  }

  /// Somebody was not let in.
  func noteRefusal(_ error: APIError, _ call: Call) {
    let entry = AuditEntry(
      .authenticationRefused, "refused", at: call.receivedAt, by: call.actor,
      note: error.refusal.details.first { $0.name == "reason" }?.value.text)
    queue.withLock { $0.addRefusal(entry) }
    signal.wake()
  }

  /// Waits until the entries are in the log, in one block with those of others who wait: this process
  /// does not race with itself for the next number.
  public func record(_ entries: [AuditEntry]) async throws(StoreError) {
    let turn = await withCheckedContinuation { turn in
      let waiting = Waiting(entries: entries, turn: turn)
      switch groups.withLock({ $0.submitted(waiting) }) {
      case .lead: turn.resume(returning: .lead([waiting]))
      case .wait: break
      case .refuse: turn.resume(returning: .full)
      }
    }
    switch turn {
    case .lead(let group): try await record(group).get()
    case .done(let result): try result.get()
    case .full:
      throw StoreError(
        code: .unavailable, effect: .none, message: "too many wait for the audit log")
    }
  }

  /// Records a group, wakes the next one and tells the followers.
  private func record(_ group: [Waiting]) async -> Result<Void, StoreError> {
    let result: Result<Void, StoreError>
    do throws(StoreError) {
      try await appender.record(group.flatMap(\.entries))
      result = .success(())
    } catch {
      result = .failure(error)
    }
    let next = groups.withLock { $0.committed() }
    next.first?.turn.resume(returning: .lead(next))
    for waiting in group.dropFirst() { waiting.turn.resume(returning: .done(result)) }
    return result
  }

  /// Lets entries gather for a moment and writes them.
  public func gatherAndFlush() async throws {
    try await Task.sleep(for: Self.gathering)
    try await flush()
  }

  /// Writes what waits, then says that this process lives, and up to when its entries are in the log;
  /// call it every few seconds.
  public func beat() async throws(StoreError) {
    let now = clock.now()
    let fault: StoreError?
    do throws(StoreError) {
      try await flush()
      fault = nil
    } catch {
      fault = error
    }
    let said = writer.withLock { writer in
      if fault == nil { writer.flushed = now }
      writer.alive = now
      return writer
    }
    try await writers.write(said)
    if let fault { throw fault }
  }

  /// Writes everything, and says that nothing more will come.
  func end() async throws(StoreError) {
    try await flush(isFinal: true)
    try await writers.remove(writer.withLock { $0 })
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
