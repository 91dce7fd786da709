import Service
import Synchronization

/// A clock on which every wait is over at once; it remembers what was waited for.
final class InstantClock: LoopClock {
  private struct State {
    var now = Duration.zero
    var sleeps: [Duration] = []
  }

  private let state = Mutex(State())

  var sleeps: [Duration] { state.withLock { $0.sleeps } }

  func now() -> Duration { state.withLock { $0.now } }

  func advance(_ duration: Duration) { state.withLock { $0.now += duration } }

  func sleep(for duration: Duration) async throws(CancellationError) {
    state.withLock { state in
      state.now += duration
      state.sleeps.append(duration)
    }
    await Task.yield()
    if Task.isCancelled { throw CancellationError() }
  }
}

/// A clock on which no wait ends before it is cancelled.
struct EndlessClock: LoopClock {
  func now() -> Duration { .zero }

  func sleep(for duration: Duration) async throws(CancellationError) {
    do { try await Task.sleep(for: .seconds(86_400)) } catch { throw CancellationError() }
  }
}

/// Waits for a condition with a deadline.
func eventually(
  _ condition: @Sendable () async -> Bool, within limit: Duration = .seconds(10)
) async throws -> Bool {
  let end = ContinuousClock.now + limit
  while ContinuousClock.now < end {
    if await condition() { return true }
    try await Task.sleep(for: .milliseconds(5))
  }
  return await condition()
}
