import Tron

// INVARIANT: the time in a payout's id is exactly its `createdAt`. Lists and statistics rest on it:
// ids in descending order are payouts by (createdAt, id), newest first; a range of creation times
// is a range of ids; and one id says where a page ended. `CreatePayout` makes ids so.

extension PayoutID {
  private static let prefix = "payout_"

  /// The id of a payout that is created at this time.
  public init(createdAt: UnixMilliseconds, high: UInt16, low: UInt64) {
    self.init(Self.prefix + TimeOrderedText.text(createdAt, high: high, low: low))
  }

  /// The lowest id of this time: payouts created before it have lower ids, all others do not.
  public static func lowest(at time: UnixMilliseconds) -> PayoutID {
    PayoutID(createdAt: time, high: 0, low: 0)
  }

  /// When the payout was created; `nil` for text that is not one of our ids.
  public var createdAt: UnixMilliseconds? {
    guard text.hasPrefix(Self.prefix) else { return nil }
    return TimeOrderedText.time(text.utf8.dropFirst(Self.prefix.utf8.count))
  }
}
