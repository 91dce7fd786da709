/// Whether the store is asked to count: not for a while after it failed or was slow, and then by one
/// request at first, so that a store that is away costs the others nothing.
public struct RateLimitGate: Sendable {
  // LIMIT: how long to count alone before looking again.
  private static let pause = Duration.seconds(1)

  private var closedUntil: ContinuousClock.Instant?
  private var underWay = 0

  /// Asks.
  public init() {}

  /// Whether the store counts.
  public var isOpen: Bool { closedUntil == nil }

  /// Whether a request may ask; a closed gate lets one through when its time has come and nothing
  /// that was asked before is still unanswered.
  public mutating func mayAsk(now: ContinuousClock.Instant) -> Bool {
    guard let until = closedUntil else { return true }
    guard now >= until, underWay == 0 else { return false }
    closedUntil = now + Self.pause
    return true
  }

  /// A call of the store began.
  public mutating func began() { underWay += 1 }

  /// A call of the store ended, however late.
  public mutating func ended() { underWay -= 1 }

  /// The store answered in time. True when it had not before.
  public mutating func answered() -> Bool {
    defer { closedUntil = nil }
    return closedUntil != nil
  }

  /// The store failed, or did not answer in time. True when it had answered before.
  public mutating func failed(now: ContinuousClock.Instant) -> Bool {
    defer { closedUntil = now + Self.pause }
    return closedUntil == nil
  }
}
