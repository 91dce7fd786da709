import Secp256k1
import Tron

extension NodeState {
  /// Replaces the last blocks by a branch in which the first of their slots was missed.
  ///
  /// So the new branch is one block shorter, every block in it has a new id, and the head's number
  /// steps back by one until the next slot, as readers of a real node see it.
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
  mutating func popBlocks(_ depth: Int) -> [Block] {
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
  /// What the branch has no block for (its first block takes over from the missed slot) goes to the
  /// pool.
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
