import Payouts
import Synchronization

/// Lets callers that want the same thing at the same time wait for one computation of it.
final class SharedComputation<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  typealias Outcome = Result<Value, StoreError>

  /// Who waits for a computation that is under way.
  let waiting = Mutex<[Key: [CheckedContinuation<Outcome?, Never>]]>([:])

  /// The value: of the computation that is under way, else computed here. Whoever joins shares its
  /// failure as well.
  func value(
    _ key: Key, compute: @escaping @Sendable () async throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    if let outcome = await join(key) { return try outcome.get() }
    // A task of its own, so that the others get their answer when this caller gives up.
    let computation = Task { () async -> Outcome in
      do throws(StoreError) { return .success(try await compute()) } catch {
        return .failure(error)
      }
    }
    let outcome = await computation.value
    let waiters = waiting.withLock { $0.removeValue(forKey: key) ?? [] }
    for waiter in waiters { waiter.resume(returning: outcome) }
    return try outcome.get()
  }

  /// Waits if there is something to wait for; `nil` when the caller is the one to compute.
  private func join(_ key: Key) async -> Outcome? {
    await withCheckedContinuation { continuation in
      let isFirst = waiting.withLock { waiting in
        guard waiting[key] != nil else {
          waiting[key] = []
          return true
        }
        waiting[key]?.append(continuation)
        return false
      }
      if isFirst { continuation.resume(returning: nil) }
    }
  }
}
