extension PayoutID {
  /// An id from a client; `nil` when it cannot be one of ours, so that nobody needs to look.
  public init?(clientText text: some StringProtocol) {
    guard isIdentifier(text, prefix: "payout_") else { return nil }
    self.init(String(text))
  }
}

extension BatchID {
  /// An id from a client; `nil` when it cannot be one of ours, so that nobody needs to look.
  public init?(clientText text: some StringProtocol) {
    guard isIdentifier(text, prefix: "batch_") else { return nil }
    self.init(String(text))
  }
}

/// Crockford's base 32, as our identifiers are written.
private let digits = Set("0123456789abcdefghjkmnpqrstvwxyz".utf8)
private let digitCount = 26

private func isIdentifier(_ text: some StringProtocol, prefix: String) -> Bool {
  text.utf8.count == prefix.utf8.count + digitCount && text.hasPrefix(prefix)
    && text.utf8.dropFirst(prefix.utf8.count).allSatisfy(digits.contains)
}
