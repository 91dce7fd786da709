import CLibrdkafka
import Payouts
import Synchronization

/// The fate of the records of one append; done when every one is acknowledged or has failed.
///
/// Each record that is handed to the client library carries one retained reference, which its
/// delivery report takes exactly once. So delivery may outlive the call that started it.
final class DeliveryBatch: Sendable {
  private struct State {
    var tally: DeliveryTally
    var isAbandoned = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(count: Int) { state = Mutex(State(tally: DeliveryTally(unsettled: count))) }

  /// The reference for one record to carry.
  func retainForRecord() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  /// Takes back the reference of a record that was not handed over after all.
  static func release(_ opaque: UnsafeMutableRawPointer) {
    Unmanaged<DeliveryBatch>.fromOpaque(opaque).release()
  }

  /// The delivery report of one record.
  static func report(_ message: UnsafePointer<rd_kafka_message_t>) {
    guard let opaque = message.pointee._private else { return }
    let batch = Unmanaged<DeliveryBatch>.fromOpaque(opaque).takeRetainedValue()
    guard message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR else {
      return batch.settle(1, nil)
    }
    let neverLeft = rd_kafka_message_status(message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED
    batch.settle(
      1, LogError(message.pointee.err, effect: neverLeft ? .none : .inDoubt, "append"))
  }

  /// Counts records that were acknowledged (`nil`) or have failed.
  func settle(_ count: Int, _ error: LogError?) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.tally.settle(count, error)
      guard state.tally.unsettled == 0 else { return nil }
      return state.waiter.take()
    }
    waiter?.resume()
  }

  /// Waits for the last record, or until the task is cancelled; delivery goes on then.
  func wait() async throws(LogError) {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.tally.unsettled == 0 || state.isAbandoned { return true }
          state.waiter = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.isAbandoned = true
        return state.waiter.take()
      }
      waiter?.resume()
    }
    if let error = state.withLock({ $0.tally.verdict }) { throw error }
  }
}

/// Counts what became of records and says what it means for all of them together.
struct DeliveryTally {
  private(set) var unsettled: Int
  private var acknowledged = 0
  private var failed = 0
  private var first: LogError?
  private var effects: Set<Effect> = []

  init(unsettled: Int) { self.unsettled = unsettled }

  mutating func settle(_ count: Int, _ error: LogError?) {
    unsettled -= count
    guard let error else { return acknowledged += count }
    failed += count
    effects.insert(error.effect)
    if first == nil { first = error }
  }

  /// `nil` when every record is acknowledged.
  ///
  /// A batch of which anything is or may be in the log is in doubt; one of which nothing is may be
  /// repeated, unless no record of it will ever be taken.
  var verdict: LogError? {
    guard unsettled == 0 else {
      return LogError(
        code: .unavailable, effect: .inDoubt,
        message: "append: no longer waited for; \(unsettled) records are still being delivered")
    }
    guard var error = first else { return nil }
    if acknowledged > 0 || effects.contains(.inDoubt) {
      error.effect = .inDoubt
    } else {
      error.effect = effects.contains(.none) ? .none : .refused
    }
    if acknowledged > 0 { error.message += "; \(acknowledged) other records are acknowledged" }
    if failed > 1 { error.message += "; \(failed) records failed" }
    return error
  }
}
