import Secp256k1
import Tron

/// A node as a value: chain, ledger, pool and the faults that bear on them. No I/O and no clock; every time is given.
///
/// The ledger always stands at the head block plus the pending layer: edits that the next block will carry, then the
/// transactions of the pool in order. Producing a block rolls the layer back, executes the block, and builds the layer
/// again, as the real node does.
struct NodeState: Sendable {
  let rules: NodeRules
  let witnesses: [Witness]
  private(set) var chain: Chain
  private(set) var ledger: Ledger
  private(set) var pool = Pool()
  /// What the next block will change before its transactions.
  private(set) var edits: [LedgerEdit] = []
  /// Witnesses that miss their slots.
  var offlineWitnesses: Set<Int> = []
  /// Whether blocks are produced when their slots come.
  var isProducing = true
  /// How far the node's clock is ahead of the wall clock, after blocks were produced ahead of their time.
  var clockOffsetMilliseconds: Int64 = 0

  /// The last slot that had a block, on any branch: its witness does not produce in it again.
  private(set) var lastSlot: Int64 = 0

  /// What happened to the canonical chain, for whoever keeps it on disk.
  enum Event: Sendable {
    case appended(Block)
    case popped(count: Int)
  }

  init(genesis: Genesis, schedule: Schedule, rules: NodeRules) throws {
    self.rules = rules
    witnesses = try Witness.all(schedule.witnessCount)
    var ledger = Ledger(parameters: genesis.parameters)
    for edit in genesis.edits { edit.apply(to: &ledger, atMilliseconds: 0) }
    _ = ledger.seal()
    self.ledger = ledger
    chain = Chain(genesis: genesis.block(schedule: schedule), schedule: schedule)
  }

  var executor: Executor {
    Executor(token: rules.token, headMilliseconds: chain.head.timestamp)
  }

  /// The node's clock.
  func now(wallMilliseconds: Int64) -> Int64 {
    wallMilliseconds.addingClamped(clockOffsetMilliseconds)
  }

  /// When the block after the head is due at the earliest.
  var nextSlotMilliseconds: Int64 {
    chain.head.timestamp.addingClamped(chain.schedule.intervalMilliseconds)
  }

  /// The state at a height between the solidified block and the head; without one, the state with the pending layer.
  func view(at number: Int64?) -> LedgerView {
    guard let number else { return LedgerView(ledger) }
    return LedgerView(ledger, undos: chain.undos(after: number) + [ledger.pendingUndo])
  }
}

/// What a node is configured to do.
struct NodeRules: Sendable {
  /// Where the USDT contract lives.
  var token: Executor.TetherContract
  /// LIMIT: waiting transactions; one more is answered SERVER_BUSY.
  var poolLimit = 2000
  /// A waiting transaction is forgotten after this.
  var poolTimeoutMilliseconds: Int64 = 60_000
}

// MARK: - Broadcast

extension NodeState {
  /// Takes a transaction into the pool, after every check of the real node in its order.
  ///
  /// The signature is checked outside, before the node is locked; its result is looked at when its turn comes.
  mutating func broadcast(
    _ transaction: NodeTransaction, signature: Result<Void, Refusal>, nowMilliseconds: Int64
  ) throws(Refusal) {
    guard pool.count <= rules.poolLimit else { throw .busy }
    guard !transaction.decoded.contracts.isEmpty else { throw .contract("No contract!") }
    guard transaction.decoded.expiration.value >= nextSlotMilliseconds else { throw .expired }
    try signature.get()
    try validateForNextBlock(transaction)
    guard pool[transaction.id] == nil else { throw .duplicate }
    let execution = try executor.execute(transaction, on: &ledger)
    pool.append(
      Pool.Entry(
        transaction: transaction, execution: execution, acceptedMilliseconds: nowMilliseconds))
  }

  /// The checks that do not depend on accounts, against the head block.
  private func validateForNextBlock(_ transaction: NodeTransaction) throws(Refusal) {
    let decoded = transaction.decoded
    guard decoded.contracts.count == 1 else {
      throw .other("Contract size should be exactly 1, this is \(decoded.contracts.count)")
    }
    guard chain.holdsReference(of: decoded) else { throw .tapos }
    guard transaction.size + 2 * Limits.resultBytes <= Limits.transactionBytes else {
      throw .tooBig
    }
    let head = chain.head.timestamp
    guard decoded.expiration.value > head,
      decoded.expiration.value <= head.addingClamped(Limits.maximumExpirationMilliseconds)
    else { throw .expired }
    guard chain.location(transaction.id) == nil else { throw .duplicate }
  }

