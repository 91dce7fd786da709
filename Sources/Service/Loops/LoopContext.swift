import Logging

/// What every loop of a process shares.
public struct LoopContext: Sendable {
  /// Where the loop says whether it can work.
  public var health: HealthRegistry
  /// Where the loop says that it lives.
  public var watchdog: Watchdog
  /// How the loop waits.
  public var clock: any LoopClock
  /// Where the loop logs.
  public var logger: Logger
  /// Where consumer loops say how much waits for them.
  public var backlog: Backlog

  /// Collects the parts.
  public init(
    health: HealthRegistry, watchdog: Watchdog, clock: any LoopClock = SystemLoopClock(),
    backlog: Backlog = Backlog(), logger: Logger
  ) {
    self.health = health
    self.watchdog = watchdog
    self.clock = clock
    self.logger = logger
    self.backlog = backlog
  }
}

/// Growing waits between repetitions, with jitter so that copies do not repeat together.
struct Backoff {
  private let first: Duration
  private let most: Duration
  private var current: Duration

  init(first: Duration = .milliseconds(100), most: Duration = .seconds(5)) {
    self.first = first
    self.most = most
    self.current = first
  }

  /// The next wait: between half and all of a bound that doubles each time.
  mutating func next() -> Duration {
    let bound = current
    current = min(most, current * 2)
    return bound * Double.random(in: 0.5...1)
  }

  /// Success: the next wait is short again.
  mutating func reset() { current = first }
}
