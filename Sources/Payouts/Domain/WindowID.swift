import Tron

/// Names one window: its kind and the instant it ends, `2026-11-24T03:00:00Z/HOURLY`. The order of
/// the texts is the order of the ends.
///
/// A payout belongs to exactly one window, decided once, at admission. The window is over when its
/// end has come: it is half-open, and a payout created at its end belongs to the next one.
public struct WindowID: Hashable, Codable, Sendable, CustomStringConvertible {
  /// Its kind; never IMMEDIATE.
  public let type: BatchType
  /// When it ends, whole seconds.
  public let end: UnixMilliseconds

  init(_ type: BatchType, end: UnixMilliseconds) {
    self.type = type
    self.end = end
  }

  /// Reads what `text` wrote, and nothing else.
  public init?(_ text: String) {
    guard let slash = text.firstIndex(of: "/"), let end = DateText(String(text[..<slash]))?.start,
      let type = BatchType(rawValue: String(text[text.index(after: slash)...])),
      type != .immediate
    else { return nil }
    self.init(type, end: end)
    guard self.text == text else { return nil }
  }

  /// As stored and sent.
  public var text: String { "\(Self.second(end))/\(type.rawValue)" }

  /// For logs and people.
  public var description: String { text }

  /// Above the texts of all windows that end at or before an instant, and of no other.
  public static func textBound(endingBy instant: UnixMilliseconds) -> String {
    second(instant.advanced(seconds: 1))
  }

  /// The second that an instant lies in.
  private static func second(_ instant: UnixMilliseconds) -> String {
    String(instant.iso8601.dropLast(5)) + "Z"
  }

  /// Reads the text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let window = WindowID(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a window")
    }
    self = window
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension WindowID: Comparable {
  /// The one that ends earlier is the smaller one; of those that end together, by name.
  public static func < (left: WindowID, right: WindowID) -> Bool {
    (left.end, left.type.rawValue) < (right.end, right.type.rawValue)
  }
}
