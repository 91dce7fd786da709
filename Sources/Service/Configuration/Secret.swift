/// A secret from a file; it never appears in a description, a dump or a log line.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The variable it came from.
  public let name: String
  /// The secret, without the line end of its file.
  public let bytes: [UInt8]

  /// Wraps the bytes of a variable.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// The secret as text; bytes that are not UTF-8 come repaired.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The variable, never the secret.
  public var description: String { "secret(\(name))" }
  /// As `description`.
  public var debugDescription: String { description }
  /// Shows nothing to `dump`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Text that may carry a credential, such as a connection string.
public struct SensitiveText: Sendable, Hashable, CustomStringConvertible,
  CustomDebugStringConvertible, CustomReflectable
{
  /// All of it.
  public let text: String

  /// Wraps text.
  public init(_ text: String) { self.text = text }

  /// A URL without the user information and the query: scheme, host and path.
  public var description: String {
    guard let scheme = text.range(of: "://") else { return "hidden" }
    let rest = text[scheme.upperBound...].prefix { $0 != "?" && $0 != "#" }
    let host = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
    return String(text[..<scheme.upperBound]) + host
  }
  /// As `description`.
  public var debugDescription: String { description }
  /// Shows nothing to `dump`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
