import Payouts
import Synchronization

/// Between the thread that reads and the task that takes: the buffer, and who waits for what.
final class ConsumerMailbox: Sendable {
  /// What the reading thread has to know before it reads on.
  struct Duties {
    /// Whether to end.
    var isStopped: Bool
    /// Whether the buffer takes no more for now; `roomMade` tells when it does.
    var isFull: Bool
    /// Whether the buffer was drained far enough to read on.
    var isHalfEmpty: Bool
    /// How long it may sleep.
    var patience: Duration
  }

  private struct Waiter {
    var continuation: CheckedContinuation<Void, Never>
    var deadline: ContinuousClock.Instant
  }

  private struct State {
    var buffer: ConsumerBuffer
    var waiter: Waiter?
    /// Why no event comes any more.
    var end: LogError?
    var isStopped = false
    /// The thread stopped reading until the buffer is half empty.
    var wantsRoom = false
  }

  // LIMIT: the thread looks up at least this often, even if a wake-up were lost.
  private static let longestSleep = Duration.seconds(1)

  private let state: Mutex<State>
  /// Interrupts the thread's sleep; says whether it is the one for want of room.
  private let wake: @Sendable (_ isRoomMade: Bool) -> Void

  init(limits: ConsumerBuffer.Limits, wake: @escaping @Sendable (Bool) -> Void) {
    state = Mutex(State(buffer: ConsumerBuffer(limits: limits)))
    self.wake = wake
  }

  // MARK: The task's side

  /// See `LogConsumer.next`. One task at a time; it returns early with `nil` when it is cancelled.
  func next(limit: Int, wait: Duration) async throws(LogError) -> ConsumerEvent? {
    if let event = try take(limit) { return event }
    guard wait > .zero, !Task.isCancelled else { return nil }
    await waitForEvent(until: .now + wait)
    return try take(limit)
  }

  /// The owned partitions with the offset that is taken next, where it is known.
  var positions: [TopicPartition: Int64?] { state.withLock { $0.buffer.positions } }

  /// Records that were read and not taken.
  var depth: Int { state.withLock { $0.buffer.count } }

  /// Why no event comes any more.
  var ended: LogError? { state.withLock { $0.end } }

  /// No event comes any more; `next` throws.
  func end(_ error: LogError) {
    let waiter = state.withLock { state in
      if state.end == nil { state.end = error }
      return state.waiter.take()
    }
    waiter?.continuation.resume()
  }

  /// Ends the thread.
  func stop() {
    state.withLock { $0.isStopped = true }
    wake(true)
  }

  private func take(_ limit: Int) throws(LogError) -> ConsumerEvent? {
    let (event, end, roomMade) = state.withLock { state in
      if let end = state.end { return (ConsumerEvent?.none, LogError?.some(end), false) }
      let event = state.buffer.take(limit: limit)
      let roomMade = state.wantsRoom && state.buffer.isHalfEmpty
      if roomMade { state.wantsRoom = false }
      return (event, nil, roomMade)
    }
    if roomMade { wake(true) }
    if let end { throw end }
    return event
  }

  private func waitForEvent(until deadline: ContinuousClock.Instant) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let replaced = state.withLock { state -> CheckedContinuation<Void, Never>? in
          guard state.buffer.isEmpty, state.end == nil else { return continuation }
          let replaced = state.waiter?.continuation
          state.waiter = Waiter(continuation: continuation, deadline: deadline)
          return replaced
        }
        replaced?.resume()
        wake(false)  // the thread has a new deadline to keep
        // RACE: a cancellation before the waiter was there found nobody to wake.
        if Task.isCancelled { release() }
      }
    } onCancel: {
      release()
    }
  }

  private func release() {
    state.withLock { $0.waiter.take() }?.continuation.resume()
  }

  // MARK: The thread's side

  /// Changes the buffer and wakes the task that waits for it.
  func deliver(_ change: (inout ConsumerBuffer) -> Void) {
    let waiter = state.withLock { state -> Waiter? in
      guard state.end == nil else { return nil }
      change(&state.buffer)
      return state.buffer.isEmpty ? nil : state.waiter.take()
    }
    waiter?.continuation.resume()
  }

  /// Wakes the task whose time is over and says what to do next.
  func duties(now: ContinuousClock.Instant) -> Duties {
    let (duties, expired) = state.withLock { state -> (Duties, Waiter?) in
      let isFull = state.end == nil && state.buffer.isFull
      let expired = state.waiter.map { $0.deadline <= now } == true ? state.waiter.take() : nil
      let patience = state.waiter.map { min($0.deadline - now, Self.longestSleep) }
      return (
        Duties(
          isStopped: state.isStopped, isFull: isFull, isHalfEmpty: state.buffer.isHalfEmpty,
          patience: patience ?? Self.longestSleep), expired
      )
    }
    expired?.continuation.resume()
    return duties
  }

  /// Asks to be woken when the buffer is half empty; `false` when it is already.
  func wantRoom() -> Bool {
    state.withLock { state in
      state.wantsRoom = !state.buffer.isHalfEmpty
      return state.wantsRoom
    }
  }

  var isStopped: Bool { state.withLock { $0.isStopped } }
}
