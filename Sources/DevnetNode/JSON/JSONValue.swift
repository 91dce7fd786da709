/// A JSON value of a request, a genesis file or a fault script.
///
/// Integers keep all their digits (amounts pass 2⁵³); other numbers stay text, because nothing here
/// needs them.
public enum JSONValue: Equatable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without fraction or exponent that fits 64 bits.
  case integer(Int64)
  /// Any other number, as written.
  case number(String)
  /// Text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members by name; of two members of one name the last counts.
  case object([String: JSONValue])
}

extension JSONValue {
  /// The member of an object, or `nil`.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  /// The elements of an array, or `nil`.
  var elements: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members of an object, or `nil`.
  var members: [String: JSONValue]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// Text, or a scalar as text, the way the node's own JSON library converts it.
  var text: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .integer(let value): String(value)
    case .bool(let flag): flag ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  /// A whole number, also when it is written as text.
  var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .string(let text): Int64(text)
    case .null, .bool, .number, .array, .object: nil
    }
  }

  /// A truth value, also when it is written as text.
  var bool: Bool? {
    switch self {
    case .bool(let flag): flag
    case .string(let text): Bool(text.lowercased())
    case .integer(let value): value != 0
    case .null, .number, .array, .object: nil
    }
  }

  /// A number between 0 and 1 and the like, for probabilities only.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let text), .string(let text): Double(text)
    case .null, .bool, .array, .object: nil
    }
  }
}
