/// A TRON account: 0x41 and 20 bytes, written as 34 base58check characters that begin with `T`.
public struct TronAddress: Hashable, Sendable, CustomStringConvertible {
  /// The 21 bytes, 0x41 first.
  public let bytes: [UInt8]

  /// The byte in front of every address.
  public static let prefix: UInt8 = 0x41

  /// Checks 21 bytes.
  public init(bytes: [UInt8]) throws(AddressError) {
    guard bytes.count == 21 else { throw .wrongLength }
    guard bytes[0] == Self.prefix else { throw .wrongPrefix }
    self.bytes = bytes
  }

  /// Reads base58check text.
  public init(base58 text: String) throws(AddressError) {
    guard text.utf8.count == 34 else { throw .wrongLength }
    guard let decoded = Base58.decode(text) else { throw .notBase58 }
    guard decoded.count == 25 else { throw .wrongLength }
    let payload = Array(decoded[0..<21])
    guard Array(sha256(sha256(payload))[0..<4]) == Array(decoded[21...]) else {
      throw .wrongChecksum
    }
    try self.init(bytes: payload)
  }

  /// The address of an account from the 20 bytes that the virtual machine knows it by.
  public init(accountBytes: ArraySlice<UInt8>) throws(AddressError) {
    try self.init(bytes: [Self.prefix] + accountBytes)
  }

  /// The address of whoever holds the key to an uncompressed public key (65 bytes, 0x04 first).
  public init(publicKey: [UInt8]) throws(AddressError) {
    guard publicKey.count == 65, publicKey[0] == 0x04 else { throw .wrongLength }
    try self.init(accountBytes: keccak256(publicKey[1...])[12...])
  }

  /// 21 bytes, or `nil` when they are not an address: for reading what others wrote.
  init?(ifAddress bytes: some Collection<UInt8>) {
    guard bytes.count == 21, bytes.first == Self.prefix else { return nil }
    self.bytes = Array(bytes)
  }

  /// 20 bytes as contracts know an account, or `nil` when they are not 20.
  init?(ifAccount bytes: some Collection<UInt8>) {
    guard bytes.count == 20 else { return nil }
    self.bytes = [Self.prefix] + bytes
  }

  /// Base58check text, 34 characters.
  public var base58: String { Base58.encode(bytes + sha256(sha256(bytes))[0..<4]) }

  /// 42 hex digits that begin with 41.
  public var hex: String { hexString(bytes) }

  /// The 20 bytes without the prefix, as contracts know the account.
  public var accountBytes: ArraySlice<UInt8> { bytes[1...] }

  /// Whether this is the address of nobody (twenty zero bytes).
  public var isZero: Bool { accountBytes.allSatisfy { $0 == 0 } }

  /// Base58check text.
  public var description: String { base58 }
}

extension TronAddress: Codable {
  /// Reads base58check text.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    try self.init(base58: text)
  }

  /// Writes base58check text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(base58)
  }
}

/// Why text or bytes are not a TRON address.
public enum AddressError: String, Error, Sendable {
  /// Not 34 characters, or not 21 bytes.
  case wrongLength = "wrong_length"
  /// A character outside the base58 alphabet.
  case notBase58 = "not_base58"
  /// The last four bytes do not match the hash of the rest: a typing error.
  case wrongChecksum = "wrong_checksum"
  /// The first byte is not 0x41.
  case wrongPrefix = "wrong_prefix"
}
