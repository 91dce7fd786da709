import Foundation
import Tron

/// A keystore as its file spells it.
struct KeystoreJSON: Codable {
  var address: String?
  var crypto: Crypto
  var id: String?
  var version: Int

  struct Crypto: Codable {
    var cipher: String
    var cipherparams: CipherParameters
    var ciphertext: String
    var kdf: String
    var kdfparams: DerivationParameters
    var mac: String
  }

  struct CipherParameters: Codable {
    var iv: String
  }

  /// Of scrypt and of PBKDF2 together; each leaves out the other's.
  struct DerivationParameters: Codable {
    var dklen: Int
    var salt: String
    var n: Int?
    var p: Int?
    var r: Int?
    var c: Int?
    var prf: String?
  }

  private enum Key: String, CodingKey {
    case address, crypto, id, version
    case capitalCrypto = "Crypto"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    version = try container.decode(Int.self, forKey: .version)
    address = try container.decodeIfPresent(String.self, forKey: .address)
    id = try container.decodeIfPresent(String.self, forKey: .id)
    // Some writers spell it with a capital.
    let key = container.contains(.capitalCrypto) ? Key.capitalCrypto : .crypto
    crypto = try container.decode(Crypto.self, forKey: key)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(address, forKey: .address)
    try container.encode(crypto, forKey: .crypto)
    try container.encodeIfPresent(id, forKey: .id)
    try container.encode(version, forKey: .version)
  }
}

extension KeystoreJSON {
  /// Checks everything that can be checked without the password.
  func keystore() throws(KeyVaultError) -> Keystore {
    guard version == 3 else {
      throw KeyVaultError(.unsupported, "version \(version) is not understood, only version 3")
    }
    guard crypto.cipher == "aes-128-ctr" else {
      throw KeyVaultError(.unsupported, "the cipher is not aes-128-ctr")
    }
    return Keystore(
      address: try parsedAddress(), id: id, derivation: try derivation(),
      counter: try bytes(crypto.cipherparams.iv, 16, "iv"),
      ciphertext: try bytes(crypto.ciphertext, 32, "ciphertext"),
      mac: try bytes(crypto.mac, 32, "mac"))
  }

  private func derivation() throws(KeyVaultError) -> KeyDerivation {
    let parameters = crypto.kdfparams
    guard parameters.dklen >= 32 else {
      throw KeyVaultError(.unsupported, "dklen is below 32")
    }
    let salt = try bytes(parameters.salt, nil, "salt")
    switch crypto.kdf {
    case "scrypt":
      guard let n = parameters.n, let r = parameters.r, let p = parameters.p else {
        throw KeyVaultError(.malformed, "not a keystore: n, r or p of scrypt is missing")
      }
      return .scrypt(n: n, r: r, p: p, salt: salt)
    case "pbkdf2":
      guard let c = parameters.c else {
        throw KeyVaultError(.malformed, "not a keystore: c of pbkdf2 is missing")
      }
      guard parameters.prf == "hmac-sha256" else {
        throw KeyVaultError(.unsupported, "the prf of pbkdf2 is not hmac-sha256")
      }
      return .pbkdf2(c: c, salt: salt)
    default:
      throw KeyVaultError(.unsupported, "the kdf is neither scrypt nor pbkdf2")
    }
  }

  private func bytes(
    _ text: String, _ count: Int?, _ name: String
  ) throws(KeyVaultError) -> [UInt8] {
    guard let bytes = Tron.bytes(hex: text) else {
      throw KeyVaultError(.malformed, "not a keystore: \(name) is not hex")
    }
    guard count == nil || bytes.count == count else {
      throw KeyVaultError(.malformed, "not a keystore: \(name) has \(bytes.count) bytes")
    }
    return bytes
  }

  /// TRON writes base58; Ethereum's tools write 20 bytes in hex; some others 21.
  private func parsedAddress() throws(KeyVaultError) -> TronAddress? {
    guard let address, !address.isEmpty else { return nil }
    let digits = address.hasPrefix("0x") ? address.dropFirst(2) : Substring(address)
    do {
      switch (digits.utf8.count, Tron.bytes(hex: digits)) {
      case (40, let bytes?): return try TronAddress(accountBytes: bytes[...])
      case (42, let bytes?): return try TronAddress(bytes: bytes)
      default: return try TronAddress(base58: address)
      }
    } catch {
      throw KeyVaultError(.malformed, "not a keystore: the address is not one (\(error.rawValue))")
    }
  }
}
