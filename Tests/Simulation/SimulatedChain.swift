import Payouts
import Synchronization
import Tron

/// A chain in memory with the properties that the protocol relies on: TAPOS, expiration,
/// duplicates, forks of what is not solidified, and nothing else.
final class SimulatedChain: Sendable {
  struct Block {
    var block: ChainBlock
    var receipts: [ChainReceipt]
    var transactions: [TransactionID: [UInt8]]
  }

  struct State {
    var blocks: [Block] = []
    var pool: [TransactionID: [UInt8]] = [:]
    var time: UnixMilliseconds
    var salt: UInt64 = 0
    var isDown = false
    var losesBroadcasts = false
    var broadcasts = 0
  }

  static let depth = 3
  static let slot: Int64 = 3_000

  let contract: TronAddress
  /// What executing a transfer to this recipient does; success when absent.
  let results: Mutex<[TronAddress: String]> = Mutex([:])
  let state: Mutex<State>

  init(contract: TronAddress, start: UnixMilliseconds) {
    self.contract = contract
    state = Mutex(State(time: start))
    for _ in 0..<8 { produce() }
  }

  private static func isValid(
    _ rawData: [UInt8], after parent: ChainBlock?, in blocks: [Block]
  ) -> TransferTransaction? {
    guard let transaction = try? TransferTransaction(strictly: rawData) else { return nil }
    let isReferenced = blocks.contains {
      $0.block.id.reference.bytes == transaction.terms.referenceBytes
        && $0.block.id.reference.hash == transaction.terms.referenceHash
    }
    guard isReferenced, let parent, transaction.terms.expiration > parent.time else { return nil }
    let txid = TransactionID(hashing: rawData)
    return blocks.contains { $0.transactions[txid] != nil } ? nil : transaction
  }

  /// Makes the next block; `skip` slots are missed, only every `share`-th of the pool is taken.
  func produce(skip: Int64 = 0, share: Int = 1) {
    let results = results.withLock { $0 }
    state.withLock { state in
      state.time = state.time.advanced(milliseconds: Self.slot * (1 + skip))
      let parent = state.blocks.last?.block
      let number = BlockNumber(Int64(state.blocks.count))
      state.salt += 1
      let id = BlockID(
        number: number, hashingHeader: Array("\(number.value)/\(state.salt)".utf8))
      var receipts: [ChainReceipt] = []
      var taken: [TransactionID: [UInt8]] = [:]
      var listed: [ChainTransaction] = []
      for (index, entry) in state.pool.sorted(by: { $0.key < $1.key }).enumerated()
      where index % share == 0 {
        state.pool[entry.key] = nil
        guard let transaction = Self.isValid(entry.value, after: parent, in: state.blocks) else {
          continue
        }
        taken[entry.key] = entry.value
        listed.append(ChainTransaction(txid: entry.key, owner: transaction.owner))
        let result = results[transaction.recipient] ?? "SUCCESS"
        let event = TransferEvent(
          contract: contract, sender: transaction.owner, recipient: transaction.recipient,
          value: UInt256(UInt64(transaction.amount.micro)))
        receipts.append(
          ChainReceipt(
            txid: entry.key, blockNumber: number, blockTime: state.time, fee: Sun(345_000),
            result: result == "SUCCESS" ? nil : "FAILED", receiptResult: result, energyUsed: 65_000,
            logs: result == "SUCCESS" ? [event.log] : []))
      }
      let zero = [UInt8](repeating: 0, count: 32)
      let block = ChainBlock(
        id: id, parent: parent?.id ?? BlockID(number: BlockNumber(0), hashingHeader: zero),
        time: state.time, transactions: listed)
      state.blocks.append(Block(block: block, receipts: receipts, transactions: taken))
    }
  }

  /// Takes back blocks that are not solidified; their transactions return to the pool or vanish.
  func fork(depth: Int, keeping share: Int) {
    state.withLock { state in
      for _ in 0..<min(depth, Self.depth - 1) {
        guard state.blocks.count > Self.depth + 2, let gone = state.blocks.popLast() else { return }
        for (index, entry) in gone.transactions.sorted(by: { $0.key < $1.key }).enumerated()
        where index % share == 0 { state.pool[entry.key] = entry.value }
      }
    }
  }

