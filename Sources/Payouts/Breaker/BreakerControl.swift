import Tron

/// Applies events to the shared breaker: reads it, asks the machine, writes by compare-and-set and
/// records every change of state in the audit log.
public struct BreakerControl: Sendable {
  // LIMIT: other writers that may be faster before this is given up for now.
  private static let rounds = 8

  private let store: any BreakerStore
  private let audit: any AuditRecorder
  private let clock: any WallClock
  private let observer: any StageObserver
  /// When it opens and closes.
  public let policy: BreakerPolicy

  /// Collects the ports.
  public init(
    store: any BreakerStore, audit: any AuditRecorder, clock: any WallClock,
    observer: any StageObserver, policy: BreakerPolicy
  ) {
    self.store = store
    self.audit = audit
    self.clock = clock
    self.observer = observer
    self.policy = policy
  }

  /// The breaker as it is now.
  public func now() async throws(StoreError) -> Breaker { try await store.breaker() }

  /// Lets an event happen; answers the breaker afterwards, and whether this call changed its state.
  ///
  /// A change of state is in the audit log when this returns. When it throws, or the process dies, the
  /// breaker may have changed: repeating the call is safe, and the breaker itself holds what the log
  /// still lacks.
  @discardableResult
  public func apply(
    _ event: BreakerEvent, by actor: AuditActor
  ) async throws(StoreError) -> (breaker: Breaker, isChanged: Bool) {
    for _ in 0..<Self.rounds {
      let old = try await store.breaker()
      try await settleLog(of: old)
      let now = clock.now()
      switch old.after(event, policy: policy, at: now) {
      case .none: return (old, false)
      case .note(let new):
        if try await store.replace(old, with: new) { return (new, false) }
      case .change(var new):
        guard old.unlogged == nil else {
          try await writeLog(of: old)
          continue
        }
        new.unlogged = Self.entry(old, new, by: actor, at: now)
        guard try await store.replace(old, with: new) else { continue }
        observer.observe(.breakerChanged(new))
        try await writeLog(of: new)
        return (new, true)
      }
    }
    throw StoreError(
      code: .unavailable, effect: .none, message: "too many change the breaker at once")
  }

  /// Brings into the audit log what somebody changed who died before it was there.
  public func settleLog(of breaker: Breaker) async throws(StoreError) {
    guard let entry = breaker.unlogged,
      clock.now().value - entry.at.value > Self.patienceMilliseconds
    else { return }
    try await writeLog(of: breaker)
  }

  private func writeLog(of breaker: Breaker) async throws(StoreError) {
    guard let entry = breaker.unlogged else { return }
    try await audit.record(entry)
    var logged = breaker
    logged.unlogged = nil
    logged.rev += 1
    // RACE: whoever changed it since has seen that the entry was missing, and logged it too.
    _ = try await store.replace(breaker, with: logged)
  }

  // LIMIT: writing an entry takes less, so nobody else writes it meanwhile.
  private static let patienceMilliseconds: Int64 = 60_000

  private static func entry(
    _ old: Breaker, _ new: Breaker, by actor: AuditActor, at now: UnixMilliseconds
  ) -> AuditEntry {
    AuditEntry(
      .breaker, new.state.rawValue, at: now, by: actor,
      subjects: [new.cause, old.cause].compactMap { $0?.rawValue }.prefix(1) + ["rev \(new.rev)"],
      note: new.reason)
  }
}
