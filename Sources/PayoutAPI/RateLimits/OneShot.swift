import Synchronization

/// A value that is set once, by whoever comes first, for one waiter.
final class OneShot<Value: Sendable>: Sendable {
  private enum State {
    case running
    case awaited(CheckedContinuation<Value, Never>)
    case ended(Value)
  }
  private let state = Mutex(State.running)

  /// Ends the waiting; ignored after the first time.
  func end(_ value: Value) {
    let waiter: CheckedContinuation<Value, Never>? = state.withLock { state in
      switch state {
      case .running:
        state = .ended(value)
        return nil
      case .awaited(let waiter):
        state = .ended(value)
        return waiter
      case .ended: return nil  // RACE: another one came first.
      }
    }
    waiter?.resume(returning: value)
  }

  /// Waits for the first value; for one waiter.
  func first() async -> Value {
    await withCheckedContinuation { waiter in
      let value: Value? = state.withLock { state in
        if case .ended(let value) = state { return value }
        state = .awaited(waiter)
        return nil
      }
      if let value { waiter.resume(returning: value) }
    }
  }
}
