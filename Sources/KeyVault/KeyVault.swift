import Payouts
import Secp256k1
import Tron

/// Holds the key of one wallet and signs with it; the key never comes out.
public struct KeyVault: TransferSigner {
  private let key: PrivateKey
  /// What an operator should know; to be logged at start.
  public let warnings: [KeyWarning]

  /// The wallet.
  public var address: TronAddress { key.address }

  /// Opens a key file. A standard keystore takes about a second and 256 MiB for it.
  ///
  /// - Parameters:
  ///   - keyFile: A keystore, or 64 hex digits where `allowsPlainKey`.
  ///   - password: The keystore's password.
  public init(
    keyFile: String, password: SecretBytes?, allowsPlainKey: Bool
  ) throws(KeyVaultError) {
    let file = try KeyFile(path: keyFile, allowsPlainKey: allowsPlainKey)
    self.init(key: try file.key(password: password), warnings: file.warnings)
  }

  /// Holds a key that is at hand.
  public init(key: PrivateKey, warnings: [KeyWarning] = []) {
    self.key = key
    self.warnings = warnings + (key.isLocked ? [] : [.notLocked])
  }

  /// The signature of a transaction id (see ``TransferSigner``).
  public func signature(of txid: TransactionID) throws(SigningError) -> [UInt8] {
    do {
      return try Secp256k1.sign(txid.bytes, key: key)
    } catch {
      throw SigningError(error.description)
    }
  }
}
