import Payouts

/// What was answered to the first request with a key.
///
/// A repetition gets that answer whatever is refused today: the caller's role, our wallets or the
/// limits may have changed since, and a refusal would read as "nothing was paid". The unique index
/// finds repetitions of what is granted; this finds those of what is refused.
struct FirstRequests {
  private let store: any FirstRequestStore

  init(_ store: any FirstRequestStore) { self.store = store }

  /// The same, when `error` refuses what may have been granted before; `nil` when it is no refusal.
  func payout(
    _ idempotency: IdempotencyKey?, of tenant: TenantID, insteadOf error: any Error
  ) async throws -> Payout? {
    guard error is Refusal || (error as? APIError)?.isOfLimit == true else { return nil }
    return try await payout(idempotency, of: tenant)
  }

  /// The payout of the first request, or the first payout of its batch; `nil` when the key is absent
  /// or free. Throws when the key was used for another request.
  func payout(
    _ idempotency: IdempotencyKey?, of tenant: TenantID
  ) async throws -> Payout? {
    guard let idempotency else { return nil }
    do {
      let found = try await store.payout(of: tenant, idempotencyKey: idempotency.key)
      guard let found else { return nil }
      guard found.idempotency?.requestHash == idempotency.requestHash else {
        throw Refusal.keyReused
      }
      return found
    } catch let error as StoreError {
      throw APIError(error)
    }
  }
}
