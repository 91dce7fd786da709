import Logging
import Payouts
import Synchronization

/// Appends to the log: idempotent, acknowledged by all in-sync replicas, in order per partition.
///
/// It keeps trying while no broker can be reached, each record up to `deliveryTimeout`. A cancelled
/// task stops waiting at once, with effect `inDoubt`; delivery of what was handed over goes on.
public final class KafkaProducer: LogAppender {
  /// How long, how much.
  public struct Options: Sendable {
    /// A record that is not acknowledged by then has failed.
    public var deliveryTimeout: Duration = .seconds(30)
    /// Records waiting for an acknowledgement; more than that waits in `append`.
    public var queueLimitRecords = 100_000
    /// The same in kilobytes.
    public var queueLimitKilobytes = 65_536
    /// How long `close` goes on delivering.
    public var flushTimeout: Duration = .seconds(5)

    /// The defaults of a worker.
    public init() {}
  }

  private enum State {
    case open(ProducerSession, since: ContinuousClock.Instant)
    case closed
  }

  // LIMIT: pause between two looks at a full queue.
  private static let backPressurePause = Duration.milliseconds(5)
  // LIMIT: a broker that refuses every session is asked once a second, not in a loop.
  private static let sessionPause = Duration.seconds(1)

  private let settings: KafkaSettings
  private let options: Options
  private let events: HandleEvents
  private let state: Mutex<State>

  /// Connects in the background; fails only on unusable settings.
  public init(
    settings: KafkaSettings, options: Options = Options(), logger: Logger
  ) throws(KafkaSettingsError) {
    self.settings = settings
    self.options = options
    events = HandleEvents(connection: ConnectionBoard(), log: ThrottledLog(logger))
    let session = try ProducerSession(settings: settings, options: options, events: events)
    state = Mutex(.open(session, since: .now))
  }

  deinit {
    if case .open(let session, _) = state.withLock({ $0 }) { session.abandon() }
  }

  /// Whether there is a broker to talk to.
  public var connection: KafkaConnection { events.connection.connection }

  /// Records handed over and not yet acknowledged.
  public var queueDepth: Int {
    switch state.withLock({ $0 }) {
    case .open(let session, _): session.queueDepth
    case .closed: 0
    }
  }

  /// Returns when every record is acknowledged by all in-sync replicas; throws when one is not.
  ///
  /// Of a batch that failed in part the effect is `inDoubt`; `none` means that nothing of it is in
  /// the log, `refused` that nothing of it ever will be.
  public func append(_ records: [OutgoingRecord]) async throws(LogError) {
    guard !records.isEmpty else { return }
    let batch = DeliveryBatch(count: records.count)
    let deadline = ContinuousClock.now + options.deliveryTimeout
    for (index, record) in records.enumerated() {
      do throws(LogError) {
        try await handOver(record, batch, until: deadline)
      } catch {
        batch.settle(records.count - index, error)
        break
      }
    }
    try await batch.wait()
  }

  /// Delivers what is queued, within `flushTimeout`, and fails what is left. Later appends fail.
  public func close() async {
    let last = state.withLock { state in exchange(&state, with: .closed) }
    if case .open(let session, _) = last { await session.close(flushFor: options.flushTimeout) }
  }

  private func handOver(
    _ record: OutgoingRecord, _ batch: DeliveryBatch, until deadline: ContinuousClock.Instant
  ) async throws(LogError) {
    while true {
      let session = try liveSession()
      switch session.handOver(record, for: batch) {
      case .queued: return
      case .refused(let error): throw error
      case .queueFull, .sessionDied: break
      }
      guard ContinuousClock.now < deadline else {
        throw LogError(code: .unavailable, effect: .none, message: "append: the queue stays full")
      }
      try await pause()
    }
  }

  private func pause() async throws(LogError) {
    do {
      try await Task.sleep(for: Self.backPressurePause)
    } catch {
      throw LogError(
        code: .unavailable, effect: .none, message: "append: cancelled while the queue is full")
    }
  }

  /// The present session; a new one in place of one that a fatal error ended.
  private func liveSession() throws(LogError) -> ProducerSession {
    try state.withLock { state throws(LogError) in
      guard case .open(let session, let since) = state else {
        throw LogError(code: .closed, effect: .none, message: "append: the producer is closed")
      }
      guard session.isDead else { return session }
      let now = ContinuousClock.now
      guard now > since + Self.sessionPause else {
        throw LogError(
          code: .unavailable, effect: .none, message: "append: the producer is being reopened")
      }
      let next = try reopened()
      state = .open(next, since: now)
      session.abandon()
      return next
    }
  }

  private func reopened() throws(LogError) -> ProducerSession {
    events.log.write(
      .warning, facility: "REOPEN", "a fatal error ended the producer; opening another")
    do {
      return try ProducerSession(settings: settings, options: options, events: events)
    } catch {
      throw LogError(code: .unavailable, effect: .none, message: "append: \(error)")
    }
  }
}
