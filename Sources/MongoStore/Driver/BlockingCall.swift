import Payouts
import Synchronization

/// Work for a thread of `BlockingThreads`.
protocol BlockingWork: Sendable {
  /// Does it on the calling thread, unless it was given up before.
  func perform(with client: Client)
  /// Ends it without doing it.
  func refuse(_ error: StoreError)
}

/// One call on its way from a task to a thread and back; resumes its continuation exactly once.
final class BlockingCall<Value: Sendable>: BlockingWork {
  typealias Body = @Sendable (Client) throws(StoreError) -> Value
  typealias Continuation = CheckedContinuation<Result<Value, StoreError>, Never>

  private enum State {
    /// Nobody waits yet. Leaves to: `waiting`, `cancelled`.
    case fresh
    /// A task waits. Leaves to: `taken`.
    case waiting(Continuation)
    /// Given up before anybody waited. Leaves to: `taken`.
    case cancelled
    /// A thread works on it, or it has its answer. Final.
    case taken
  }

  private let state = Mutex(State.fresh)
  private let body: Body

  init(_ body: @escaping Body) { self.body = body }

  /// The task waits from now on; false when the call was cancelled before.
  func suspend(_ continuation: Continuation) -> Bool {
    let isCancelled = state.withLock { state in
      guard case .cancelled = state else {
        state = .waiting(continuation)
        return false
      }
      state = .taken
      return true
    }
    if isCancelled { continuation.resume(returning: .failure(Self.cancellation)) }
    return !isCancelled
  }

  func perform(with client: Client) {
    guard let continuation = take() else { return }
    do throws(StoreError) {
      continuation.resume(returning: .success(try body(client)))
    } catch {
      continuation.resume(returning: .failure(error))
    }
  }

  func refuse(_ error: StoreError) { take()?.resume(returning: .failure(error)) }

  /// The task gave up. RACE: ignored once a thread has begun; what a write did must be told.
  func cancel() {
    let continuation = state.withLock { state -> Continuation? in
      switch state {
      case .fresh:
        state = .cancelled
        return nil
      case .waiting(let continuation):
        state = .taken
        return continuation
      case .cancelled, .taken: return nil
      }
    }
    continuation?.resume(returning: .failure(Self.cancellation))
  }

  private func take() -> Continuation? {
    state.withLock { state in
      guard case .waiting(let continuation) = state else { return nil }
      state = .taken
      return continuation
    }
  }

  private static var cancellation: StoreError {
    StoreError(code: .unavailable, effect: .none, message: "cancelled before it was begun")
  }
}