  /// Why a transaction could not be executed now; nothing stays of the try.
  mutating func trial(of transaction: NodeTransaction) -> Refusal? {
    let mark = ledger.mark
    do throws(Refusal) {
      _ = try executor.execute(transaction, on: &ledger)
      ledger.rollBack(to: mark)
      return nil
    } catch {
      return error
    }
  }

  /// Forgets a waiting transaction silently, or all of them, as if the pool had lost them; how many there were.
  mutating func dropFromPool(_ id: TransactionID?, nowMilliseconds: Int64) -> Int {
    let waiting = pool.takeAll()
    for entry in waiting {
      if let id, entry.transaction.id != id { pool.append(entry) }
    }
    let dropped = waiting.count - pool.count
    rebuildPendingLayer(nowMilliseconds: nowMilliseconds)
    return dropped
  }

  /// Marks the last accepted transaction to be forgotten instead of being put into a block.
  mutating func doom(_ id: TransactionID) {
    guard var entry = pool[id] else { return }
    entry.isDoomed = true
    pool.append(entry)
  }

  /// Executes edits and waiting transactions on the head again; what does not fit any more is forgotten silently.
  private mutating func rebuildPendingLayer(nowMilliseconds: Int64) {
    ledger.rollBack(to: 0)
    for edit in edits { edit.apply(to: &ledger, atMilliseconds: chain.head.timestamp) }
    for entry in pool.takeAll() {
      guard !isTimedOut(entry, nowMilliseconds) else { continue }
      if let execution = tryExecuting(entry.transaction) {
        var entry = entry
        entry.execution = execution
        pool.append(entry)
      }
    }
  }

  private func isTimedOut(_ entry: Pool.Entry, _ nowMilliseconds: Int64) -> Bool {
    nowMilliseconds - entry.acceptedMilliseconds > rules.poolTimeoutMilliseconds
  }

  /// `nil` when the next block cannot carry the transaction.
  private mutating func tryExecuting(_ transaction: NodeTransaction) -> Execution? {
    do throws(Refusal) {
      guard transaction.decoded.expiration.value >= nextSlotMilliseconds else { return nil }
      try validateForNextBlock(transaction)
      return try executor.execute(transaction, on: &ledger)
    } catch {
      return nil
    }
  }
}

// MARK: - Blocks

extension NodeState {
  /// Produces the block of a slot, which must be after the head's; nothing when its witness is offline.
  mutating func produce(
    slot: Int64, nowMilliseconds: Int64
  ) throws(Secp256k1Error) -> [Event] {
    guard slot > lastSlot, !offlineWitnesses.contains(chain.schedule.witness(ofSlot: slot))
    else { return [] }
    ledger.rollBack(to: 0)
    let waiting = pool.takeAll().filter { !$0.isDoomed && !isTimedOut($0, nowMilliseconds) }
    let block = try build(slot: slot, edits: edits, from: waiting.map(\.transaction))
    edits = []
    lastSlot = slot
    chain.append(block, undo: ledger.seal())
    for entry in waiting where chain.location(entry.transaction.id) == nil { pool.append(entry) }
    rebuildPendingLayer(nowMilliseconds: nowMilliseconds)
    return [.appended(block)]
  }

  /// Executes edits and transactions on the ledger, which stands at the head, and signs the block that holds them.
  private mutating func build(
    slot: Int64, edits: [LedgerEdit], from transactions: [NodeTransaction]
  ) throws(Secp256k1Error) -> Block {
    for edit in edits { edit.apply(to: &ledger, atMilliseconds: chain.head.timestamp) }
    var included: [Block.Included] = []
    var size = 0
    for transaction in transactions where size + transaction.size <= Limits.blockBytes {
      guard let execution = tryExecuting(transaction) else { continue }
      included.append(Block.Included(transaction: transaction, execution: execution))
      size += transaction.size
    }
    let witness = witnesses[chain.schedule.witness(ofSlot: slot)]
    let header = BlockHeaderData(
      number: BlockNumber(chain.head.number + 1),
      timestamp: UnixMilliseconds(chain.schedule.start(ofSlot: slot)),
      transactionTrieRoot: transactionTrieRoot(of: included.map(\.bytes)),
      parent: chain.head.id, witnessAddress: witness.address.bytes,
      version: Limits.blockVersion)
    return Block(
      header: header, witnessSignature: try witness.sign(header), transactions: included,
      edits: edits)
  }

  /// Applies a record of the chain's past; whether it fits, down to the block's id.
  mutating func replay(_ record: ChainRecord) throws(Secp256k1Error) -> Bool {
    ledger.rollBack(to: 0)
    switch record {
    case .genesis: return false
    case .pop(let count): return popBlocks(count).count == count
    case .block(let slot, let id, let edits, let transactions):
      guard slot > chain.schedule.slot(at: chain.head.timestamp) else { return false }
      let block = try build(slot: slot, edits: edits, from: transactions)
      guard block.id == id else { return false }
      lastSlot = max(lastSlot, slot)
      chain.append(block, undo: ledger.seal())
      return true
    }
  }

