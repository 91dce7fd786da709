/// Time as loops need it: a reading that never jumps, and a way to wait.
public protocol LoopClock: Sendable {
  /// Time since some fixed instant.
  func now() -> Duration
  /// Waits; throws when the task is cancelled.
  func sleep(for duration: Duration) async throws(CancellationError)
}

/// The system's monotonic clock.
public struct SystemLoopClock: LoopClock {
  private static let start = SuspendingClock.now

  /// Makes one.
  public init() {}

  /// Time since the first use.
  public func now() -> Duration { SuspendingClock.now - Self.start }

  /// Waits; throws when the task is cancelled.
  public func sleep(for duration: Duration) async throws(CancellationError) {
    do {
      try await Task.sleep(for: duration, clock: .suspending)
    } catch {
      throw CancellationError()
    }
  }
}
