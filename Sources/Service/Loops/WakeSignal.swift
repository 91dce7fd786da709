import Synchronization

/// Lets one task sleep until another one wants it, without losing a wish made before it sleeps.
public final class WakeSignal: Sendable {
  private enum State {
    case idle
    case wanted
    case waiting(CheckedContinuation<Void, Never>)
  }

  private let state = Mutex(State.idle)

  /// Makes one.
  public init() {}

  /// Wakes who waits, or lets the next wait return at once.
  public func wake() {
    let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
      guard case .waiting(let continuation) = state else {
        state = .wanted
        return nil
      }
      state = .idle
      return continuation
    }
    waiter?.resume()
  }

  /// Returns when woken or when the task is cancelled; one task at a time.
  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let resume = state.withLock { state in
          if case .idle = state, !Task.isCancelled {
            state = .waiting(continuation)
            return false
          }
          state = .idle
          return true
        }
        if resume { continuation.resume() }
      }
    } onCancel: {
      let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
        guard case .waiting(let continuation) = state else { return nil }
        state = .idle
        return continuation
      }
      waiter?.resume()
    }
  }
}
