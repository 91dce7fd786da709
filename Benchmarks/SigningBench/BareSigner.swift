import CSecp256k1

/// libsecp256k1 alone: what cannot be made faster here.
struct BareSigner {
  private let context: OpaquePointer
  private let key: [UInt8]

  struct NoContext: Error {}
  struct NotSigned: Error {}

  init(key: [UInt8]) throws {
    guard let context = secp256k1_context_create(csecp256k1_context_flags),
      secp256k1_context_randomize(context, key) == 1
    else { throw NoContext() }
    self.context = context
    self.key = key
  }

  /// Signs as many different hashes; the answer depends on every signature.
  func sign(_ count: Int) throws -> UInt64 {
    var hash = [UInt8](repeating: 0x5a, count: 32)
    var output = [UInt8](repeating: 0, count: 64)
    var recoveryID: Int32 = 0
    var signature = secp256k1_ecdsa_recoverable_signature()
    var checksum: UInt64 = 1
    for index in 0..<count {
      hash[0] = UInt8(truncatingIfNeeded: index)
      hash[1] = UInt8(truncatingIfNeeded: index >> 8)
      guard secp256k1_ecdsa_sign_recoverable(context, &signature, hash, key, nil, nil) == 1 else {
        throw NotSigned()
      }
      secp256k1_ecdsa_recoverable_signature_serialize_compact(
        context, &output, &recoveryID, &signature)
      checksum &+= UInt64(output[0])
    }
    return checksum
  }
}
