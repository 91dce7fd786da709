import Synchronization

/// Knows whether the loops of a process still turn: each says when it will be heard of again.
public final class Watchdog: Sendable {
  private let clock: any LoopClock
  private let grace: Duration
  private let deadlines = Mutex<[String: Duration]>([:])

  /// - Parameter grace: How late a loop may be; longer than any call that it waits for.
  public init(grace: Duration = .seconds(120), clock: any LoopClock = SystemLoopClock()) {
    self.grace = grace
    self.clock = clock
  }

  /// The loop lives, and beats again within this time if all is well.
  public func beat(_ loop: String, nextWithin wait: Duration = .zero) {
    let deadline = clock.now() + wait + grace
    deadlines.withLock { $0[loop] = deadline }
  }

  /// The loop ended as it should.
  public func end(_ loop: String) {
    deadlines.withLock { deadlines in _ = deadlines.removeValue(forKey: loop) }
  }

  /// The loops that were not heard of in time, sorted.
  public var stalled: [String] {
    let now = clock.now()
    return deadlines.withLock { deadlines in
      deadlines.filter { $0.value < now }.map(\.key)
    }.sorted()
  }
}
