/// Why bytes are not acceptable JSON, and where.
public struct JSONFault: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: String, CaseIterable, Sendable {
    /// Not UTF-8, or a byte order mark in front.
    case notUTF8 = "not_utf8"
    /// The text ends inside a value.
    case endedEarly = "ended_early"
    /// A character that cannot stand there.
    case unexpectedCharacter = "unexpected_character"
    /// Something follows the value.
    case trailingCharacters = "trailing_characters"
    /// A number that is not written as JSON writes numbers (`05`, `.5`, `5.`, `+5`, `0x10`, `NaN`).
    case badNumber = "bad_number"
    /// An unknown escape in a string.
    case badEscape = "bad_escape"
    /// Half of a surrogate pair.
    case loneSurrogate = "lone_surrogate"
    /// A control character that must be escaped.
    case controlCharacter = "control_character"
    /// A name twice in one object.
    case duplicateName = "duplicate_name"
    /// Nested deeper than we read.
    case tooDeep = "too_deep"
  }

  /// What is wrong.
  public var reason: Reason
  /// The byte at which it was noticed, from 0.
  public var offset: Int

  /// Collects the parts.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
