import Tron

/// What the chain begins with: accounts and parameters.
struct Genesis: Equatable, Sendable {
  /// The mainnet address of USDT, the same on the devnet.
  static let tokenAddress = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"

  var parameters = ChainParameters()
  /// The accounts, as edits of an empty ledger.
  var edits: [LedgerEdit] = []
  /// Tells chains apart that begin differently: hash of the file.
  var seed: [UInt8] = sha256([])

  /// Block 0, without transactions and signature.
  func block(schedule: Schedule) -> Block {
    let zero = [UInt8](repeating: 0, count: 8)
    // A block id whose number is 0: this is 32 bytes for any seed.
    let parent = BlockID(number: BlockNumber(0), hashingHeader: zero + seed)
    return Block(
      header: BlockHeaderData(
        number: BlockNumber(0), timestamp: UnixMilliseconds(schedule.genesisMilliseconds),
        transactionTrieRoot: transactionTrieRoot(of: []), parent: parent, witnessAddress: [],
        version: 0),
      witnessSignature: [], transactions: [], edits: [])
  }
}
