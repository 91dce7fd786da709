/// Why a key could not be had or kept. Never says anything of the key or the password.
public struct KeyVaultError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Kinds of failure.
  public enum Code: String, Sendable {
    /// The file cannot be opened, read or written.
    case file
    /// The file to be written is there already; keys are never overwritten.
    case exists
    /// Neither a keystore nor a key.
    case malformed
    /// A keystore of a kind that is not understood.
    case unsupported
    /// A plain key where none is allowed.
    case plainKeyNotAllowed = "plain_key_not_allowed"
    /// A keystore without a password.
    case passwordMissing = "password_missing"
    /// The password does not fit the keystore, or the keystore is damaged.
    case wrongPassword = "wrong_password"
    /// The keystore names another address than its key has.
    case wrongAddress = "wrong_address"
  }

  /// Kind.
  public let code: Code
  /// What is wrong and, where there is one, the way out.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }

  /// The same error, saying which file it is about.
  func about(_ path: String) -> KeyVaultError { KeyVaultError(code, "\(path): \(message)") }
}
