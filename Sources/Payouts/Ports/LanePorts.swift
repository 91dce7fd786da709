import Tron

/// What keeps urgent work from waiting behind other work.
public protocol LaneStore: Sendable {
  /// URGENT payouts that are `accepted` and were created in a span of time, the oldest first.
  func urgent(
    createdFrom: UnixMilliseconds?, createdBefore: UnixMilliseconds, limit: Int
  ) async throws(StoreError) -> [Payout]
  /// How many transfers are `planned`, counted up to a bound: what the Confirmer has not armed yet.
  func planned(upTo bound: Int) async throws(StoreError) -> Int
}
