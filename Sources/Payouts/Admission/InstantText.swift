import Tron

extension UnixMilliseconds {
  /// ISO 8601 in UTC with milliseconds: `2025-10-12T15:30:00.000Z`.
  public var iso8601: String {
    let (days, inDay) = value.floorDivided(by: 86_400_000)
    let date = Self.civil(daysSince1970: days)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    Self.append(date.year, width: 4, to: &text)
    text.append(UInt8(ascii: "-"))
    Self.append(date.month, width: 2, to: &text)
    text.append(UInt8(ascii: "-"))
    Self.append(date.day, width: 2, to: &text)
    text.append(UInt8(ascii: "T"))
    Self.append(inDay / 3_600_000, width: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    Self.append(inDay / 60_000 % 60, width: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    Self.append(inDay / 1000 % 60, width: 2, to: &text)
    text.append(UInt8(ascii: "."))
    Self.append(inDay % 1000, width: 3, to: &text)
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ number: Int64, width: Int, to text: inout [UInt8]) {
    let digits = Array(String(number).utf8)
    for _ in 0..<max(0, width - digits.count) { text.append(UInt8(ascii: "0")) }
    text.append(contentsOf: digits)
  }

  /// The Gregorian date of a day, by Howard Hinnant's `civil_from_days`: eras of 400 years that
  /// begin on 1 March, so that the leap day comes last.
  private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (daysSince1970 + 719_468).floorDivided(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (
      era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
    )
  }
}

extension Int64 {
  fileprivate func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
