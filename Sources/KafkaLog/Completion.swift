import Synchronization

/// Something that happens once, and any number of tasks that wait for it.
final class Completion: Sendable {
  private enum State {
    case pending([CheckedContinuation<Void, Never>])
    case finished
  }

  private let state = Mutex(State.pending([]))

  func finish() {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard case .pending(let waiters) = state else { return [] }
      state = .finished
      return waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isFinished = state.withLock { state in
        guard case .pending(let waiters) = state else { return true }
        state = .pending(waiters + [continuation])
        return false
      }
      if isFinished { continuation.resume() }
    }
  }
}
