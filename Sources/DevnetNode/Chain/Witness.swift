import Secp256k1
import Tron

/// A block producer. Its key is derived from its index alone: nothing here is secret.
struct Witness: Sendable {
  let address: TronAddress
  private let key: PrivateKey

  init(index: Int) throws(Secp256k1Error) {
    key = try PrivateKey(bytes: sha256(Array("devnet witness \(index)".utf8)))
    address = key.address
  }

  /// The signature of a header's hash.
  func sign(_ header: BlockHeaderData) throws(Secp256k1Error) -> [UInt8] {
    try Secp256k1.sign(sha256(header.bytes), key: key)
  }

  /// Witnesses 0 to `count` − 1.
  static func all(_ count: Int) throws -> [Witness] {
    try (0..<count).map { try Witness(index: $0) }
  }
}
