import Tron

/// The proof that a transfer was executed: where it stands in the solidified chain.
public struct Payment: Hashable, Codable, Sendable {
  /// The transaction.
  public var txid: TransactionID
  /// The block that holds it.
  public var blockNumber: BlockNumber
  /// That block's time.
  public var blockTime: UnixMilliseconds
  /// What the chain charged: of a transfer for the transaction, of a payout its share of that.
  public var fee: Sun
  /// When we saw it solidified.
  public var confirmedAt: UnixMilliseconds

  /// Collects the parts.
  public init(
    txid: TransactionID, blockNumber: BlockNumber, blockTime: UnixMilliseconds, fee: Sun,
    confirmedAt: UnixMilliseconds
  ) {
    self.txid = txid
    self.blockNumber = blockNumber
    self.blockTime = blockTime
    self.fee = fee
    self.confirmedAt = confirmedAt
  }

  enum CodingKeys: String, CodingKey {
    case txid, blockNumber = "block_number", blockTime = "block_time", fee = "fee_sun"
    case confirmedAt = "confirmed_at"
  }
}

/// Why a payout was not paid, in the words of the API.
public struct Failure: Hashable, Codable, Sendable {
  /// What went wrong.
  public enum Reason: String, Codable, CaseIterable, Sendable {
    /// The contract refused the transfer (no balance, blacklisted sender, paused).
    case reverted
    /// The transfer ran out of energy on the chain as often as we try.
    case outOfEnergy = "out_of_energy"
    /// The transfer was executed with another result than a plain success.
    case executionFailed = "execution_failed"
    /// Every attempt expired unseen, as often as we try.
    case expired
  }

  /// What went wrong.
  public var reason: Reason
  /// One sentence for the client; no secrets.
  public var message: String
  /// The last transaction that was tried, if any.
  public var txid: TransactionID?
  /// What failed executions cost: of a transfer all of it, of a payout its share.
  public var fee: Sun?
  /// When it was decided.
  public var at: UnixMilliseconds

  /// Collects the parts.
  public init(
    reason: Reason, message: String, txid: TransactionID? = nil, fee: Sun? = nil,
    at: UnixMilliseconds
  ) {
    self.reason = reason
    self.message = message
    self.txid = txid
    self.fee = fee
    self.at = at
  }

  enum CodingKeys: String, CodingKey {
    case reason, message, txid, fee = "fee_sun", at
  }
}