  /// Changes state outside transactions: at once in the pending layer, for good in the next block.
  mutating func edit(_ edits: [LedgerEdit], nowMilliseconds: Int64) {
    self.edits += edits
    rebuildPendingLayer(nowMilliseconds: nowMilliseconds)
  }

  mutating func hold(solidity: Chain.SolidityHold) {
    chain.solidityHold = solidity
    chain.solidify()
  }
}

// MARK: - Forks

/// A switch to another branch that the operator asks for.
struct Fork: Equatable, Sendable {
  /// How many unsolidified blocks are replaced.
  var depth: Int
  /// What becomes of the affected transactions.
  var fate: Fate = .returned
  /// Which part of the transactions is affected, 0…1; the others are in the new branch in their old order.
  var probability = 1.0
  var seed: UInt64 = 1

  enum Fate: String, Sendable, CaseIterable {
    /// Back to the pool, to be mined later.
    case returned = "return"
    /// Gone from this node for good.
    case dropped = "drop"
    /// In the new branch, in another order and other blocks.
    case reordered = "reorder"
  }

  /// What was done.
  struct Outcome: Sendable {
    var replacedBlocks = 0
    var affected: [TransactionID] = []
    var events: [NodeState.Event] = []
  }
}

extension NodeState {
  /// Replaces the last blocks by a branch in which the first of their slots was missed.
  ///
  /// So the new branch is one block shorter, every block in it has a new id, and the head's number steps back by one until
  /// the next slot, as readers of a real node see it.
  mutating func fork(
    _ fork: Fork, nowMilliseconds: Int64
  ) throws(Secp256k1Error) -> Fork.Outcome {
    var outcome = Fork.Outcome()
    ledger.rollBack(to: 0)
    let popped = popBlocks(fork.depth)
    outcome.replacedBlocks = popped.count
    outcome.events = popped.isEmpty ? [] : [.popped(count: popped.count)]
    let plan = plan(fork, popped, &outcome)
    edits = popped.flatMap(\.edits) + edits
    for (slot, transactions) in zip(popped.dropFirst().map(slot(of:)), plan.branch) {
      let block = try build(slot: slot, edits: edits, from: transactions)
      edits = []
      chain.append(block, undo: ledger.seal())
      outcome.events.append(.appended(block))
    }
    let waiting = pool.takeAll()
    for transaction in plan.pool where chain.location(transaction.id) == nil {
      pool.append(
        Pool.Entry(
          transaction: transaction, execution: Execution(),
          acceptedMilliseconds: nowMilliseconds))
    }
    for entry in waiting { pool.append(entry) }
    rebuildPendingLayer(nowMilliseconds: nowMilliseconds)
    return outcome
  }

  private func slot(of block: Block) -> Int64 { chain.schedule.slot(at: block.timestamp) }

  /// The popped blocks, oldest first.
  private mutating func popBlocks(_ depth: Int) -> [Block] {
    var popped: [Block] = []
    while popped.count < depth, let (block, undo) = chain.popHead() {
      ledger.undo(undo)
      popped.append(block)
    }
    return popped.reversed()
  }

  private struct Plan {
    /// Transactions of each block of the new branch.
    var branch: [[NodeTransaction]]
    /// Transactions that wait again.
    var pool: [NodeTransaction]
  }

  /// Deals the transactions of the popped blocks out to the new branch and to the pool.
  ///
  /// What the branch has no block for (its first block takes over from the missed slot) goes to the pool.
  private func plan(_ fork: Fork, _ popped: [Block], _ outcome: inout Fork.Outcome) -> Plan {
    var random = SplitMix64(seed: fork.seed)
    var kept: [NodeTransaction] = []
    var waiting: [NodeTransaction] = []
    for transaction in popped.flatMap(\.transactions).map(\.transaction) {
      guard random.chance(fork.probability) else {
        kept.append(transaction)
        continue
      }
      outcome.affected.append(transaction.id)
      switch fork.fate {
      case .returned: waiting.append(transaction)
      case .dropped: break
      case .reordered: kept.append(transaction)
      }
    }
    if fork.fate == .reordered { kept.shuffle(using: &random) }
    let blocks = max(0, popped.count - 1)
    guard blocks > 0 else { return Plan(branch: [], pool: kept + waiting) }
    let share = (kept.count + blocks - 1) / blocks
    let branch = (0..<blocks).map { index in
      Array(kept.dropFirst(index * share).prefix(share))
    }
    // Offered to the pool as well: what a block could not carry after all waits again.
    return Plan(branch: branch, pool: kept + waiting)
  }
}
