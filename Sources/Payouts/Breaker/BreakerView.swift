import Synchronization
import Tron

/// The breaker as this process last saw it, never older than a second where it decides something.
public final class BreakerView: Sendable {
  private struct Seen {
    var breaker: Breaker
    var at: UnixMilliseconds
  }

  // LIMIT: how long after it opened a copy may still let something through.
  private static let maximumAgeMilliseconds: Int64 = 1_000

  private let store: any BreakerStore
  private let clock: any WallClock
  private let seen = Mutex<Seen?>(nil)

  /// Has seen nothing yet.
  public init(store: any BreakerStore, clock: any WallClock) {
    self.store = store
    self.clock = clock
  }

  /// The breaker, read anew if the last look is more than a second ago.
  public func current() async throws(StoreError) -> Breaker {
    let now = clock.now().value
    // A clock that was set back must not make an old look new.
    if let seen = seen.withLock({ $0 }),
      (0..<Self.maximumAgeMilliseconds).contains(now - seen.at.value)
    {
      return seen.breaker
    }
    return try await refresh()
  }

  /// Reads it; whoever decides often calls this twice a second, so that nobody has to wait.
  @discardableResult
  public func refresh() async throws(StoreError) -> Breaker {
    let before = clock.now()
    let breaker = try await store.breaker()
    seen.withLock { seen in
      // RACE: a slower read that began earlier may end later.
      if seen.map({ $0.at <= before }) ?? true { seen = Seen(breaker: breaker, at: before) }
    }
    return breaker
  }

  /// As last seen, however old; `nil` before the first time.
  public var last: Breaker? { seen.withLock { $0?.breaker } }
}
