import Payouts
import Tron

/// What the API needs to know of its surroundings.
public struct APIConfiguration: Sendable {
  /// The network's name, for health.
  public var network: String
  /// Refused as a recipient.
  public var usdtContract: TronAddress
  /// How many partitions the journal has (`KAFKA_PARTITIONS`).
  public var journalPartitions: Int32 = 12
  /// How long a request waits for the broker.
  public var publishWait: Duration = .milliseconds(500)
  /// How long an IMMEDIATE payout usually takes to be confirmed: a block or two to be included,
  /// about nineteen more to be solidified.
  public var expectedConfirmationSeconds: Int64 = 90
  /// When the circuit breaker opens and closes.
  public var breaker = BreakerPolicy()
  /// This process's name in the audit log.
  public var auditWriter = "ingest"
  /// When windows end.
  public var windows = WindowCalendar.utc
  // LIMIT: by the contract.
  /// The largest body.
  public var maximumBodyBytes = 256 * 1024
  // LIMIT: payouts of one store commit.
  /// The largest group.
  public var maximumGroup = 500
  // LIMIT: with one at a time whoever comes meanwhile is one group: the more wait, the more share a
  // commit. Two at a time were slower by a fifth at 64 connections, and no sooner at one.
  /// Groups at a time.
  public var maximumGroupsUnderWay = 1
  // LIMIT: beyond this, clients are told to come back.
  /// Payouts that wait for a group.
  public var maximumWaiting = 2000
  // LIMIT: each holds up to 100 payouts; beyond this, clients are told to come back.
  /// Batches on their way into the store.
  public var maximumBatchesUnderWay = 64
  // LIMIT: a Confirmer may be away.
  /// How long cancelling waits for a Confirmer, and for a Batcher that has the payout in hand.
  public var cancelPatience: Duration = .seconds(5)
  // LIMIT: slow clients hold connections.
  /// How long a request's body may take.
  public var bodyDeadline: Duration = .seconds(30)
  // LIMIT: clients that do not read their answers hold connections.
  /// How long a client may leave so much unread that there is no room for more.
  public var readingDeadline: Duration = .seconds(30)
  // LIMIT: so that a client that is still sending sees the answer.
  /// How long the rest of a refused body is read.
  public var lingering: Duration = .seconds(2)
  // LIMIT: idle clients hold connections.
  /// How long a connection may be silent between requests, or take for a head.
  public var idle: Duration = .seconds(75)
  /// Web pages of these origins may call; none unless configured.
  public var allowedOrigins: [String] = []
  // LIMIT: anybody can write a token that names a key that nobody knows.
  /// How long it takes until such a token lets published keys be fetched again.
  public var unknownKeyPause: Duration = .seconds(10)

  /// When a payout that is created now is expected to be confirmed.
  func estimatedCompletion(
    of window: WindowID?, createdAt now: UnixMilliseconds
  ) -> UnixMilliseconds {
    (window?.end ?? now).advanced(seconds: expectedConfirmationSeconds)
  }

  /// Collects what has no default.
  public init(network: String, usdtContract: TronAddress) {
    self.network = network
    self.usdtContract = usdtContract
  }
}
