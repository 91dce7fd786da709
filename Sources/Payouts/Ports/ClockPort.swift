import Tron

/// The wall clock. Decides when to look again, never whether a transaction is dead.
public protocol WallClock: Sendable {
  /// Now.
  func now() -> UnixMilliseconds
}
