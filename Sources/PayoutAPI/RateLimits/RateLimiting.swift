import Payouts

/// How requests are counted.
public enum RateLimiting: Sendable {
  /// Not at all.
  case off
  /// By every copy for itself.
  case local
  /// By all copies together.
  case shared(any RateLimitStore)
}
