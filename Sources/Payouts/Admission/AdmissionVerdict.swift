/// What the store's answer to an insert means for the client.
public enum AdmissionVerdict: Hashable, Sendable {
  /// A new payout.
  case created(Payout)
  /// The same request again: this payout was the answer.
  case replayed(Payout)

  /// Reads the store's answer for a payout.
  public init(_ insertion: PayoutInsertion, of payout: Payout) throws(Refusal) {
    switch insertion {
    case .inserted: self = .created(payout)
    case .duplicateKey(let existing): self = try Self.sameKey(payout, existing)
    case .duplicateReference(let existing):
      // A request can meet both unique indexes; the store names the one that it met first.
      if let key = payout.idempotency?.key, existing.idempotency?.key == key {
        self = try Self.sameKey(payout, existing)
      } else {
        throw .referenceUsed(by: existing)
      }
    }
  }

  private static func sameKey(
    _ payout: Payout, _ existing: Payout
  ) throws(Refusal) -> AdmissionVerdict {
    guard existing.idempotency?.requestHash == payout.idempotency?.requestHash else {
      throw .keyReused
    }
    return try AdmissionVerdict(repeating: existing)
  }

  /// The answer to a request that made this payout before.
  public init(repeating first: Payout) throws(Refusal) {
    guard first.state.isAdmitted else { throw .firstStillRunning }
    self = .replayed(first)
  }
}
