import Foundation
import Payouts

/// A few threads of our own, each with one client, that do the blocking calls of the driver.
///
/// The cooperative pool never blocks: a task suspends, one of these threads works, the task resumes.
final class BlockingThreads: Sendable {
  private let queue: WorkQueue

  /// Starts `count` threads; each borrows a client until the queue is closed.
  init(count: Int, capacity: Int, pool: ClientPool, database: String) {
    let count = max(1, count)
    let queue = WorkQueue(threads: count, capacity: capacity)
    self.queue = queue
    for number in 1...count {
      let thread = Thread {
        let client = Client(pool, database: database)
        while let work = queue.next() {
          work.perform(with: client)
          queue.ended()
        }
        queue.threadEnded()
      }
      thread.name = "store-\(number)"
      thread.start()
    }
  }

  deinit { queue.close() }

  /// Runs a blocking call on one of the threads. Cancelling the task gives the call up only while
  /// no thread has begun it.
  func run<Value: Sendable>(
    _ body: @escaping BlockingCall<Value>.Body
  ) async throws(StoreError) -> Value {
    let call = BlockingCall(body)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard call.suspend(continuation) else { return }
        if let refusal = queue.add(call) { call.refuse(refusal) }
      }
    } onCancel: {
      call.cancel()
    }
    return try result.get()
  }

  /// How busy the threads are.
  var load: StoreLoad { queue.load }

  /// Refuses new calls and those that wait, and returns when the running ones have ended.
  func close() async {
    queue.close()
    await withCheckedContinuation { queue.whenEnded($0) }
  }
}

/// How busy the store's threads are, for metrics.
public struct StoreLoad: Hashable, Sendable {
  /// Threads in all.
  public var threads: Int
  /// Threads that work on a call.
  public var busy: Int
  /// Calls that wait for a thread.
  public var waiting: Int
  /// How many calls may wait; the next one is refused.
  public var capacity: Int
}

/// The bounded queue between tasks and threads.
///
/// SAFETY: unchecked, because `NSCondition` guards every mutable field; threads must be able to
/// sleep on it, which a `Mutex` does not offer.
final class WorkQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var waiting: [any BlockingWork] = []
  private var closed = false
  private var alive: Int
  private var busy = 0
  private var enders: [CheckedContinuation<Void, Never>] = []
  private let threads: Int
  private let capacity: Int

  init(threads: Int, capacity: Int) {
    self.threads = threads
    self.capacity = capacity
    alive = threads
  }

  /// Why the call cannot wait here; `nil` when it can.
  func add(_ work: any BlockingWork) -> StoreError? {
    condition.withLock {
      guard !closed else { return Self.closedError }
      guard waiting.count < capacity else {
        return StoreError(
          code: .unavailable, effect: .none,
          message: "\(capacity) store calls wait already")
      }
      waiting.append(work)
      condition.signal()
      return nil
    }
  }

  /// Sleeps until there is work; `nil` when there never will be any again. `ended` follows.
  func next() -> (any BlockingWork)? {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty, !closed { condition.wait() }
    guard !waiting.isEmpty else { return nil }
    busy += 1
    return waiting.removeFirst()
  }

  /// A thread has done what `next` gave it.
  func ended() { condition.withLock { busy -= 1 } }

  /// Refuses whatever waits; threads end after what they do now.
  func close() {
    let refused = condition.withLock {
      closed = true
      condition.broadcast()
      defer { waiting = [] }
      return waiting
    }
    for work in refused { work.refuse(Self.closedError) }
  }

  func threadEnded() {
    let resumed = condition.withLock { () -> [CheckedContinuation<Void, Never>] in
      alive -= 1
      guard alive == 0 else { return [] }
      defer { enders = [] }
      return enders
    }
    for ender in resumed { ender.resume() }
  }

  /// Resumes when the last thread has ended.
  func whenEnded(_ continuation: CheckedContinuation<Void, Never>) {
    let isOver = condition.withLock {
      if alive > 0 { enders.append(continuation) }
      return alive == 0
    }
    if isOver { continuation.resume() }
  }

  var load: StoreLoad {
    condition.withLock {
      StoreLoad(threads: threads, busy: busy, waiting: waiting.count, capacity: capacity)
    }
  }

  private static var closedError: StoreError {
    StoreError(code: .unavailable, effect: .none, message: "the store was closed")
  }
}
