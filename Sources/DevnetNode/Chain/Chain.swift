import Tron

/// The canonical chain from genesis to head, with what is needed to take unsolidified blocks back.
struct Chain: Sendable {
  let schedule: Schedule
  /// All canonical blocks; the index is the number.
  private(set) var blocks: [Block]
  /// Height of the solidified block; never goes down.
  private(set) var solidNumber: Int64 = 0
  /// What holds solidification back, if anything does.
  var solidityHold = SolidityHold.none
  /// Undo of each block after the solidified one, oldest first.
  private var undos: [Undo] = []
  /// The latest block of each witness.
  private(set) var latestNumbers: [Int64]
  private var locations: [TransactionID: Location] = [:]

  /// A fault of solidification.
  enum SolidityHold: Equatable, Sendable {
    case none
    /// Stays where it is.
    case stopped
    /// Stays at least so many blocks behind the head.
    case lag(Int64)
  }

  /// Where a transaction is.
  struct Location: Equatable, Sendable {
    let number: Int64
    let index: Int
  }

  private struct Undo: Sendable {
    let ledger: LedgerUndo
    let witness: Int
    let latestNumberBefore: Int64
  }

  init(genesis: Block, schedule: Schedule) {
    blocks = [genesis]
    self.schedule = schedule
    latestNumbers = [Int64](repeating: 0, count: schedule.witnessCount)
  }

  var head: Block { blocks[blocks.count - 1] }
  var solid: Block { blocks[Int(solidNumber)] }
  var genesis: Block { blocks[0] }

  func block(_ number: Int64) -> Block? {
    blocks.indices.contains(Int(clamping: number)) ? blocks[Int(number)] : nil
  }

  func block(_ id: BlockID) -> Block? {
    guard let block = block(id.number.value), block.id == id else { return nil }
    return block
  }

  var transactionCount: Int { locations.count }

  func location(_ id: TransactionID) -> Location? { locations[id] }

  /// Adds a block on the head.
  mutating func append(_ block: Block, undo: LedgerUndo) {
    let witness = schedule.witness(ofSlot: schedule.slot(at: block.timestamp))
    undos.append(
      Undo(ledger: undo, witness: witness, latestNumberBefore: latestNumbers[witness]))
    latestNumbers[witness] = block.number
    blocks.append(block)
    for (index, included) in block.transactions.enumerated() {
      locations[included.transaction.id] = Location(number: block.number, index: index)
    }
    solidify()
  }

  /// Moves the solidified block as far as the rule and a fault let it.
  mutating func solidify() {
    let number = solidifiedNumber(latestNumbers: latestNumbers)
    let reached =
      switch solidityHold {
      case .none: number
      case .stopped: solidNumber
      case .lag(let blocks): min(number, head.number - blocks)
      }
    guard reached > solidNumber else { return }
    undos.removeFirst(Int(reached - solidNumber))
    solidNumber = reached
  }

  /// Takes the head block away, unless it is solidified; the caller undoes the ledger.
  mutating func popHead() -> (block: Block, undo: LedgerUndo)? {
    guard head.number > solidNumber, let block = blocks.popLast(), let undo = undos.popLast()
    else { return nil }
    latestNumbers[undo.witness] = undo.latestNumberBefore
    for included in block.transactions { locations[included.transaction.id] = nil }
    return (block, undo.ledger)
  }

  /// What the blocks after a height replaced, oldest first; not before the solidified block.
  func undos(after number: Int64) -> [LedgerUndo] {
    undos.dropFirst(Int(max(0, number - solidNumber))).map(\.ledger)
  }

  /// Whether a transaction quotes a block of this chain, among the last 65,536.
  ///
  /// The node keeps one block for each value of the low 16 bits: the latest.
  func holdsReference(of transaction: DecodedTransaction) -> Bool {
    guard transaction.referenceBytes.count == 2, transaction.referenceHash.count == 8 else {
      return false
    }
    let low = transaction.referenceBytes.reduce(0) { $0 << 8 | Int64($1) }
    let number = head.number - (head.number - low) & (Limits.referenceBlocks - 1)
    guard let block = block(number) else { return false }
    return Array(block.id.bytes[8..<16]) == transaction.referenceHash
  }
}
