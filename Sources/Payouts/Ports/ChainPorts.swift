import Tron

/// A call to a node that failed or was not understood. Never evidence of anything.
public struct ChainError: Error, Sendable, CustomStringConvertible {
  /// Kinds of failure.
  public enum Code: String, Sendable {
    /// No connection, a time-out, an HTTP error.
    case unreachable
    /// The body is not what the method answers.
    case malformed
    /// The node answered with `Error`.
    case refused
  }

  /// Kind.
  public var code: Code
  /// What it means for the world.
  public var effect: Effect
  /// For logs; no keys.
  public var message: String

  /// Collects the parts.
  public init(code: Code, effect: Effect, message: String) {
    self.code = code
    self.effect = effect
    self.message = message
  }

  /// For logs and people.
  public var description: String { "\(code.rawValue): \(message)" }
}

/// A block as a node tells it.
public struct ChainBlock: Hashable, Sendable {
  /// Its id; carries the number.
  public var id: BlockID
  /// The id of the block before.
  public var parent: BlockID
  /// Its time.
  public var time: UnixMilliseconds
  /// Its transactions, in order: the id, and the first contract's `owner_address` where it could
  /// be read.
  public var transactions: [ChainTransaction]

  /// Its height.
  public var number: BlockNumber { id.number }

  /// Collects the parts.
  public init(
    id: BlockID, parent: BlockID, time: UnixMilliseconds, transactions: [ChainTransaction]
  ) {
    self.id = id
    self.parent = parent
    self.time = time
    self.transactions = transactions
  }
}

/// A transaction as a block lists it.
public struct ChainTransaction: Hashable, Sendable {
  /// Its id.
  public var txid: TransactionID
  /// Whose it is, where it could be read.
  public var owner: TronAddress?
  /// The type of its first contract, as the node names it: `TriggerSmartContract`, …
  public var contract: String?

  /// Collects the parts.
  public init(txid: TransactionID, owner: TronAddress?, contract: String? = nil) {
    self.txid = txid
    self.owner = owner
    self.contract = contract
  }
}

/// What the chain recorded of an executed transaction.
public struct ChainReceipt: Hashable, Sendable {
  /// The transaction.
  public var txid: TransactionID
  /// The block that holds it.
  public var blockNumber: BlockNumber
  /// That block's time.
  public var blockTime: UnixMilliseconds
  /// What it cost.
  public var fee: Sun
  /// `TransactionInfo.result`: `FAILED`, or absent on success.
  public var result: String?
  /// `receipt.result`: `SUCCESS`, `REVERT`, `OUT_OF_ENERGY`, …; absent for a plain TRX transfer.
  public var receiptResult: String?
  /// Energy used in all.
  public var energyUsed: Int64
  /// Every event.
  public var logs: [ContractLog]

  /// Collects the parts.
  public init(
    txid: TransactionID, blockNumber: BlockNumber, blockTime: UnixMilliseconds, fee: Sun,
    result: String?, receiptResult: String?, energyUsed: Int64, logs: [ContractLog]
  ) {
    self.txid = txid
    self.blockNumber = blockNumber
    self.blockTime = blockTime
    self.fee = fee
    self.result = result
    self.receiptResult = receiptResult
    self.energyUsed = energyUsed
    self.logs = logs
  }
}

/// What a node said to a broadcast. Changes no state of ours, whatever it is.
public struct BroadcastAnswer: Hashable, Sendable {
  /// The code's name: `SUCCESS`, `DUP_TRANSACTION_ERROR`, …
  public var code: String
  /// The node's words.
  public var message: String

  /// Collects the parts.
  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

/// One full node: takes transactions and tells the head.
public protocol FullNode: Sendable {
  /// Host and port, for logs, metrics and proofs.
  var name: String { get }
  /// Hands over a signed transaction (`broadcasthex`).
  func broadcast(_ transaction: [UInt8]) async throws(ChainError) -> BroadcastAnswer
  /// The head block with its transactions.
  func head() async throws(ChainError) -> ChainBlock
  /// A block of the node's present chain; `nil` beyond the head.
  func block(_ number: BlockNumber) async throws(ChainError) -> ChainBlock?
  /// Prices from the chain parameters.
  func prices() async throws(ChainError) -> (energy: Sun, bandwidth: Sun)
  /// Staked energy that an account has left.
  func energyLeft(of account: TronAddress) async throws(ChainError) -> Int64
  /// The energy that a USDT transfer would use now, from a simulation; `nil` when the simulation
  /// reverted.
  func transferEnergy(
    contract: TronAddress, from owner: TronAddress, to recipient: TronAddress, amount: USDTAmount
  ) async throws(ChainError) -> Int64?
}

/// One node's view of the solidified chain; only this view proves anything.
public protocol SolidityNode: Sendable {
  /// Host and port, for logs, metrics and proofs.
  var name: String { get }
  /// The solidified head with its transactions.
  func solidifiedHead() async throws(ChainError) -> ChainBlock
  /// Solidified blocks `from ... through`, in order, at most 100; shorter when the node has fewer.
  func solidifiedBlocks(
    from: BlockNumber, through: BlockNumber
  ) async throws(ChainError) -> [ChainBlock]
  /// The receipts of a solidified block, in block order.
  func solidifiedReceipts(_ number: BlockNumber) async throws(ChainError) -> [ChainReceipt]
  /// The receipt of one transaction in the solidified chain; `nil` when the node says it has none.
  func solidifiedReceipt(_ txid: TransactionID) async throws(ChainError) -> ChainReceipt?
  /// The TRX of an account in the solidified state; zero when the account does not exist.
  func solidifiedTRX(of account: TronAddress) async throws(ChainError) -> Sun
  /// The USDT of an account in the solidified state.
  func solidifiedUSDT(
    of account: TronAddress, contract: TronAddress
  ) async throws(ChainError) -> USDTAmount
}
