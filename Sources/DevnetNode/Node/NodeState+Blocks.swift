import Secp256k1
import Tron

extension NodeState {
  /// Produces the block of a slot, which must be after the head's; nothing when its witness is
  /// offline.
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

  /// Executes edits and transactions on the ledger, which stands at the head, and signs the block
  /// that holds them.
  mutating func build(
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
