import Payouts
import Synchronization
import Tron

/// Accounts, blocks and attempts that tests of the chain's evidence share.
enum TestChain {
  static let start: Int64 = 1_790_000_000_000

  static func account(_ number: UInt8) throws -> TronAddress {
    try TronAddress(accountBytes: [UInt8](repeating: number, count: 20)[...])
  }

  static func time(_ number: Int64) -> UnixMilliseconds {
    UnixMilliseconds(start + number * 3_000)
  }

  static func id(_ number: Int64, fork: String = "") -> BlockID {
    BlockID(number: BlockNumber(number), hashingHeader: Array("\(number)\(fork)".utf8))
  }

  /// A block of the main chain, or of another from `forkedAt` on.
  static func block(
    _ number: Int64, forkedAt: Int64 = .max, _ transactions: [ChainTransaction] = []
  ) -> ChainBlock {
    func id(_ number: Int64) -> BlockID {
      Self.id(number, fork: number >= forkedAt ? "fork" : "")
    }
    return ChainBlock(
      id: id(number), parent: id(number - 1), time: time(number), transactions: transactions)
  }

  static func attempt(
    of transfer: Transfer, owner: TronAddress, contract: TronAddress, reference: Int64 = 10,
    expiration: UnixMilliseconds
  ) throws -> Attempt {
    let bytes = try TransferTransaction(
      owner: owner, contract: contract, recipient: transfer.recipient, amount: transfer.amount,
      terms: TransactionTerms(
        reference: id(reference).reference, expiration: expiration, timestamp: time(reference),
        feeLimit: Sun(15_000_000))
    ).rawData
    return Attempt(
      number: 1, epoch: 1, owner: owner, rawData: bytes, txid: TransactionID(hashing: bytes),
      referenceBlock: BlockNumber(reference), expiration: expiration)
  }
}

/// A solidity node that says what a test wants.
final class ScriptedSolidity: SolidityNode {
  struct Script {
    var blocks: [ChainBlock] = []
    var receipts: [ChainReceipt] = []
    /// What the look-up by id finds, whatever the blocks hold.
    var known: Set<TransactionID> = []
    var failsHead = false
    var failsLookUp = false
    var usdt = USDTAmount(micro: 1_000_000_000)
  }

  let name: String
  let script: Mutex<Script>
  /// The methods that were asked, in order.
  let asked = Mutex<[String]>([])

  init(_ name: String, _ script: Script) {
    self.name = name
    self.script = Mutex(script)
  }

  private func note(_ method: String) { asked.withLock { $0.append(method) } }

  private static let down = ChainError(code: .unreachable, effect: .none, message: "down")

  func solidifiedHead() async throws(ChainError) -> ChainBlock {
    note("head")
    let head = script.withLock { $0.failsHead ? nil : $0.blocks.last }
    guard let head else { throw Self.down }
    return head
  }

  func solidifiedBlocks(
    from: BlockNumber, through: BlockNumber
  ) async throws(ChainError) -> [ChainBlock] {
    script.withLock { $0.blocks.filter { (from...through).contains($0.number) } }
  }

  func solidifiedReceipts(_ number: BlockNumber) async throws(ChainError) -> [ChainReceipt] {
    script.withLock { $0.receipts.filter { $0.blockNumber == number } }
  }

  func solidifiedReceipt(_ txid: TransactionID) async throws(ChainError) -> ChainReceipt? {
    note("receipt")
    let (fails, known) = script.withLock { ($0.failsLookUp, $0.known.contains(txid)) }
    guard !fails else { throw Self.down }
    guard known else { return nil }
    return ChainReceipt(
      txid: txid, blockNumber: BlockNumber(1), blockTime: TestChain.time(1), fee: .zero,
      result: nil,
      receiptResult: "SUCCESS", energyUsed: 0, logs: [])
  }

  func solidifiedTRX(of account: TronAddress) async throws(ChainError) -> Sun {
    note("trx")
    return Sun(1_000_000_000)
  }

  func solidifiedUSDT(
    of account: TronAddress, contract: TronAddress
  ) async throws(ChainError) -> USDTAmount {
    note("usdt")
    return script.withLock { $0.usdt }
  }
}

/// A full node that says what a test wants; broadcasts wait while it hangs.
final class ScriptedFull: FullNode {
  struct Script {
    var head = TestChain.block(20)
    var fails = false
    var energy: Int64? = 64_285
    var waiting: [CheckedContinuation<Void, Never>] = []
    var hangs = false
  }

  let name: String
  let script: Mutex<Script>
  let broadcasts = Mutex<[[UInt8]]>([])
  let recipients = Mutex<[TronAddress]>([])

  init(_ name: String, _ script: Script = Script()) {
    self.name = name
    self.script = Mutex(script)
  }

  func broadcast(_ transaction: [UInt8]) async throws(ChainError) -> BroadcastAnswer {
    broadcasts.withLock { $0.append(transaction) }
    await withCheckedContinuation { continuation in
      let goesOn = script.withLock { script in
        if script.hangs { script.waiting.append(continuation) }
        return !script.hangs
      }
      if goesOn { continuation.resume() }
    }
    return BroadcastAnswer(code: "SUCCESS", message: "")
  }

  /// Answers what hangs, and hangs no more.
  func recover() {
    let waiting = script.withLock { script in
      script.hangs = false
      defer { script.waiting = [] }
      return script.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func head() async throws(ChainError) -> ChainBlock {
    let (fails, head) = script.withLock { ($0.fails, $0.head) }
    guard !fails else { throw ChainError(code: .unreachable, effect: .none, message: "down") }
    return head
  }

  func block(_ number: BlockNumber) async throws(ChainError) -> ChainBlock? { nil }
  func prices() async throws(ChainError) -> (energy: Sun, bandwidth: Sun) { (Sun(100), Sun(1000)) }
  func energyLeft(of account: TronAddress) async throws(ChainError) -> Int64 { 0 }

  func transferEnergy(
    contract: TronAddress, from owner: TronAddress, to recipient: TronAddress, amount: USDTAmount
  ) async throws(ChainError) -> Int64? {
    recipients.withLock { $0.append(recipient) }
    return script.withLock { $0.energy }
  }
}
