/// Decides whether a request waits for the broker: it does while the broker answers; while it is
/// away nobody waits and only one announcement at a time tries, since the sweeper makes up for the
/// others.
public struct AnnouncementGate: Sendable {
  /// How to announce.
  public enum Action: Hashable, Sendable {
    /// Append and wait for it, up to the bound.
    case await
    /// Append to learn whether the broker is back; do not wait.
    case probe
    /// Leave it to the sweeper.
    case skip
  }

  private enum State {
    /// Leaves to: away when an append fails or takes longer than the bound.
    case reachable
    /// Leaves to: reachable when an append is acknowledged.
    case away(probing: Bool)
  }
  private var state = State.reachable

  /// A broker that is thought to be there.
  public init() {}

  /// Whether the last append was acknowledged in time.
  public var isReachable: Bool {
    switch state {
    case .reachable: true
    case .away: false
    }
  }

  /// Records are to be announced; `isAway` when the client knows that no broker is connected.
  public mutating func begin(isAway: Bool = false) -> Action {
    switch state {
    case .reachable:
      guard isAway else { return .await }
      state = .away(probing: true)
      return .probe
    case .away(probing: true): return .skip
    case .away(probing: false):
      state = .away(probing: true)
      return .probe
    }
  }

  /// An append was acknowledged.
  public mutating func acknowledged() { state = .reachable }

  /// An append failed.
  public mutating func failed() { state = .away(probing: false) }

  /// An append that was waited for takes longer than the bound; it goes on and counts as the probe.
  public mutating func overdue() {
    switch state {
    case .reachable: state = .away(probing: true)
    case .away: break  // RACE: another append was overdue or failed before.
    }
  }
}
