import Synchronization

/// Lets one line through in a while and counts the rest, for faults that repeat.
public final class LogThrottle: Sendable {
  private struct State {
    var last: Duration?
    var suppressed = 0
  }

  private let interval: Duration
  private let clock: any LoopClock
  private let state = Mutex(State())

  /// - Parameter interval: The least time between two lines.
  public init(interval: Duration = .seconds(30), clock: any LoopClock = SystemLoopClock()) {
    self.interval = interval
    self.clock = clock
  }

  /// How many were suppressed since the last line, if a line may be written now; else `nil`.
  public func pass() -> Int? {
    let now = clock.now()
    return state.withLock { state in
      if let last = state.last, now - last < interval {
        state.suppressed += 1
        return nil
      }
      let suppressed = state.suppressed
      state = State(last: now, suppressed: 0)
      return suppressed
    }
  }

  /// Forgets: the next fault is written at once.
  public func reset() { state.withLock { $0 = State() } }
}
