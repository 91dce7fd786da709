import Payouts
import Synchronization

/// Lets callers that want the same thing at the same time wait for one computation of it, and bounds
/// how many are under way.
final class SharedComputation<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  typealias Outcome = Result<Value, StoreError>

  /// Who waits for a computation that is under way.
  let waiting = Mutex<[Key: [CheckedContinuation<Outcome?, Never>]]>([:])
  private let maximumUnderWay: Int

  init(maximumUnderWay: Int) { self.maximumUnderWay = maximumUnderWay }

  /// The value: of the computation that is under way, else computed here. Whoever joins shares its
  /// failure as well. Throws `tooSlow` when too many others are under way.
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

  private static var tooMany: StoreError {
    StoreError(code: .tooSlow, effect: .none, message: "too many computations are under way")
  }

  /// Waits if there is something to wait for; `nil` when the caller is the one to compute.
  private func join(_ key: Key) async -> Outcome? {
    await withCheckedContinuation { continuation in
      let now = waiting.withLock { waiting -> Outcome?? in
        if waiting[key] != nil {
          waiting[key]?.append(continuation)
          return .none
        }
        guard waiting.count < maximumUnderWay else { return .some(.failure(Self.tooMany)) }
        waiting[key] = []
        return .some(nil)
      }
      if let now { continuation.resume(returning: now) }
    }
  }
}
