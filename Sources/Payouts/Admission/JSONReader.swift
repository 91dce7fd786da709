/// Reads JSON strictly (RFC 8259) and losslessly: no duplicate names, no lone surrogates, nothing
/// after the value, bounded depth. The caller bounds the size.
public struct JSONReader {
  // LIMIT: deep enough for any sensible `custom_data`, shallow enough for the stack.
  /// How deep arrays and objects may nest.
  public static let maximumDepth = 32

  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads one value that is the whole of the text.
  public static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
    guard isUTF8(bytes) else { throw JSONFault(.notUTF8, at: 0) }
    var reader = JSONReader(bytes)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.fault(.trailingCharacters) }
    return value
  }

  private static func isUTF8(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return false }
    guard bytes.contains(where: { $0 >= 0x80 }) else { return true }
    return String(validating: bytes, as: UTF8.self) != nil
  }

  private func fault(_ reason: JSONFault.Reason) -> JSONFault { JSONFault(reason, at: position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw fault(.endedEarly)
    default: return .number(try number())
    }
  }

  private mutating func word(
    _ word: String, _ value: JSONValue
  ) throws(JSONFault) -> JSONValue {
    for expected in word.utf8 {
      guard let byte = next else { throw fault(.endedEarly) }
      guard byte == expected else { throw fault(.unexpectedCharacter) }
      position += 1
    }
    return value
  }

  private mutating func array(depth: Int) throws(JSONFault) -> [JSONValue] {
    guard depth <= Self.maximumDepth else { throw fault(.tooDeep) }
    position += 1
    var values: [JSONValue] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      position += 1
      return values
    }
    repeat {
      values.append(try value(depth: depth))
    } while try separator(closing: UInt8(ascii: "]"))
    return values
  }

  private mutating func object(depth: Int) throws(JSONFault) -> [JSONMember] {
    guard depth <= Self.maximumDepth else { throw fault(.tooDeep) }
    position += 1
    var members: [JSONMember] = []
    var names = UniqueNames()
    skipSpace()
    if next == UInt8(ascii: "}") {
      position += 1
      return members
    }
    repeat {
      let member = try member(depth: depth, names: &names, members: members)
      members.append(member)
    } while try separator(closing: UInt8(ascii: "}"))
    return members
  }

  private mutating func member(
    depth: Int, names: inout UniqueNames, members: [JSONMember]
  ) throws(JSONFault) -> JSONMember {
    skipSpace()
    guard let byte = next else { throw fault(.endedEarly) }
    guard byte == UInt8(ascii: "\"") else { throw fault(.unexpectedCharacter) }
    let start = position
    let name = try string()
    guard names.insert(name, among: members) else { throw JSONFault(.duplicateName, at: start) }
    skipSpace()
    guard let colon = next else { throw fault(.endedEarly) }
    guard colon == UInt8(ascii: ":") else { throw fault(.unexpectedCharacter) }
    position += 1
    return JSONMember(name, try value(depth: depth))
  }

  /// Whether another element follows; `false` when the closing bracket was read.
  private mutating func separator(closing: UInt8) throws(JSONFault) -> Bool {
    skipSpace()
    guard let byte = next else { throw fault(.endedEarly) }
    guard byte == closing || byte == UInt8(ascii: ",") else { throw fault(.unexpectedCharacter) }
    position += 1
    return byte != closing
  }
}

// MARK: - Numbers

extension JSONReader {
  private mutating func number() throws(JSONFault) -> String {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    guard let first = next else { throw fault(.endedEarly) }
    guard isDigit(first) else {
      throw fault(
        position > start || "+.NI".utf8.contains(first) ? .badNumber : .unexpectedCharacter)
    }
    let integer = position
    skipDigits()
    guard first != UInt8(ascii: "0") || position == integer + 1 else {
      throw JSONFault(.badNumber, at: start)
    }
    if next == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    if next == UInt8(ascii: "x") || next == UInt8(ascii: "X") { throw fault(.badNumber) }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONFault) {
    guard let first = next else { throw fault(.endedEarly) }
    guard isDigit(first) else { throw fault(.badNumber) }
    skipDigits()
  }

  private mutating func skipDigits() {
    while let byte = next, isDigit(byte) { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}

// MARK: - Strings

extension JSONReader {
  private mutating func string() throws(JSONFault) -> String {
    position += 1
    let start = position
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    guard next != UInt8(ascii: "\"") else {
      position += 1
      return String(decoding: bytes[start..<position - 1], as: UTF8.self)
    }
    return try escapedString(from: start)
  }

  /// Goes on where the plain part of a string that began at `start` ends.
  private mutating func escapedString(from start: Int) throws(JSONFault) -> String {
    var text = Array(bytes[start..<position])
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case 0..<0x20:
        throw fault(.controlCharacter)
      default:
        text.append(byte)
        position += 1
      }
    }
    throw fault(.endedEarly)
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
    guard let byte = next else { throw fault(.endedEarly) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: try unicodeEscape().utf8)
    default: throw JSONFault(.badEscape, at: position - 1)
    }
  }

  /// What `\u` stands for; reads the second half of a surrogate pair too.
  private mutating func unicodeEscape() throws(JSONFault) -> String {
    let start = position - 2
    let unit = try hexUnit()
    if let scalar = Unicode.Scalar(unit) { return String(Character(scalar)) }
    guard unit < 0xDC00, next == UInt8(ascii: "\\") else {
      throw JSONFault(.loneSurrogate, at: start)
    }
    position += 1
    guard next == UInt8(ascii: "u") else { throw JSONFault(.loneSurrogate, at: start) }
    position += 1
    let low = try hexUnit()
    guard (0xDC00...0xDFFF).contains(low) else { throw JSONFault(.loneSurrogate, at: start) }
    let value = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
    guard let scalar = Unicode.Scalar(value) else { throw JSONFault(.loneSurrogate, at: start) }
    return String(Character(scalar))
  }

  private mutating func hexUnit() throws(JSONFault) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next else { throw fault(.endedEarly) }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault(.badEscape)
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}

/// The names of one object so far: compared one by one while they are few, in a set when they are
/// many, so that a hostile object costs no quadratic time.
private struct UniqueNames {
  private var set: Set<String> = []

  /// `false` when the name is there already.
  mutating func insert(_ name: String, among members: [JSONMember]) -> Bool {
    guard members.count >= 16 else { return !members.contains { $0.name == name } }
    if set.isEmpty { set = Set(members.map(\.name)) }
    return set.insert(name).inserted
  }
}
