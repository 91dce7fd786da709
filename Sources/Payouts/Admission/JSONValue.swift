/// A JSON value as it was spelled: numbers stay text and members keep their order, so that nothing
/// about money or a client's own data passes through floating point or a dictionary.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number's own characters.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// Members in the order given; names are unique.
  case object([JSONMember])

  /// What it is, for messages.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The members of an object; `nil` for anything else.
  public var members: [JSONMember]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The text of a string; `nil` for anything else.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of a member of an object; `nil` when there is none.
  public subscript(name: String) -> JSONValue? {
    members?.first { $0.name == name }?.value
  }
}

/// A name and its value in an object.
public struct JSONMember: Hashable, Sendable {
  /// The name, with escapes undone.
  public var name: String
  /// The value.
  public var value: JSONValue

  /// Collects the parts.
  public init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}
