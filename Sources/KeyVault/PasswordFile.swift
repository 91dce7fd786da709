import Secp256k1

/// A file that holds a keystore's password.
public struct PasswordFile: Sendable {
  /// The password: the file's bytes without one line end after them.
  public let password: SecretBytes
  /// What an operator should know.
  public let warnings: [KeyWarning]

  /// Reads the file.
  public init(path: String) throws(KeyVaultError) {
    let file = try SecretFile(path: path)
    password = file.withoutLineEnd
    warnings = file.isReadableByOthers ? [.readableByOthers(path: path)] : []
  }
}
