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
  /// A change of state is in the audit log when this returns. When it throws, the breaker may have
  /// changed: repeating the call is safe.
  @discardableResult
  public func apply(
    _ event: BreakerEvent, by actor: AuditActor
  ) async throws(StoreError) -> (breaker: Breaker, isChanged: Bool) {
    for _ in 0..<Self.rounds {
      let old = try await store.breaker()
      let now = clock.now()
      switch old.after(event, policy: policy, at: now) {
      case .none: return (old, false)
      case .note(let new):
        if try await store.replace(old, with: new) { return (new, false) }
      case .change(let new):
        guard try await store.replace(old, with: new) else { continue }
        observer.observe(.breakerChanged(new))
        try await audit.record(Self.entry(old, new, by: actor, at: now))
        return (new, true)
      }
    }
    throw StoreError(
      code: .unavailable, effect: .none, message: "too many change the breaker at once")
  }

  private static func entry(
    _ old: Breaker, _ new: Breaker, by actor: AuditActor, at now: UnixMilliseconds
  ) -> AuditEntry {
    AuditEntry(
      .breaker, new.state.rawValue, at: now, by: actor,
      subjects: [new.cause, old.cause].compactMap { $0?.rawValue }.prefix(1).map { $0 },
      note: new.reason)
  }
}
