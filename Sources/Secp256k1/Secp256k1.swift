import CSecp256k1
import Tron

/// Recoverable ECDSA signatures over secp256k1, by libsecp256k1.
public enum Secp256k1 {
  /// Signs a 32-byte hash: r ‖ s ‖ v, 65 bytes, low s, v 0 or 1.
  ///
  /// The nonce is derived from key and hash (RFC 6979), so the same hash always gets the same
  /// signature.
  public static func sign(
    _ hash: [UInt8], key: PrivateKey
  ) throws(Secp256k1Error) -> [UInt8] {
    guard hash.count == 32 else { throw .invalidHash }
    let context = try Context.shared()
    var signature = secp256k1_ecdsa_recoverable_signature()
    let signed = key.secret.withUnsafePointer { key in
      secp256k1_ecdsa_sign_recoverable(context, &signature, hash, key, nil, nil)
    }
    guard signed == 1 else { throw .invalidKey }
    var bytes = [UInt8](repeating: 0, count: 65)
    var recoveryID: Int32 = 0
    secp256k1_ecdsa_recoverable_signature_serialize_compact(
      context, &bytes, &recoveryID, &signature)
    bytes[64] = UInt8(truncatingIfNeeded: recoveryID)
    return bytes
  }

  /// Whose signature of a hash this is: every well-formed signature is somebody's.
  ///
  /// As tolerant as java-tron: `v` may be 0…7 or 27…34 (above 30 is reduced by 4), `s` may be high,
  /// and bytes after the 65th are ignored.
  public static func recover(
    hash: [UInt8], signature: [UInt8]
  ) throws(Secp256k1Error) -> PublicKey {
    guard hash.count == 32 else { throw .invalidHash }
    guard signature.count >= 65, let recoveryID = recoveryID(header: signature[64]) else {
      throw .invalidSignature
    }
    let context = try Context.shared()
    var parsed = secp256k1_ecdsa_recoverable_signature()
    var key = secp256k1_pubkey()
    guard
      secp256k1_ecdsa_recoverable_signature_parse_compact(
        context, &parsed, signature, recoveryID) == 1,
      secp256k1_ecdsa_recover(context, &key, &parsed, hash) == 1
    else { throw .invalidSignature }
    return try PublicKey(bytes: serialize(&key, context))
  }

  private static func recoveryID(header: UInt8) -> Int32? {
    let header = header < 27 ? header + 27 : header
    guard (27...34).contains(header) else { return nil }
    return Int32(header >= 31 ? header - 31 : header - 27)
  }

  static func publicKey(of secret: SecretBytes) throws(Secp256k1Error) -> PublicKey {
    guard secret.count == 32 else { throw .invalidKey }
    let context = try Context.shared()
    var key = secp256k1_pubkey()
    let created = secret.withUnsafePointer { secret in
      secp256k1_ec_pubkey_create(context, &key, secret)
    }
    guard created == 1 else { throw .invalidKey }
    return try PublicKey(bytes: serialize(&key, context))
  }

  private static func serialize(
    _ key: inout secp256k1_pubkey, _ context: OpaquePointer
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65)
    var count = bytes.count
    secp256k1_ec_pubkey_serialize(context, &bytes, &count, &key, csecp256k1_uncompressed)
    return bytes
  }
}
