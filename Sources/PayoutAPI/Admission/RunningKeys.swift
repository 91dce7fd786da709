import Payouts
import Synchronization

/// The idempotency keys of the requests that this process works on, those of both POSTs.
final class RunningKeys: Sendable {
  private let keys = Mutex(KeysInFlight())

  /// Runs the first request with a key; refuses others with it until that one has ended.
  func whileRunning<Answer: Sendable>(
    _ idempotency: IdempotencyKey?, of tenant: TenantID, _ body: () async throws -> Answer
  ) async throws -> Answer {
    guard let idempotency else { return try await body() }
    try keys.withLock { keys throws(Refusal) in
      try keys.began(idempotency, tenant: tenant)
    }
    defer { keys.withLock { $0.ended(idempotency, tenant: tenant) } }
    return try await body()
  }
}
