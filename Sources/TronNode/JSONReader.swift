/// Reads JSON in one pass and copies only what is asked for.
///
/// A busy block is over a megabyte of which a few per cent matter; a decoder that builds the whole
/// tree takes longer than a slot of the development chain. Integers are exact: no floating point.
///
/// The bytes are borrowed: a reader must not outlive the closure that gave them.
struct JSONReader {
  // LIMIT: deeper answers are refused rather than overflow the stack.
  private static let maximumDepth = 64

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Reads a whole text: one value and nothing after it.
  static func read<Value>(
    _ text: [UInt8], _ body: (inout JSONReader) throws(AnswerFault) -> Value
  ) throws(AnswerFault) -> Value {
    let result = text.withUnsafeBufferPointer { bytes -> Result<Value, AnswerFault> in
      var reader = JSONReader(bytes)
      return Result { () throws(AnswerFault) in
        let value = try body(&reader)
        guard reader.peek() == nil else { throw reader.fault("text after the value") }
        return value
      }
    }
    return try result.get()
  }

  // MARK: Values

  /// Reads an object; `visit` must consume the value of the key that it is given.
  mutating func object(
    _ visit: (JSONKey, inout JSONReader) throws(AnswerFault) -> Void
  ) throws(AnswerFault) {
    try open(UInt8(ascii: "{"))
    defer { depth -= 1 }
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let key = JSONKey(bytes: try rawString())
      try expect(UInt8(ascii: ":"))
      try visit(key, &self)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
  }

  /// Reads an array; `visit` must consume one element.
  mutating func array(
    _ visit: (inout JSONReader) throws(AnswerFault) -> Void
  ) throws(AnswerFault) {
    try open(UInt8(ascii: "["))
    defer { depth -= 1 }
    if take(UInt8(ascii: "]")) { return }
    repeat { try visit(&self) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
  }

  /// Reads an integer of 64 bits.
  mutating func int64() throws(AnswerFault) -> Int64 {
    let isNegative = take(UInt8(ascii: "-"))
    var value: Int64 = 0
    var count = 0
    while let digit = current, Self.digits.contains(digit) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, overflowToo) = product.subtractingReportingOverflow(Int64(digit & 15))
      guard !overflow, !overflowToo else { throw fault("an integer is too large") }
      value = next  // negative, because there is one more negative integer than positive ones
      count += 1
      position += 1
    }
    if let next = current, Self.numberBytes.contains(next) { throw fault("not an integer") }
    guard count > 0, isNegative || value != .min else { throw fault("not an integer") }
    return isNegative ? value : -value
  }

  /// Reads `true` or `false`.
  mutating func bool() throws(AnswerFault) -> Bool {
    if takeWord("true") { return true }
    if takeWord("false") { return false }
    throw fault("not true or false")
  }

  /// Reads a text; what is not UTF-8 comes repaired.
  mutating func string() throws(AnswerFault) -> String {
    let raw = try rawString()
    guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
    return try unescaped(raw)
  }

  /// Reads a text of hexadecimal digits.
  mutating func hex() throws(AnswerFault) -> [UInt8] {
    let raw = try rawString()
    guard raw.count.isMultiple(of: 2) else { throw fault("not hexadecimal") }
    var result: [UInt8] = []
    result.reserveCapacity(raw.count / 2)
    for index in stride(from: 0, to: raw.count, by: 2) {
      guard let high = hexValue(raw[index]), let low = hexValue(raw[index + 1]) else {
        throw fault("not hexadecimal")
      }
      result.append(high << 4 | low)
    }
    return result
  }

  /// Passes over a value of any kind, checking that it is one.
  mutating func skip() throws(AnswerFault) {
    switch peek() {
    case UInt8(ascii: "{"): try object { _, reader throws(AnswerFault) in try reader.skip() }
    case UInt8(ascii: "["): try array { reader throws(AnswerFault) in try reader.skip() }
    case UInt8(ascii: "\""): _ = try rawString()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n"): guard takeWord("null") else { throw fault("not null") }
    default: try skipNumber()
    }
  }

  /// The next byte that is not white space; `nil` at the end.
  mutating func peek() -> UInt8? {
    while let byte = current, byte == 0x20 || (0x09...0x0d).contains(byte) { position += 1 }
    return current
  }

  func fault(_ reason: String) -> AnswerFault {
    AnswerFault(malformed: "\(reason) at byte \(position)")
  }
}

