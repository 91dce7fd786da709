import Tron

/// Ten bytes that nobody can guess.
public typealias Entropy = (UInt64, UInt16)

extension PayoutID {
  private static let prefix = "payout_"
  // Crockford's base 32: no i, l, o, u; in ASCII order, so that text sorts as the number does.
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let length = 26

  /// A new id: 48 bits of milliseconds, then 80 random bits, in 26 characters that sort by time.
  public init(at instant: UnixMilliseconds, entropy: Entropy) {
    var text = Array(Self.prefix.utf8)
    text.reserveCapacity(text.count + Self.length)
    let time = UInt64(truncatingIfNeeded: instant.value) & (1 << 48 - 1)
    for index in (0..<10).reversed() { text.append(Self.digits[Int(time >> (5 * index) & 31)]) }
    let random = UInt128(entropy.0) << 16 | UInt128(entropy.1)
    for index in (0..<16).reversed() {
      text.append(Self.digits[Int(truncatingIfNeeded: random >> (5 * index) & 31)])
    }
    self.init(String(decoding: text, as: UTF8.self))
  }

  /// An id from a client; `nil` when it cannot be one of ours, so that nobody needs to look.
  public init?(clientText text: Substring) {
    guard text.utf8.count == Self.prefix.utf8.count + Self.length, text.hasPrefix(Self.prefix),
      text.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy(Self.digits.contains)
    else { return nil }
    self.init(String(text))
  }
}
