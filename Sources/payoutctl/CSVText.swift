/// Reads comma-separated values strictly (RFC 4180) and says of everything that is wrong where it
/// is. Lines end with CRLF or LF; a byte order mark of UTF-8 in front is allowed.
struct CSVText {
  /// One record; `line` is where it begins, from 1.
  struct Record: Equatable {
    var line: Int
    var fields: [String]
  }

  /// Something that cannot stand there.
  struct Fault: Equatable {
    var line: Int
    var message: String
  }

  private(set) var records: [Record] = []
  private(set) var faults: [Fault] = []

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(_ bytes: [UInt8]) {
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard String(validating: self.bytes, as: UTF8.self) != nil else {
      faults = [Fault(line: 1, message: "the file is not UTF-8")]
      return
    }
    while position < self.bytes.count { readRecord() }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func readRecord() {
    var record = Record(line: line, fields: [])
    repeat {
      record.fields.append(next == Self.quote ? quotedField() : plainField())
    } while takeComma()
    takeLineEnd()
    if record.fields == [""] {
      faults.append(Fault(line: record.line, message: "an empty line"))
    } else {
      records.append(record)
    }
  }

  private mutating func takeComma() -> Bool {
    guard next == Self.comma else { return false }
    position += 1
    return true
  }

  private mutating func takeLineEnd() {
    if next == Self.carriageReturn { position += 1 }
    if next == Self.lineFeed { position += 1 }
    line += 1
  }

  private var isAtEndOfField: Bool {
    switch next {
    case nil, Self.comma, Self.lineFeed: true
    case Self.carriageReturn:
      position + 1 == bytes.count || bytes[position + 1] == Self.lineFeed
    default: false
    }
  }

  private mutating func plainField() -> String {
    let start = position
    while !isAtEndOfField {
      if next == Self.quote {
        fault("a quote inside a field that does not begin with one")
        return rest(from: start)
      }
      if next == Self.carriageReturn {
        fault("a carriage return without a line feed")
        return rest(from: start)
      }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func quotedField() -> String {
    let opened = line
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      if byte != Self.quote {
        if byte == Self.lineFeed { line += 1 }
        text.append(byte)
      } else if next == Self.quote {
        text.append(Self.quote)
        position += 1
      } else {
        if !isAtEndOfField {
          fault("text behind a closing quote")
          _ = rest(from: position)
        }
        return String(decoding: text, as: UTF8.self)
      }
    }
    faults.append(Fault(line: opened, message: "a quote that is never closed"))
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func fault(_ message: String) {
    faults.append(Fault(line: line, message: message))
  }

  /// Skips to the end of the field after a fault, so that the next line can be read.
  private mutating func rest(from start: Int) -> String {
    while !isAtEndOfField { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }
}
