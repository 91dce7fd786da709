/// Counts requests for all copies together.
///
/// Less is promised than of payouts: what a rollback of the store takes back lets a few more
/// requests through, and never moves money.
public protocol RateLimitStore: Sendable {
  /// Claims one request in each of the windows, of which several may be the same. The answers are in
  /// the order of the arguments. No window ever grants more than its limit, however many copies
  /// claim at once.
  func claim(_ windows: [RateWindow]) async throws(StoreError) -> [RateClaim]
}
