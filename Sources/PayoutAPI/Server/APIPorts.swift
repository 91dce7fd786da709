import Payouts

/// What the API works on.
public struct APIPorts: Sendable {
  /// Payouts.
  public var payouts: any PayoutStore
  /// Batches.
  public var batches: any BatchStore
  /// Transfers.
  public var transfers: any TransferStore
  /// Lists, sums, shared secrets.
  public var reading: any ReadingStores
  /// Breaker, KYC records, audit log.
  public var guards: any GuardStores
  /// Wallets, chain head, epoch.
  public var facts: any FactStore
  /// The log.
  public var log: any LogAppender
  /// The wall clock.
  public var clock: any WallClock
  /// Where tests let the process die.
  public var failpoints: any Failpoints
  /// How amounts are limited; `nil` does not limit them.
  public var limits: AmountLimiter?
  /// How requests are counted.
  public var rateLimiting: RateLimiting = .off
  /// Whether the log's client knows that no broker is connected.
  public var brokerIsAway: @Sendable () -> Bool = { false }

  /// Collects the parts.
  public init(
    payouts: any PayoutStore, batches: any BatchStore, transfers: any TransferStore,
    reading: any ReadingStores, guards: any GuardStores,
    facts: any FactStore, log: any LogAppender, clock: any WallClock,
    failpoints: any Failpoints = NoFailpoints()
  ) {
    self.payouts = payouts
    self.batches = batches
    self.transfers = transfers
    self.reading = reading
    self.guards = guards
    self.facts = facts
    self.log = log
    self.clock = clock
    self.failpoints = failpoints
  }
}
