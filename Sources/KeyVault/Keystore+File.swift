import Foundation
import Glibc
import Secp256k1
import Tron

extension Keystore {
  /// The file's contents, as wallets read them.
  public var json: [UInt8] {
    get throws(KeyVaultError) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      do {
        return [UInt8](try encoder.encode(KeystoreJSON(self))) + [UInt8(ascii: "\n")]
      } catch {
        throw KeyVaultError(.malformed, "the keystore cannot be written as JSON")
      }
    }
  }

  /// Writes a new file that only its owner can read. A file that is there is never overwritten.
  public func write(to path: String) throws(KeyVaultError) {
    let json = try json
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      let exists = errno == EEXIST
      throw KeyVaultError(
        exists ? .exists : .file,
        "\(path): \(exists ? "is there already and is not overwritten" : Self.reason)")
    }
    defer { close(file) }
    guard Self.write(json, to: file) else {
      let reason = Self.reason
      unlink(path)
      throw KeyVaultError(.file, "\(path): cannot be written: \(reason)")
    }
  }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return fsync(file) == 0
  }

  private static var reason: String { String(cString: strerror(errno)) }
}

extension KeystoreJSON {
  fileprivate init(_ keystore: Keystore) {
    var parameters = DerivationParameters(dklen: 32, salt: "")
    let kdf: String
    switch keystore.derivation {
    case .scrypt(let n, let r, let p, let salt):
      kdf = "scrypt"
      (parameters.n, parameters.r, parameters.p) = (n, r, p)
      parameters.salt = hexString(salt)
    case .pbkdf2(let c, let salt):
      kdf = "pbkdf2"
      (parameters.c, parameters.prf) = (c, "hmac-sha256")
      parameters.salt = hexString(salt)
    }
    address = keystore.address?.base58
    id = keystore.id
    version = 3
    crypto = Crypto(
      cipher: "aes-128-ctr", cipherparams: CipherParameters(iv: hexString(keystore.counter)),
      ciphertext: hexString(keystore.ciphertext), kdf: kdf, kdfparams: parameters,
      mac: hexString(keystore.mac))
  }
}
