/// An identifier that is text on the wire and a type of its own in the code.
public protocol Identifier: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// The text as stored and sent.
  var text: String { get }

  /// Wraps text without looking at it.
  init(_ text: String)
}

extension Identifier {
  /// For logs and people.
  public var description: String { text }

  /// Orders by value.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// Reads what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes a single value or the coded keys.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// Names one payout: `payout_` and a time-ordered unguessable part.
public struct PayoutID: Identifier {
  /// The text as stored and sent.
  public let text: String
  /// Wraps text without looking at it.
  public init(_ text: String) { self.text = text }
}

/// Names one transfer; derived from its members, so that every copy derives the same.
public struct TransferID: Identifier {
  /// The text as stored and sent.
  public let text: String
  /// Wraps text without looking at it.
  public init(_ text: String) { self.text = text }
}

/// Names a client's request of many payouts: `batch_` and a time-ordered unguessable part.
public struct BatchID: Identifier {
  /// The text as stored and sent.
  public let text: String
  /// Wraps text without looking at it.
  public init(_ text: String) { self.text = text }
}

/// Who a payout belongs to: the `sub` of the token that created it.
public struct TenantID: Identifier {
  /// The text as stored and sent.
  public let text: String
  /// Wraps text without looking at it.
  public init(_ text: String) { self.text = text }
}

/// Names one HTTP call, for finding it in logs.
public struct RequestID: Identifier {
  /// The text as stored and sent.
  public let text: String
  /// Wraps text without looking at it.
  public init(_ text: String) { self.text = text }
}

/// Marks which write made the present version of a document: `rev` alone may repeat after the
/// store was rolled back, `rev` and token together never do.
public struct WriteToken: Identifier {
  /// The text as stored and sent.
  public let text: String
  /// Wraps text without looking at it.
  public init(_ text: String) { self.text = text }
}
