import Tron

/// A block with what its transactions did; never changes, shared by everybody who reads it.
final class Block: Sendable {
  let header: BlockHeaderData
  let id: BlockID
  /// Empty in the genesis block.
  let witnessSignature: [UInt8]
  let transactions: [Included]
  /// What the operator changed at the start of this block.
  let edits: [LedgerEdit]

  /// A transaction in a block and what it did there.
  struct Included: Sendable {
    let transaction: NodeTransaction
    let execution: Execution

    /// The serialised transaction with its result, a leaf of the block's Merkle tree.
    var bytes: [UInt8] { transaction.bytes(result: execution.result) }
  }

  init(
    header: BlockHeaderData, witnessSignature: [UInt8], transactions: [Included],
    edits: [LedgerEdit]
  ) {
    self.header = header
    id = header.id
    self.witnessSignature = witnessSignature
    self.transactions = transactions
    self.edits = edits
  }

  var number: Int64 { header.number.value }
  var timestamp: Int64 { header.timestamp.value }
}
