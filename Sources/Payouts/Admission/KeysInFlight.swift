/// The idempotency keys whose first request is still running in this process. Across processes the
/// store's unique index decides.
public struct KeysInFlight: Sendable {
  private struct Key: Hashable {
    var tenant: TenantID
    var key: String
  }
  private var hashes: [Key: String] = [:]

  /// None.
  public init() {}

  /// A request with a key begins. Every success must be followed by `ended`.
  public mutating func began(_ idempotency: IdempotencyKey, tenant: TenantID) throws(Refusal) {
    let key = Key(tenant: tenant, key: idempotency.key)
    switch hashes[key] {
    case nil: hashes[key] = idempotency.requestHash
    case idempotency.requestHash: throw .firstStillRunning
    default: throw .keyReused
    }
  }

  /// The request has ended.
  public mutating func ended(_ idempotency: IdempotencyKey, tenant: TenantID) {
    hashes[Key(tenant: tenant, key: idempotency.key)] = nil
  }
}

extension Refusal {
  /// An idempotency key with another body than the first time.
  public static var keyReused: Refusal {
    Refusal(
      .idempotencyConflict, reason: "key_reused",
      message: "The Idempotency-Key was used with another request")
  }
}
