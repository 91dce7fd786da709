import Payouts
import Tron

/// One Transfer event out of one of our wallets.
struct ChainTransfer: Hashable {
  var txid: TransactionID
  var block: BlockNumber
  var sender: TronAddress
  var recipient: TronAddress
  var amount: USDTAmount?
}

/// Reads the solidified chain itself; trusts nothing that was stored.
struct ChainReading {
  let node: any SolidityNode
  let contract: TronAddress
  let wallets: Set<TronAddress>

  /// Every Transfer event out of our wallets, whoever sent the transaction.
  func transfers(
    from first: BlockNumber, through last: BlockNumber
  ) async throws -> [ChainTransfer] {
    var found: [ChainTransfer] = []
    var parent: BlockID?
    var next = first.value
    while next <= last.value {
      let blocks = try await node.solidifiedBlocks(
        from: BlockNumber(next), through: BlockNumber(min(last.value, next + 99)))
      guard let top = blocks.last else {
        throw CommandFailure("the node does not give block \(next)")
      }
      for block in blocks {
        guard parent.map({ $0 == block.parent }) ?? true else {
          throw CommandFailure("block \(block.number.value) does not follow the one before")
        }
        parent = block.id
        if !block.transactions.isEmpty { found += try await events(of: block) }
      }
      next = top.number.value + 1
    }
    return found
  }

  private func events(of block: ChainBlock) async throws -> [ChainTransfer] {
    let receipts = try await node.solidifiedReceipts(block.number)
    guard Set(receipts.map(\.txid)) == Set(block.transactions.map(\.txid)) else {
      throw CommandFailure("block \(block.number.value): receipts and transactions differ")
    }
    return receipts.flatMap { receipt in
      receipt.logs.compactMap { TransferEvent($0) }
        .filter { $0.contract == contract && wallets.contains($0.sender) }
        .map {
          ChainTransfer(
            txid: receipt.txid, block: block.number, sender: $0.sender, recipient: $0.recipient,
            amount: $0.amount)
        }
    }
  }
}
