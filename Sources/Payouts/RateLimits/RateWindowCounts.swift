/// What one process knows of the windows of this minute: all that there is when it counts alone,
/// and otherwise what the store said last, so that a full window is not asked for again and counting
/// goes on from there when the store is away.
public struct RateWindowCounts: Sendable {
  // LIMIT: callers of one minute that are remembered. The store decides about others; alone, they
  // are let through, since refusing a stranger for the sake of the crowd would be worse.
  private let capacity: Int
  private var minute: Int64 = 0
  private var counts: [RateWindow: Int] = [:]

  /// Knows nothing yet.
  public init(capacity: Int = 100_000) { self.capacity = capacity }

  /// The claim's answer if the window is known to be full.
  public func refusal(_ window: RateWindow) -> RateClaim? {
    guard let count = counts[window], count >= window.kind.limit else { return nil }
    return RateClaim(isGranted: false, count: count)
  }

  /// The store said how many requests a window holds.
  public mutating func observed(_ count: Int, in window: RateWindow) {
    remember(max(count, counts[window] ?? 0), in: window)
  }

  /// Claims a request here, without the store.
  public mutating func claim(_ window: RateWindow) -> RateClaim {
    if let refusal = refusal(window) { return refusal }
    let count = (counts[window] ?? 0) + 1
    remember(count, in: window)
    return RateClaim(isGranted: true, count: count)
  }

  private mutating func remember(_ count: Int, in window: RateWindow) {
    if window.minute != minute {
      minute = window.minute
      // Neighbours stay: requests of two minutes overlap for a moment.
      counts = counts.filter { abs($0.key.minute - minute) <= 1 }
    }
    guard counts[window] != nil || counts.count < capacity else { return }
    counts[window] = count
  }
}
