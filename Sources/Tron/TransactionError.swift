/// Why bytes or values are not the transaction that was asked for.
public struct TransactionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Kinds of failure.
  public enum Code: String, Sendable {
    /// The bytes are not a serialised transaction.
    case malformed
    /// A transaction, but not the plain transfer that this system builds.
    case notPlainTransfer = "not_plain_transfer"
    /// A value that no transaction can carry, such as a negative amount.
    case outOfRange = "out_of_range"
  }

  /// Kind.
  public let code: Code
  /// What exactly is wrong, for logs and operators.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
