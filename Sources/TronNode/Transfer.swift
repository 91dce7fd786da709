import CLibcurl
import Synchronization

/// One call, and the task that waits for it.
final class Transfer: Sendable {
  private typealias Waiter = CheckedContinuation<Result<HTTPAnswer, TransportFault>, Never>

  private enum State {
    case fresh
    case waiting(Waiter)
    case ended
  }

  let request: HTTPRequest
  let deadline: ContinuousClock.Instant
  private let state = Mutex(State.fresh)

  init(_ request: HTTPRequest, deadline: ContinuousClock.Instant) {
    self.request = request
    self.deadline = deadline
  }

  /// Submits the call and waits for its end, or until the task is cancelled.
  func answer(
    _ submit: @Sendable (Transfer) -> TransportFault?
  ) async throws(TransportFault) -> HTTPAnswer {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { $0 = .waiting(continuation) }
        if let fault = submit(self) { end(.failure(fault)) }
        // RACE: a cancellation before the continuation was there found nobody to wake.
        if Task.isCancelled { cancel() }
      }
    } onCancel: {
      cancel()
    }
    return try result.get()
  }

  /// Only the first end counts.
  func end(_ result: Result<HTTPAnswer, TransportFault>) {
    let waiter = state.withLock { state -> Waiter? in
      guard case .waiting(let waiter) = state else { return nil }
      state = .ended
      return waiter
    }
    waiter?.resume(returning: result)
  }

  private func cancel() {
    end(.failure(TransportFault(kind: .cancelled, reason: "no longer waited for")))
  }
}

/// Where tasks leave calls for the thread, and how they wake it.
final class TransferInbox: Sendable {
  private struct State {
    var submitted: [Transfer] = []
    var load = NodeTransport.Load(active: 0, waiting: 0)
    /// The address of the `CURLM` (a pointer is not Sendable), until the thread ended.
    var multi: UInt?
    var isClosed = false
  }

  private let limit: Int
  private let state: Mutex<State>

  init?(limit: Int) {
    guard let multi = curl_multi_init() else { return nil }
    self.limit = limit
    state = Mutex(State(multi: UInt(bitPattern: multi)))
  }

  var load: NodeTransport.Load {
    state.withLock { state in
      var load = state.load
      load.waiting += state.submitted.count
      return load
    }
  }

  /// Leaves a call for the thread, unless too many wait already.
  func submit(_ transfer: Transfer) -> TransportFault? {
    state.withLock { state in
      guard !state.isClosed else {
        return TransportFault(kind: .notSent, reason: "the transport is closed")
      }
      guard state.load.waiting + state.submitted.count < limit else {
        return TransportFault(kind: .notSent, reason: "too many calls are waiting")
      }
      state.submitted.append(transfer)
      Self.wake(state)
      return nil
    }
  }

  func close() {
    state.withLock { state in
      state.isClosed = true
      Self.wake(state)
    }
  }

  // MARK: The thread's side

  /// What was left since the last time, and whether that was the last.
  func take() -> (transfers: [Transfer], isClosed: Bool) {
    state.withLock { state in
      let transfers = state.submitted
      state.load.waiting += transfers.count
      state.submitted = []
      return (transfers, state.isClosed)
    }
  }

  func publish(_ load: NodeTransport.Load) { state.withLock { $0.load = load } }

  /// The thread alone uses it, but for waking.
  var multi: UnsafeMutableRawPointer? {
    state.withLock { $0.multi.flatMap(UnsafeMutableRawPointer.init(bitPattern:)) }
  }

  /// The thread's last act.
  func destroyMulti() {
    state.withLock { state in
      let address = state.multi.take()
      curl_multi_cleanup(address.flatMap(UnsafeMutableRawPointer.init(bitPattern:)))
    }
  }

  /// `curl_multi_wakeup` may be called from any thread while the handle exists.
  private static func wake(_ state: borrowing State) {
    curl_multi_wakeup(state.multi.flatMap(UnsafeMutableRawPointer.init(bitPattern:)))
  }
}
