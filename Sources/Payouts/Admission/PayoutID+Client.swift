extension PayoutID {
  private static let prefix = "payout_"
  /// Crockford's base 32, as our identifiers are written.
  private static let digits = Set("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let length = 26

  /// An id from a client; `nil` when it cannot be one of ours, so that nobody needs to look.
  public init?(clientText text: some StringProtocol) {
    guard text.utf8.count == Self.prefix.utf8.count + Self.length, text.hasPrefix(Self.prefix),
      text.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy(Self.digits.contains)
    else { return nil }
    self.init(String(text))
  }
}
