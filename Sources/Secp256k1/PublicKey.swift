import Tron

/// A point of the curve that is somebody's public key.
public struct PublicKey: Hashable, Sendable {
  /// Uncompressed: 0x04 and both coordinates, 65 bytes.
  public let bytes: [UInt8]
  /// The account that it controls.
  public let address: TronAddress

  init(bytes: [UInt8]) throws(Secp256k1Error) {
    self.bytes = bytes
    do {
      address = try TronAddress(publicKey: bytes)
    } catch {
      throw .invalidKey
    }
  }
}
