import Crypto
import CryptoExtras
import Foundation
import Secp256k1
import Tron

extension Keystore {
  /// Opens the keystore, and proves that the key is the named address's.
  public func decrypt(password: SecretBytes) throws(KeyVaultError) -> PrivateKey {
    let derived = try derivation.derive(from: password)
    guard Self.areEqual(Self.mac(derived, ciphertext), mac) else {
      throw KeyVaultError(.wrongPassword, "the password is wrong or the file is damaged")
    }
    let secret = try Self.crypt(derived, counter, ciphertext)
    let key: PrivateKey
    do {
      key = try PrivateKey(secret)
    } catch {
      throw KeyVaultError(.malformed, "what the keystore holds is not a private key")
    }
    guard address == nil || address == key.address else {
      throw KeyVaultError(
        .wrongAddress, "the file names \(address?.base58 ?? "") but holds the key of \(key.address)"
      )
    }
    return key
  }

  /// Puts a key under a password.
  public init(
    encrypting key: PrivateKey, password: SecretBytes, derivation: KeyDerivation
  ) throws(KeyVaultError) {
    var random = SystemRandomNumberGenerator()
    let counter = (0..<16).map { _ in random.next() as UInt8 }
    let derived = try derivation.derive(from: password)
    let ciphertext = try key.withUnsafeBytes { plain throws(KeyVaultError) in
      try Self.crypt(derived, counter, plain).withUnsafeBytes { [UInt8]($0) }
    }
    self.init(
      address: key.address, id: UUID().uuidString.lowercased(), derivation: derivation,
      counter: counter, ciphertext: ciphertext, mac: Self.mac(derived, ciphertext))
  }

  /// AES-128-CTR with the first half of the derived key; both directions are the same.
  private static func crypt(
    _ derived: SymmetricKey, _ counter: [UInt8], _ input: some DataProtocol
  ) throws(KeyVaultError) -> SecretBytes {
    do {
      let key = derived.withUnsafeBytes {
        SymmetricKey(data: UnsafeRawBufferPointer(rebasing: $0[0..<16]))
      }
      let nonce = try AES._CTR.Nonce(nonceBytes: counter)
      var output = try AES._CTR.encrypt(input, using: key, nonce: nonce)
      defer { output.resetBytes(in: 0..<output.count) }
      return output.withUnsafeBytes { SecretBytes(copying: $0) }
    } catch {
      throw KeyVaultError(.unsupported, "AES-128-CTR refuses the keystore")
    }
  }

  private static func mac(_ derived: SymmetricKey, _ ciphertext: [UInt8]) -> [UInt8] {
    let input = SecretBytes(count: 16 + ciphertext.count) { target in
      derived.withUnsafeBytes { key in
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: key[16..<32]))
      }
      UnsafeMutableRawBufferPointer(rebasing: target[16...]).copyBytes(from: ciphertext)
    }
    return input.withUnsafeBytes { keccak256($0) }
  }

  /// Takes the same time wherever the difference is.
  private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
