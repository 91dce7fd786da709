import Dispatch
import Payouts

/// Runs blocking C calls one after another on a thread of their own, never on that of a task.
struct BlockingQueue: Sendable {
  private let queue: DispatchQueue

  init(_ name: String) { queue = DispatchQueue(label: name) }

  func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(LogError) -> Value
  ) async throws(LogError) -> Value {
    let result = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Result(catching: body)) }
    }
    return try result.get()
  }

  /// Waits for what was asked for before.
  func drain() async {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume() }
    }
  }
}
