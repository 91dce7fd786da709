/// A key, a hash or a signature that the curve has no use for.
public enum Secp256k1Error: String, Error, Sendable, CustomStringConvertible {
  /// Not 32 bytes, zero, or not below the order of the curve.
  case invalidKey = "not a private key"
  /// A hash is 32 bytes.
  case invalidHash = "the hash is not 32 bytes"
  /// Shorter than 65 bytes, a `v` out of range, or `r` and `s` from which no key can be recovered.
  case invalidSignature = "not a recoverable signature"
  /// No locked memory could be had for a secret, or the library could not start.
  case outOfMemory = "no memory for a secret"

  /// What is wrong.
  public var description: String { rawValue }
}
