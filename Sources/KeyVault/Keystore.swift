import Foundation
import Tron

/// A keystore of version 3: a private key under a password, as TRON wallets write it.
///
/// The format is Ethereum's Web3 Secret Storage, except that TRON writes the address in base58.
public struct Keystore: Hashable, Sendable {
  /// The address that the file names; only ``decrypt(password:)`` proves it.
  public let address: TronAddress?
  /// The file's own id, a UUID.
  public let id: String?
  /// How the password becomes a key.
  public let derivation: KeyDerivation
  /// The initial counter of AES-128-CTR, 16 bytes.
  let counter: [UInt8]
  /// The private key under AES-128-CTR, 32 bytes.
  let ciphertext: [UInt8]
  /// Keccak-256 of the derived key's second half and the ciphertext.
  let mac: [UInt8]

  /// Reads a file's JSON.
  public init(json: some DataProtocol) throws(KeyVaultError) {
    do {
      self = try JSONDecoder().decode(KeystoreJSON.self, from: Data(json)).keystore()
    } catch let error as KeyVaultError {
      throw error
    } catch {
      throw KeyVaultError(.malformed, "not a keystore: \(Self.describe(error))")
    }
  }

  init(
    address: TronAddress?, id: String?, derivation: KeyDerivation, counter: [UInt8],
    ciphertext: [UInt8], mac: [UInt8]
  ) {
    self.address = address
    self.id = id
    self.derivation = derivation
    self.counter = counter
    self.ciphertext = ciphertext
    self.mac = mac
  }

  private static func describe(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(path(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(path(context.codingPath)) has the wrong type"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      "\(path(context.codingPath)): \(context.debugDescription)"
    default:
      "not JSON"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map(\.stringValue).joined(separator: ".")
  }
}
