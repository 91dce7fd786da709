import Tron

/// The last blocks up to the head as a full node tells them, forks and all. Only for display and
/// for sparing nodes needless broadcasts; nothing is decided by it.
struct HeadChainView {
  /// Ascending and parent-linked.
  private var blocks: [ChainBlock] = []
  private var places: [TransactionID: BlockNumber] = [:]

  var head: ChainBlock? { blocks.last }

  /// Where a transaction is now, if it is in one of the last blocks.
  func block(of txid: TransactionID) -> BlockNumber? { places[txid] }

  /// The height of the block that is missing between the piece and these ascending blocks; `nil`
  /// when they join it, or when the piece cannot help any more.
  func missing(below chain: [ChainBlock]) -> BlockNumber? {
    guard let first = chain.first, let bottom = blocks.first else { return nil }
    guard first.number.value - 1 >= bottom.number.value else { return nil }
    let joins = blocks.contains { $0.id == first.parent }
    return joins ? nil : BlockNumber(first.number.value - 1)
  }

  /// Takes ascending linked blocks that end with the head; what they replace is forgotten.
  mutating func take(_ chain: [ChainBlock]) {
    guard let first = chain.first else { return }
    let stays = blocks.filter { $0.number < first.number }
    let joined = stays.last.map { $0.id == first.parent } ?? true
    blocks = (joined ? stays : []) + chain
    if blocks.count > Self.length { blocks.removeFirst(blocks.count - Self.length) }
    places = [:]
    for block in blocks {
      for transaction in block.transactions { places[transaction.txid] = block.number }
    }
  }

  // LIMIT: blocks kept; more than a chain with 27 witnesses needs to solidify.
  private static let length = 64
}
