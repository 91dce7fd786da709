import Tron

/// One minute of one caller's requests of one class.
///
/// Minutes are those of the clock, the same for all copies, so that all count into one window.
public struct RateWindow: Hashable, Sendable {
  /// Seconds.
  public static let length: Int64 = 60

  /// What is counted.
  public var kind: RateLimitClass
  /// Whose requests: a tenant, or the address of a peer.
  public var subject: String
  /// Minutes since 1970.
  public var minute: Int64

  /// The window of an instant.
  public init(_ kind: RateLimitClass, subject: String, at now: UnixMilliseconds) {
    self.kind = kind
    self.subject = subject
    minute = now.value / (Self.length * 1000)
  }

  /// Its name in the store. Neither a class nor a number has a space, so no two windows share one.
  public var id: String { "\(kind.rawValue) \(minute) \(subject)" }

  /// When the next one begins, in seconds since 1970.
  public var endSeconds: Int64 { (minute + 1) * Self.length }
}

/// What became of a claim of one request in a window.
public struct RateClaim: Hashable, Sendable {
  /// Whether there was room.
  public var isGranted: Bool
  /// How many requests the window holds now.
  public var count: Int

  /// Collects the parts.
  public init(isGranted: Bool, count: Int) {
    self.isGranted = isGranted
    self.count = count
  }
}

/// Where a caller stands after a request: what the X-RateLimit headers say.
public struct RateLimitStanding: Hashable, Sendable {
  /// Whether the request is let through.
  public var isGranted: Bool
  /// Requests that a window allows.
  public var limit: Int
  /// Requests that this window still allows.
  public var remaining: Int
  /// When the next window begins, in seconds since 1970.
  public var resetSeconds: Int64
  /// Seconds until then, at least one.
  public var retryAfterSeconds: Int64

  /// After a claim.
  public init(_ claim: RateClaim, in window: RateWindow, at now: UnixMilliseconds) {
    isGranted = claim.isGranted
    limit = window.kind.limit
    remaining = claim.isGranted ? max(0, limit - claim.count) : 0
    resetSeconds = window.endSeconds
    retryAfterSeconds = max(1, (resetSeconds * 1000 - now.value + 999) / 1000)
  }
}
