import Tron

/// A calendar day in UTC: what daily limits are counted by. It has 24 hours, always.
public struct UTCDay: Hashable, Comparable, Sendable {
  static let milliseconds: Int64 = 86_400_000

  /// Days since 1970-01-01.
  public let number: Int64

  /// The day that an instant lies in.
  public init(_ instant: UnixMilliseconds) {
    number = instant.floored(to: Self.milliseconds).value / Self.milliseconds
  }

  /// Reads `2025-10-12`; `nil` for anything else.
  public init?(text: String) {
    guard text.utf8.count == 10, let day = DateText(text) else { return nil }
    self.init(day.start)
  }

  /// `2025-10-12`.
  public var text: String { String(start.iso8601.prefix(10)) }

  /// Its first millisecond.
  public var start: UnixMilliseconds { UnixMilliseconds(number * Self.milliseconds) }

  /// The first millisecond after it.
  public var end: UnixMilliseconds { start.advanced(milliseconds: Self.milliseconds) }

  /// A day before or after this one.
  public func advanced(days: Int64) -> UTCDay {
    UTCDay(start.advanced(milliseconds: days * Self.milliseconds))
  }

  /// By time.
  public static func < (left: UTCDay, right: UTCDay) -> Bool { left.number < right.number }

  /// The hour of its day that an instant lies in, 0 to 23.
  public static func hour(of instant: UnixMilliseconds) -> Int {
    let start = UTCDay(instant).start
    return Int((instant.value - start.value) / HourSum.milliseconds)
  }
}
