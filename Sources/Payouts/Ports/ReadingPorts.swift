import Tron

/// A page of payouts, and how many there are.
public protocol PayoutListStore: Sendable {
  /// Reads a page, newest first, and counts if asked to. The cost depends on the page's offset and
  /// limit and on the bound of the count, never on how many payouts there are.
  func page(_ request: PayoutPageRequest) async throws(StoreError) -> PayoutPage
}

/// What payouts add up to, hour by hour.
public protocol HourSumStore: Sendable {
  /// Adds up the payouts that were created in `from ..< until`, by hour; hours without any are
  /// absent. Reads the payouts themselves; fails with `tooSlow` when it takes too long.
  func sums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum]
  /// The kept sums of the hours that begin in `from ..< until`.
  func keptSums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum]
  /// Keeps sums of whole hours for ever; one that is kept already is left as it is, since it is
  /// the same.
  func keep(_ sums: [HourSum], of scope: PayoutScope) async throws(StoreError)
}

/// What an idempotency key was used for.
public protocol FirstRequestStore: Sendable {
  /// The payout that a tenant's key was first used for, prepared ones included; `nil` when the key
  /// is free. Of a batch, its first payout.
  func payout(
    of tenant: TenantID, idempotencyKey: String
  ) async throws(StoreError) -> Payout?
}

/// Secrets that all copies of a process share without configuration.
public protocol SecretStore: Sendable {
  /// The secret of a name: the one that is stored, or `candidate`, which is stored if there is
  /// none. Of several candidates at once the first wins, and everybody gets that one.
  func secret(
    _ name: SecretName, orFirst candidate: [UInt8]
  ) async throws(StoreError) -> [UInt8]
}

/// Which secret.
public enum SecretName: String, Sendable {
  /// Signs the cursors of lists.
  case listCursor = "list_cursor"
}

/// Everything that the reading side of the API needs beyond single payouts.
public typealias ReadingStores = PayoutListStore & HourSumStore & SecretStore
  & FirstRequestStore