  var head: ChainBlock? { state.withLock { $0.blocks.last?.block } }

  /// Every success in a solidified block: who got how much in how many transfers.
  func payments(includingUnsolidified: Bool = false) -> [TronAddress: [USDTAmount]] {
    state.withLock { state in
      var paid: [TronAddress: [USDTAmount]] = [:]
      let end = includingUnsolidified ? state.blocks.count : state.blocks.count - Self.depth
      for block in state.blocks.prefix(max(0, end)) {
        for receipt in block.receipts {
          for event in receipt.logs.compactMap(TransferEvent.init) {
            paid[event.recipient, default: []].append(event.amount ?? .zero)
          }
        }
      }
      return paid
    }
  }
}

/// One simulated process's view of the chain, as full node and as solidity node.
struct SimulatedNode: FullNode, SolidityNode {
  let name: String
  let chain: SimulatedChain
  let process: SimulatedProcess

  private func reach<Answer: Sendable>(
    _ answer: (inout SimulatedChain.State) -> Answer
  ) async throws(ChainError) -> Answer {
    try await process.chainCall()
    let result: Answer? = chain.state.withLock { $0.isDown ? nil : answer(&$0) }
    guard let result else {
      throw ChainError(code: .unreachable, effect: .none, message: "the node is down")
    }
    return result
  }

  private static func solid(_ state: SimulatedChain.State) -> Int {
    max(1, state.blocks.count - SimulatedChain.depth)
  }

  // Broadcasts are concurrent, so they take no turn and draw no chance.
  func broadcast(_ transaction: [UInt8]) async throws(ChainError) -> BroadcastAnswer {
    guard !process.isDead, let decoded = try? DecodedTransaction(transaction: transaction) else {
      throw ChainError(code: .unreachable, effect: .inDoubt, message: "no answer")
    }
    return chain.state.withLock { state in
      state.broadcasts += 1
      if !state.losesBroadcasts && !state.isDown { state.pool[decoded.txid] = decoded.rawData }
      return BroadcastAnswer(code: "SUCCESS", message: "")
    }
  }

  func head() async throws(ChainError) -> ChainBlock {
    try await reach { $0.blocks[$0.blocks.count - 1].block }
  }

  func block(_ number: BlockNumber) async throws(ChainError) -> ChainBlock? {
    try await reach { state in
      state.blocks.indices.contains(Int(number.value)) ? state.blocks[Int(number.value)].block : nil
    }
  }

  func prices() async throws(ChainError) -> (energy: Sun, bandwidth: Sun) {
    (Sun(100), Sun(1000))
  }

  func energyLeft(of account: TronAddress) async throws(ChainError) -> Int64 { 0 }

  func transferEnergy(
    contract: TronAddress, from owner: TronAddress, to recipient: TronAddress, amount: USDTAmount
  ) async throws(ChainError) -> Int64? { 130_285 }

  func solidifiedHead() async throws(ChainError) -> ChainBlock {
    try await reach { $0.blocks[Self.solid($0) - 1].block }
  }

  func solidifiedBlocks(
    from: BlockNumber, through: BlockNumber
  ) async throws(ChainError) -> [ChainBlock] {
    try await reach { state in
      let end = min(Int(through.value) + 1, Self.solid(state))
      return Int(from.value) < end ? state.blocks[Int(from.value)..<end].map(\.block) : []
    }
  }

  func solidifiedReceipts(_ number: BlockNumber) async throws(ChainError) -> [ChainReceipt] {
    try await reach { state in
      Int(number.value) < Self.solid(state) ? state.blocks[Int(number.value)].receipts : []
    }
  }

  func solidifiedReceipt(_ txid: TransactionID) async throws(ChainError) -> ChainReceipt? {
    try await reach { state in
      state.blocks.prefix(Self.solid(state)).lazy.flatMap(\.receipts).first { $0.txid == txid }
    }
  }

  func solidifiedTRX(of account: TronAddress) async throws(ChainError) -> Sun {
    Sun(1_000_000_000_000)
  }

  func solidifiedUSDT(
    of account: TronAddress, contract: TronAddress
  ) async throws(ChainError) -> USDTAmount { USDTAmount(micro: 1_000_000_000_000) }
}
