import Tron

/// A point on the time line as ISO 8601 text tells it: an instant with its time zone, or a day.
public struct DateText: Hashable, Sendable {
  /// The first millisecond that is not before the instant, or the day's first.
  public var start: UnixMilliseconds
  /// The first millisecond after the instant, or after the day.
  public var end: UnixMilliseconds

  /// Reads `2025-10-12`, `2025-10-12T15:30Z`, `2025-10-12T15:30:00.123456+02:00`; nothing else.
  public init?(_ text: String) {
    var reader = Reader(rest: text.utf8[...])
    guard let day = reader.day() else { return nil }
    guard !reader.rest.isEmpty else {
      start = UnixMilliseconds(day * 86_400_000)
      end = start.advanced(milliseconds: 86_400_000)
      return
    }
    guard reader.skip("T"), let time = reader.time(), let zone = reader.zone(),
      reader.rest.isEmpty
    else { return nil }
    let floor = day * 86_400_000 + time.milliseconds - zone
    start = UnixMilliseconds(time.hasMore ? floor + 1 : floor)
    end = UnixMilliseconds(floor + 1)
  }

  private struct Reader {
    var rest: Substring.UTF8View

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest.removeFirst()
      return true
    }

    mutating func number(digits: Int, in range: ClosedRange<Int64>) -> Int64? {
      let text = rest.prefix(digits)
      guard text.count == digits, text.allSatisfy(Self.isDigit) else { return nil }
      rest.removeFirst(digits)
      let number = text.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
      return range.contains(number) ? number : nil
    }

    static func isDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Days since 1970.
    mutating func day() -> Int64? {
      guard let year = number(digits: 4, in: 0...9999), skip("-"),
        let month = number(digits: 2, in: 1...12), skip("-"),
        let day = number(digits: 2, in: 1...31), day <= Self.days(of: month, in: year)
      else { return nil }
      return Self.daysSince1970(year, month, day)
    }

    /// Milliseconds into the day, cut off, and whether something was cut off.
    mutating func time() -> (milliseconds: Int64, hasMore: Bool)? {
      guard let hour = number(digits: 2, in: 0...23), skip(":"),
        let minute = number(digits: 2, in: 0...59)
      else { return nil }
      let minutes = (hour * 60 + minute) * 60_000
      guard skip(":") else { return (minutes, false) }
      guard let second = number(digits: 2, in: 0...59) else { return nil }
      let seconds = minutes + second * 1000
      guard skip(".") else { return (seconds, false) }
      let digits = rest.prefix(while: Self.isDigit)
      // LIMIT: nanoseconds, the finest that clients write.
      guard (1...9).contains(digits.count) else { return nil }
      rest.removeFirst(digits.count)
      var fraction = digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
      for _ in digits.count..<9 { fraction *= 10 }
      return (seconds + fraction / 1_000_000, fraction % 1_000_000 != 0)
    }

    /// How far local time is ahead of UTC, in milliseconds.
    mutating func zone() -> Int64? {
      if skip("Z") { return 0 }
      let isAhead = skip("+")
      guard isAhead || skip("-"), let hours = number(digits: 2, in: 0...23), skip(":"),
        let minutes = number(digits: 2, in: 0...59)
      else { return nil }
      return (isAhead ? 1 : -1) * (hours * 60 + minutes) * 60_000
    }

    private static func days(of month: Int64, in year: Int64) -> Int64 {
      switch month {
      case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
      case 4, 6, 9, 11: 30
      default: 31
      }
    }

    /// Howard Hinnant's `days_from_civil`: years that begin on 1 March, so that the leap day comes
    /// last.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
      let shifted = month > 2 ? year : year - 1
      let era = (shifted >= 0 ? shifted : shifted - 399) / 400
      let yearOfEra = shifted - era * 400
      let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
      let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
      return era * 146_097 + dayOfEra - 719_468
    }
  }
}
