/// A 32-byte hash; printed and stored as 64 lower-case hex digits.
public protocol Hash256: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// The 32 bytes.
  var bytes: [UInt8] { get }

  /// `nil` unless there are exactly 32 bytes.
  init?(bytes: [UInt8])
}

extension Hash256 {
  /// `nil` unless the text is 64 hex digits.
  public init?(hex: String) {
    guard let bytes = Tron.bytes(hex: hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// 64 lower-case hex digits.
  public var hex: String { hexString(bytes) }

  /// 64 lower-case hex digits.
  public var description: String { hex }

  /// By bytes, the first first.
  public static func < (left: Self, right: Self) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// Reads 64 hex digits.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Self(hex: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not 64 hex digits")
    }
    self = value
  }

  /// Writes 64 hex digits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}

/// A transaction's id: SHA-256 of the serialised `raw_data`.
///
/// Signatures are outside the hash, so every valid signature of the same bytes has the same id.
public struct TransactionID: Hash256 {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// `nil` unless there are exactly 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// The id of serialised `raw_data`.
  public init(hashing rawData: [UInt8]) { bytes = sha256(rawData) }
}

/// A block's id: its number (8 bytes, big endian), then bytes 8…31 of SHA-256 of its header.
public struct BlockID: Hash256 {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// `nil` unless there are exactly 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// The id of a block from its number and its serialised header (`BlockHeader.raw`).
  public init(number: BlockNumber, hashingHeader header: [UInt8]) {
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: number.value >> (56 - 8 * $0)) }
    bytes = prefix + sha256(header)[8...]
  }

  /// The height that the id carries.
  public var number: BlockNumber {
    BlockNumber(bytes[0..<8].reduce(0) { $0 << 8 | Int64($1) })
  }

  /// What a transaction quotes to be valid only on the chain that has this block (TAPOS).
  public var reference: BlockReference {
    BlockReference(
      number: number, bytes: Array(bytes[6..<8]), hash: Array(bytes[8..<16]))
  }
}

/// A reference block as a transaction quotes it: `ref_block_bytes` and `ref_block_hash`.
public struct BlockReference: Hashable, Sendable {
  /// Height of the block; not part of a transaction, which carries its low 16 bits only.
  public let number: BlockNumber
  /// `ref_block_bytes`: the low 16 bits of the number, 2 bytes.
  public let bytes: [UInt8]
  /// `ref_block_hash`: bytes 8…15 of the block's id.
  public let hash: [UInt8]

  /// Wraps the three parts.
  public init(number: BlockNumber, bytes: [UInt8], hash: [UInt8]) {
    self.number = number
    self.bytes = bytes
    self.hash = hash
  }
}
