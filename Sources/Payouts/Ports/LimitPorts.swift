import Tron

/// Counters of reserved amounts: admission's or the Signer's.
public protocol CounterStore: Sendable {
  /// Those that exist, as they are on the primary: newer than what a majority has.
  func counters(_ ids: [CounterID]) async throws(StoreError) -> [LimitCounter]
  /// Those of a range of days, in the order of their ids, after `after`.
  func counters(
    from: UTCDay, through: UTCDay, after: CounterID?, limit: Int
  ) async throws(StoreError) -> [LimitCounter]
  /// Inserts a counter unless there is one.
  func open(_ counter: LimitCounter) async throws(StoreError)
  /// Makes the change if its conditions hold; answers whether it did.
  func apply(_ change: CounterChange) async throws(StoreError) -> Bool
}

/// Which transactions the Signer's caps have counted. Only the Signer may write it.
public protocol SignatureLedger: Sendable {
  /// Those that have an entry.
  func counted(_ txids: Set<TransactionID>) async throws(StoreError) -> Set<TransactionID>
  /// Enters transactions (majority, journaled); answers those that had no entry. An entry stays some
  /// days: one that is forgotten makes its transaction count again.
  func enter(
    _ txids: Set<TransactionID>, at now: UnixMilliseconds
  ) async throws(StoreError) -> Set<TransactionID>
  /// Takes entries away.
  func remove(_ txids: Set<TransactionID>) async throws(StoreError)
}

/// What the payouts themselves say of reserved amounts.
public protocol ReservationStore: Sendable {
  /// Adds up, by hour, the payouts of a counter that were admitted and have not ended unpaid, or have
  /// but still wait for their release; `excluded` are left out. Reads the payouts.
  func reserved(
    by counter: CounterID, excluding excluded: [PayoutID]
  ) async throws(StoreError) -> [Int: Int64]
  /// Those of these payouts that are in the store, prepared ones included.
  func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout]
  /// Payouts that ended unpaid and whose amounts were not given back yet, by id; of these ids only,
  /// when given.
  func dueForRelease(among ids: [PayoutID]?, limit: Int) async throws(StoreError) -> [Payout]
  /// Marks payouts whose amounts were given back.
  func releaseDone(_ ids: [PayoutID]) async throws(StoreError)
}
