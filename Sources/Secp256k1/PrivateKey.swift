import CSecp256k1
import Tron

/// The private key of a wallet. It can sign; it cannot be printed or copied out.
public final class PrivateKey: Sendable {
  let secret: SecretBytes
  /// The key's other half.
  public let publicKey: PublicKey

  /// The wallet.
  public var address: TronAddress { publicKey.address }

  /// Whether the key is kept out of swap.
  public var isLocked: Bool { secret.isLocked }

  /// Takes 32 bytes that are a key of the curve.
  public init(_ secret: SecretBytes) throws(Secp256k1Error) {
    self.secret = secret
    publicKey = try Secp256k1.publicKey(of: secret)
  }

  /// Copies 32 bytes, which remain the caller's to forget.
  public convenience init(bytes: [UInt8]) throws(Secp256k1Error) {
    try self.init(SecretBytes(copying: bytes))
  }

  /// A new key from the system's source of randomness.
  public static func random() throws(Secp256k1Error) -> PrivateKey {
    // All but about one in 2¹²⁷ draws are keys, so a second failure means broken randomness.
    do {
      return try PrivateKey(draw())
    } catch {
      return try PrivateKey(draw())
    }
  }

  private static func draw() -> SecretBytes {
    SecretBytes(count: 32) { (bytes: UnsafeMutableRawBufferPointer) in
      var random = SystemRandomNumberGenerator()
      for index in bytes.indices { bytes[index] = random.next() }
    }
  }

  /// Lends the 32 bytes for the length of the call, to write a keystore; they must not be kept.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try secret.withUnsafeBytes(body)
  }
}

extension PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says that there is a secret, not which.
  public var description: String { "PrivateKey(\(address), redacted)" }
  /// The same.
  public var debugDescription: String { description }
  /// Shows no secret to `dump` and debuggers.
  public var customMirror: Mirror { Mirror(self, children: ["address": address.base58]) }
}
