/// The part of a block's header that is hashed and signed (`BlockHeader.raw`).
public struct BlockHeaderData: Hashable, Sendable {
  /// Height.
  public var number: BlockNumber
  /// The start of the block's slot.
  public var timestamp: UnixMilliseconds
  /// ``transactionTrieRoot(of:)`` of its transactions, 32 bytes.
  public var transactionTrieRoot: [UInt8]
  /// The id of the block before.
  public var parent: BlockID
  /// Who produced it: an address's 21 bytes, except in the genesis block.
  public var witnessAddress: [UInt8]
  /// Version of the producer's rules.
  public var version: Int32

  /// Collects the parts.
  public init(
    number: BlockNumber, timestamp: UnixMilliseconds, transactionTrieRoot: [UInt8],
    parent: BlockID, witnessAddress: [UInt8], version: Int32
  ) {
    self.number = number
    self.timestamp = timestamp
    self.transactionTrieRoot = transactionTrieRoot
    self.parent = parent
    self.witnessAddress = witnessAddress
    self.version = version
  }

  /// The serialised header; its SHA-256 is what the producer signs.
  public var bytes: [UInt8] {
    var header = ProtobufWriter(capacity: 128)
    header.integer(1, timestamp.value)
    header.bytes(2, transactionTrieRoot)
    header.bytes(3, parent.bytes)
    header.integer(7, number.value)
    header.bytes(9, witnessAddress)
    header.integer(10, Int64(version))
    return header.bytes
  }

  /// The block's id.
  public var id: BlockID { BlockID(number: number, hashingHeader: bytes) }
}

/// The Merkle root of a block's transactions (`txTrieRoot`), 32 bytes.
///
/// The leaves are SHA-256 of whole transactions (with signatures and results); a pair's parent is
/// SHA-256 of both; an odd one is carried up unchanged. Without transactions it is all zeros.
public func transactionTrieRoot(of transactions: [[UInt8]]) -> [UInt8] {
  guard !transactions.isEmpty else { return [UInt8](repeating: 0, count: 32) }
  var level = transactions.map { sha256($0) }
  while level.count > 1 {
    level = stride(from: 0, to: level.count, by: 2).map { left in
      left + 1 < level.count ? sha256(level[left] + level[left + 1]) : level[left]
    }
  }
  return level[0]
}
