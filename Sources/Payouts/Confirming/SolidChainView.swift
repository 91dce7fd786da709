import Tron

/// A contiguous, parent-linked piece of the solidified chain as one node told it, with the
/// receipts of our wallets' transactions in it. Everything that proves anything comes from here.
struct SolidChainView {
  /// A solidified block without its transactions.
  struct Link: Hashable {
    var id: BlockID
    var parent: BlockID
    var time: UnixMilliseconds
    var number: BlockNumber { id.number }
  }

  /// The node told two things that cannot both be true.
  struct Contradiction: Error {
    var reason: String
  }

  /// Whose transactions were looked for in every block of the piece. Absence means something for
  /// these accounts only.
  let owners: Set<TronAddress>

  /// Ascending, without gaps.
  private var links: [Link] = []
  private var receipts: [TransactionID: ChainReceipt] = [:]

  init(owners: Set<TronAddress>) { self.owners = owners }

  var lowest: Link? { links.first }
  var highest: Link? { links.last }

  /// What the view says of a transaction.
  enum Verdict: Hashable {
    /// In a solidified block.
    case executed(ChainReceipt, blockID: BlockID)
    /// In none of the blocks that could hold it; `through` is the first at or past its expiration.
    case absent(through: Link)
    /// Not known yet: blocks are missing, or the expiration is not reached.
    case unknown
  }

  /// Continues the piece at the top.
  mutating func append(_ block: ChainBlock, receipts found: [ChainReceipt]) throws(Contradiction) {
    let link = Link(id: block.id, parent: block.parent, time: block.time)
    if let top = links.last {
      guard link.number.value - 1 == top.number.value else {
        throw Contradiction(reason: "block \(link.number.value) does not follow")
      }
      guard link.parent == top.id else {
        throw Contradiction(reason: "block \(link.number.value) has another parent")
      }
      guard link.time > top.time else {
        throw Contradiction(reason: "block \(link.number.value) is older than its parent")
      }
    }
    links.append(link)
    try take(found, in: block)
  }

  /// Continues the piece at the bottom with ascending blocks that end right below it.
  mutating func prepend(
    _ blocks: [ChainBlock], receipts found: [BlockNumber: [ChainReceipt]]
  ) throws(Contradiction) {
    var above = links.first
    for block in blocks.reversed() {
      let link = Link(id: block.id, parent: block.parent, time: block.time)
      if let above, above.parent != link.id {
        throw Contradiction(reason: "block \(above.number.value) has another parent")
      }
      above = link
    }
    links.insert(
      contentsOf: blocks.map { Link(id: $0.id, parent: $0.parent, time: $0.time) }, at: 0)
    for block in blocks { try take(found[block.number] ?? [], in: block) }
  }

  private mutating func take(
    _ found: [ChainReceipt], in block: ChainBlock
  ) throws(Contradiction) {
    let listed = Set(block.transactions.map(\.txid))
    for receipt in found {
      guard receipt.blockNumber == block.number, listed.contains(receipt.txid) else {
        throw Contradiction(
          reason: "a receipt of block \(block.number.value) is not of its transactions")
      }
      receipts[receipt.txid] = receipt
    }
  }

  /// What the piece says of an attempt, which cannot be in a block up to its reference block.
  func verdict(on attempt: Attempt) -> Verdict {
    guard owners.contains(attempt.owner) else { return .unknown }
    if let receipt = receipts[attempt.txid], let link = link(receipt.blockNumber) {
      return .executed(receipt, blockID: link.id)
    }
    guard let lowest, lowest.number.value - 1 <= attempt.referenceBlock.value,
      let end = first(at: attempt.expiration)
    else { return .unknown }
    return .absent(through: end)
  }

  /// Forgets blocks below a height, and their receipts.
  mutating func drop(below number: BlockNumber) {
    guard let lowest, lowest.number < number else { return }
    links.removeFirst(min(links.count, Int(number.value - lowest.number.value)))
    receipts = receipts.filter { $0.value.blockNumber >= number }
  }

  /// Receipts of every transaction of ours in the piece.
  var executed: some Collection<ChainReceipt> { receipts.values }

  private func link(_ number: BlockNumber) -> Link? {
    guard let lowest else { return nil }
    let index = Int(number.value - lowest.number.value)
    return links.indices.contains(index) ? links[index] : nil
  }

  /// The first block at or past a time. Times ascend, so this is a binary search.
  private func first(at time: UnixMilliseconds) -> Link? {
    var low = 0
    var high = links.count
    while low < high {
      let middle = (low + high) / 2
      if links[middle].time < time { low = middle + 1 } else { high = middle }
    }
    return low < links.count ? links[low] : nil
  }
}
