import Logging

/// Builds the bytes of one log line; whatever the texts hold, it stays one line.
struct LogLine {
  private(set) var bytes: [UInt8] = []

  // LIMIT: longer values are cut, so that one line never floods a collector.
  static let mostValueBytes = 2048

  init() { bytes.reserveCapacity(512) }

  /// One JSON object: `ts`, `level`, `logger`, `msg`, then the fields.
  mutating func json(
    time: Int64, level: Logger.Level, label: String, message: String,
    fields: [(key: String, value: String)]
  ) {
    raw(#"{"ts":""#)
    timestamp(time)
    raw(#"","level":""#)
    raw(level.rawValue)
    raw(#"","logger":"#)
    quoted(label)
    raw(#","msg":"#)
    quoted(message)
    for field in fields {
      raw(",")
      quoted(Self.reserved.contains(field.key) ? "meta.\(field.key)" : field.key)
      raw(":")
      quoted(field.value)
    }
    raw("}\n")
  }

  /// For people: time of day, level, logger, message, fields.
  mutating func text(
    time: Int64, level: Logger.Level, label: String, message: String,
    fields: [(key: String, value: String)]
  ) {
    raw("\u{1B}[2m")
    timeOfDay(time)
    raw("\u{1B}[0m ")
    raw(Self.colour(of: level))
    padded(level.rawValue.uppercased(), to: 8)
    raw("\u{1B}[0m ")
    padded(label, to: 18)
    raw(" ")
    printable(message)
    for field in fields {
      raw(" \u{1B}[2m")
      printable(field.key)
      raw("=\u{1B}[0m")
      printable(field.value)
    }
    raw("\n")
  }

  private static let reserved: Set<String> = ["ts", "level", "logger", "msg"]

  private static func colour(of level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "\u{1B}[2m"
    case .info: "\u{1B}[32m"
    case .notice: "\u{1B}[36m"
    case .warning: "\u{1B}[33m"
    case .error, .critical: "\u{1B}[31m"
    }
  }
}

extension LogLine {
  private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func padded(_ text: String, to width: Int) {
    let start = bytes.count
    printable(text)
    while bytes.count - start < width { bytes.append(0x20) }
  }

  private mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    bounded(text) { line, byte in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): line.bytes += [UInt8(ascii: "\\"), byte]
      case 0x0a: line.raw("\\n")
      case 0x0d: line.raw("\\r")
      case 0x09: line.raw("\\t")
      case 0..<0x20, 0x7f: line.raw("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: line.bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func printable(_ text: String) {
    bounded(text) { line, byte in
      line.bytes.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: " ") : byte)
    }
  }

  private mutating func bounded(_ text: String, _ append: (inout LogLine, UInt8) -> Void) {
    var left = Self.mostValueBytes
    for byte in text.utf8 {
      // A cut falls before a character, never inside one.
      if left <= 0, byte & 0xc0 != 0x80 { return raw("…") }
      append(&self, byte)
      left -= 1
    }
  }

  private mutating func digits(_ value: Int64, _ width: Int) {
    let text = String(value)
    for _ in 0..<max(0, width - text.utf8.count) { bytes.append(UInt8(ascii: "0")) }
    raw(text)
  }

  private mutating func timestamp(_ milliseconds: Int64) {
    let day = CivilDate(daysSince1970: milliseconds.flooredQuotient(86_400_000))
    digits(Int64(day.year), 4)
    raw("-")
    digits(Int64(day.month), 2)
    raw("-")
    digits(Int64(day.day), 2)
    raw("T")
    timeOfDay(milliseconds)
    raw("Z")
  }

  private mutating func timeOfDay(_ milliseconds: Int64) {
    let inDay = milliseconds - milliseconds.flooredQuotient(86_400_000) * 86_400_000
    digits(inDay / 3_600_000, 2)
    raw(":")
    digits(inDay / 60_000 % 60, 2)
    raw(":")
    digits(inDay / 1000 % 60, 2)
    raw(".")
    digits(inDay % 1000, 3)
  }
}

/// A date of the Gregorian calendar.
struct CivilDate: Equatable {
  var year: Int
  var month: Int
  var day: Int

  /// Counts from 1970-01-01 in years that begin in March, so that leap days come last.
  init(daysSince1970 days: Int64) {
    let shifted = days + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
  }
}

extension Int64 {
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
