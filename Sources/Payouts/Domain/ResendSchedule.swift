import Tron

/// When a sweeper emits the hint of something that still waits: 10 s after its last change, then
/// after three times as long each time, at least every ten minutes. Needs no memory of its own.
public struct ResendSchedule: Hashable, Sendable {
  /// The first time after the last change.
  public var first: Duration
  /// The longest pause.
  public var longest: Duration

  /// Collects the parts.
  public init(first: Duration = .seconds(10), longest: Duration = .seconds(600)) {
    self.first = first
    self.longest = longest
  }

  /// Whether a moment to emit lies after the previous sweep (`nil`: there was none) and not after
  /// this one.
  public func isDue(
    since change: UnixMilliseconds, previousSweep: UnixMilliseconds?, now: UnixMilliseconds
  ) -> Bool {
    var pause = first.milliseconds
    var moment = change.value + pause
    guard now.value >= moment else { return false }
    guard let previous = previousSweep?.value else { return true }
    if previous < change.value { return true }
    while moment <= previous {
      pause = min(pause * 3, longest.milliseconds)
      moment += pause
    }
    return moment <= now.value
  }
}

extension Duration {
  /// Whole milliseconds.
  public var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
