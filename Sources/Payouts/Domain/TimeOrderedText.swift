import Tron

/// The part of an identifier behind its prefix: 48 bits of milliseconds and 80 random bits, as 26
/// characters of lower-case Crockford base32. The order of the texts is the order of the times.
public enum TimeOrderedText {
  /// How long it is.
  public static let length = 26
  /// Characters that hold the milliseconds, and nothing of the random bits.
  static let timeLength = 10
  /// The latest time that fits, in the year 10889.
  static let maximumMilliseconds: Int64 = 1 << 48 - 1
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let values = Dictionary(
    uniqueKeysWithValues: alphabet.enumerated().map { ($1, Int64($0)) })

  /// Writes a time, which is brought into the range of 48 bits, and 80 random bits.
  public static func text(_ time: UnixMilliseconds, high: UInt16, low: UInt64) -> String {
    let milliseconds = UInt128(min(max(time.value, 0), maximumMilliseconds))
    var value = milliseconds << 80 | UInt128(high) << 64 | UInt128(low)
    var text = [UInt8](repeating: 0, count: length)
    for index in text.indices.reversed() {
      text[index] = alphabet[Int(truncatingIfNeeded: value & 31)]
      value >>= 5
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The time in a text of this form; `nil` when it has another form.
  static func time(_ text: some Collection<UInt8>) -> UnixMilliseconds? {
    guard text.count == length, text.allSatisfy({ values[$0] != nil }) else { return nil }
    var value: Int64 = 0
    for byte in text.prefix(timeLength) { value = value << 5 | (values[byte] ?? 0) }
    return value <= maximumMilliseconds ? UnixMilliseconds(value) : nil
  }
}