// MARK: Tokens

extension JSONReader {
  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
  private static let numberBytes = Set("+-.eE0123456789".utf8)

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func open(_ byte: UInt8) throws(AnswerFault) {
    try expect(byte)
    depth += 1
    guard depth <= Self.maximumDepth else { throw fault("too deep") }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(AnswerFault) {
    guard take(byte) else {
      throw fault("expected \(Character(Unicode.Scalar(byte)))")
    }
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    _ = peek()
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count,
      (0..<word.utf8CodeUnitCount).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
    else { return false }
    position = end
    return true
  }

  private mutating func skipNumber() throws(AnswerFault) {
    let start = position
    var hasDigit = false
    while let byte = current, Self.numberBytes.contains(byte) {
      hasDigit = hasDigit || Self.digits.contains(byte)
      position += 1
    }
    guard position > start, hasDigit else { throw fault("not a value") }
  }

  /// The bytes between the quotes, as they are.
  private mutating func rawString() throws(AnswerFault) -> UnsafeBufferPointer<UInt8> {
    try expect(UInt8(ascii: "\""))
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return UnsafeBufferPointer(rebasing: bytes[start..<position - 1])
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    throw fault("a text without end")
  }

  private func unescaped(_ raw: UnsafeBufferPointer<UInt8>) throws(AnswerFault) -> String {
    var units: [UInt16] = []
    var rest = String(decoding: raw, as: UTF8.self).utf16[...]
    while let unit = rest.popFirst() {
      guard unit == 0x5c else {
        units.append(unit)
        continue
      }
      guard let escape = rest.popFirst() else { throw fault("an escape without end") }
      units.append(try meaning(of: escape, &rest))
    }
    return String(decoding: units, as: UTF16.self)
  }

  private func meaning(
    of escape: UInt16, _ rest: inout Substring.UTF16View
  ) throws(AnswerFault) -> UInt16 {
    switch escape {
    case 0x22, 0x5c, 0x2f: return escape
    case 0x62: return 0x08
    case 0x66: return 0x0c
    case 0x6e: return 0x0a
    case 0x72: return 0x0d
    case 0x74: return 0x09
    case 0x75:
      let digits = String(decoding: rest.prefix(4), as: UTF16.self)
      guard digits.utf8.count == 4, let unit = UInt16(digits, radix: 16) else {
        throw fault("not an escape")
      }
      rest = rest.dropFirst(4)
      return unit
    default: throw fault("not an escape")
    }
  }
}

private func hexValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case 0x30...0x39: digit - 0x30
  case 0x61...0x66: digit - 0x61 + 10
  case 0x41...0x46: digit - 0x41 + 10
  default: nil
  }
}

/// The key of an object, to be matched against literals.
struct JSONKey {
  fileprivate let bytes: UnsafeBufferPointer<UInt8>

  static func ~= (name: StaticString, key: JSONKey) -> Bool {
    name.utf8CodeUnitCount == key.bytes.count
      && key.bytes.indices.allSatisfy { key.bytes[$0] == name.utf8Start[$0] }
  }
}

/// The fields of one kind of JSON object that matter to us.
protocol JSONFields {
  init()
  /// Consumes the value of a key.
  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault)
}

extension JSONReader {
  mutating func fields<Fields: JSONFields>(
    _ type: Fields.Type = Fields.self
  ) throws(AnswerFault) -> Fields {
    var fields = Fields()
    try object { key, reader throws(AnswerFault) in try fields.read(key, &reader) }
    return fields
  }

  mutating func list<Fields: JSONFields>(
    of type: Fields.Type = Fields.self
  ) throws(AnswerFault) -> [Fields] {
    var list: [Fields] = []
    try array { reader throws(AnswerFault) in list.append(try reader.fields(type)) }
    return list
  }
}
