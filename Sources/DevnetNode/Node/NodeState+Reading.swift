import Tron

/// What one call may see: blocks up to a height, and the pool if it asks the full node's present
/// state.
struct Sight: Sendable {
  /// The highest visible block.
  let height: Int64
  /// Whether the pending layer and the pool are visible.
  let seesPending: Bool
}

/// A transaction that was found, in a block or in the pool.
struct Found: Sendable {
  let transaction: NodeTransaction
  let execution: Execution
  /// `nil` while it waits in the pool.
  let block: Block?
}

extension NodeState {
  /// Fault-free calls of the wallet scope see everything; the solidity scope sees the solidified
  /// block.
  func sight(_ call: Call) -> Sight {
    let stale = call.faults.staleBlocks
    let top = max(0, chain.head.number - stale)
    switch call.scope {
    case .wallet: return Sight(height: top, seesPending: stale == 0)
    case .solidity: return Sight(height: max(0, chain.solidNumber - stale), seesPending: false)
    }
  }

  func view(_ sight: Sight) -> LedgerView { view(at: sight.seesPending ? nil : sight.height) }

  func block(_ number: Int64, _ sight: Sight) -> Block? {
    number <= sight.height ? chain.block(number) : nil
  }

  func block(_ id: BlockID, _ sight: Sight) -> Block? {
    id.number.value <= sight.height ? chain.block(id) : nil
  }

  func find(_ id: TransactionID, _ sight: Sight) -> Found? {
    if let location = chain.location(id), let block = block(location.number, sight) {
      let included = block.transactions[location.index]
      return Found(
        transaction: included.transaction, execution: included.execution, block: block)
    }
    guard sight.seesPending, let entry = pool[id] else { return nil }
    return Found(transaction: entry.transaction, execution: entry.execution, block: nil)
  }
}
