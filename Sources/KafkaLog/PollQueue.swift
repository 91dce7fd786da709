import CLibrdkafka
import Synchronization

/// The queue that a consumer polls, kept to interrupt a poll from another thread.
final class PollQueue: Sendable {
  // The address of an `rd_kafka_queue_t` (a pointer is not Sendable); `nil` before and after.
  private let queue = Mutex<UInt?>(nil)

  func open(_ handle: OpaquePointer) {
    queue.withLock { $0 = UInt(bitPattern: rd_kafka_queue_get_consumer(handle)) }
  }

  /// Must come before the handle is destroyed.
  func close() {
    let address = queue.withLock { $0.take() }
    if let address { rd_kafka_queue_destroy(OpaquePointer(bitPattern: address)) }
  }

  /// The poll that runs now, or else the next one, returns at once.
  func interrupt() {
    queue.withLock { address in
      if let address { rd_kafka_queue_yield(OpaquePointer(bitPattern: address)) }
    }
  }
}
