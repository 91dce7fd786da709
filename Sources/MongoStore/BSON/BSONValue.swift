import CLibmongoc

/// What can be appended to a document.
protocol BSONWritable {
  func append(to document: borrowing BSONDocument, key: BSONKey)
}

/// What can be read from an element; anything else than the expected type is a fault.
protocol BSONReadable {
  init(_ element: BSONElement) throws(BSONFault)
}

/// What is stored as one element.
typealias BSONValue = BSONReadable & BSONWritable

/// A value that is stored as an int64. Reading tolerates an int32, never a double: no floating
/// point touches money.
protocol BSONInteger: BSONValue {
  var integer: Int64 { get }
  init?(integer: Int64)
}

extension BSONInteger {
  func append(to document: borrowing BSONDocument, key: BSONKey) {
    bson_append_int64(document.pointer, key.pointer, key.length, integer)
  }

  init(_ element: BSONElement) throws(BSONFault) {
    guard element.type == BSON_TYPE_INT64 || element.type == BSON_TYPE_INT32 else {
      throw .unexpected(element.type, instead: BSON_TYPE_INT64)
    }
    guard let value = Self(integer: element.integer) else {
      throw BSONFault(path: "", problem: "out of range")
    }
    self = value
  }
}

extension BSONInteger where Self: FixedWidthInteger {
  var integer: Int64 { Int64(clamping: self) }
  init?(integer: Int64) { self.init(exactly: integer) }
}

extension Int64: BSONInteger {}
extension Int32: BSONInteger {}
extension Int: BSONInteger {}

/// A value that is stored as text.
protocol BSONText: BSONValue {
  var storedText: String { get }
  init?(storedText: String)
}

extension BSONText {
  func append(to document: borrowing BSONDocument, key: BSONKey) {
    var text = storedText
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        _ = bson_append_utf8(
          document.pointer, key.pointer, key.length, characters.baseAddress ?? key.pointer,
          Int32(clamping: characters.count))
      }
    }
  }

  init(_ element: BSONElement) throws(BSONFault) {
    guard element.type == BSON_TYPE_UTF8 else {
      throw .unexpected(element.type, instead: BSON_TYPE_UTF8)
    }
    let bytes = UnsafeBufferPointer(start: element.data, count: Int(element.length))
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw BSONFault(path: "", problem: "not UTF-8")
    }
    guard let value = Self(storedText: text) else {
      throw BSONFault(path: "", problem: "not a \(Self.self)")
    }
    self = value
  }
}

extension String: BSONText {
  var storedText: String { self }
  init?(storedText: String) { self = storedText }
}

extension Bool: BSONReadable, BSONWritable {
  func append(to document: borrowing BSONDocument, key: BSONKey) {
    bson_append_bool(document.pointer, key.pointer, key.length, self)
  }

  init(_ element: BSONElement) throws(BSONFault) {
    guard element.type == BSON_TYPE_BOOL else {
      throw .unexpected(element.type, instead: BSON_TYPE_BOOL)
    }
    self = element.integer != 0
  }
}

/// Raw bytes, stored as BSON binary (generic subtype).
struct BSONBinary: BSONReadable, BSONWritable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func append(to document: borrowing BSONDocument, key: BSONKey) {
    bson_append_binary(
      document.pointer, key.pointer, key.length, BSON_SUBTYPE_BINARY, bytes,
      UInt32(clamping: bytes.count))
  }

  init(_ element: BSONElement) throws(BSONFault) {
    guard element.type == BSON_TYPE_BINARY else {
      throw .unexpected(element.type, instead: BSON_TYPE_BINARY)
    }
    bytes = Array(UnsafeBufferPointer(start: element.data, count: Int(element.length)))
  }
}

extension Array: BSONWritable where Element: BSONWritable {
  func append(to document: borrowing BSONDocument, key: BSONKey) {
    document.append(array: self, key: key)
  }
}

extension Array: BSONReadable where Element: BSONReadable {
  init(_ element: BSONElement) throws(BSONFault) {
    self = []
    let elements = try BSONReader(element, type: BSON_TYPE_ARRAY).elements()
    reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do { append(try Element(element)) } catch { throw error.inside("\(index)") }
    }
  }
}

/// What can be read from a document with fields of its own.
protocol BSONReadableRecord: BSONReadable {
  init(from reader: BSONReader) throws(BSONFault)
}

extension BSONReadableRecord {
  init(_ element: BSONElement) throws(BSONFault) {
    try self.init(from: BSONReader(element, type: BSON_TYPE_DOCUMENT))
  }
}

/// A type that is stored as a document with fields of its own.
protocol BSONRecord: BSONReadableRecord, BSONWritable {
  func write(to document: borrowing BSONDocument)
}

extension BSONRecord {
  func append(to document: borrowing BSONDocument, key: BSONKey) {
    document.append(document: BSONDocument(write(to:)), key: key)
  }
}

/// A document made on the spot, for an element of an array.
struct BSONEmbedded: BSONWritable {
  let fill: (borrowing BSONDocument) -> Void

  init(_ fill: @escaping (borrowing BSONDocument) -> Void) { self.fill = fill }

  func append(to document: borrowing BSONDocument, key: BSONKey) {
    document.append(document: BSONDocument(fill), key: key)
  }
}

/// Null, which our documents never hold but some operators want.
struct BSONNull: BSONWritable {
  func append(to document: borrowing BSONDocument, key: BSONKey) {
    bson_append_null(document.pointer, key.pointer, key.length)
  }
}

/// `{operator: value}`, as filters want it.
struct BSONOperator<Value: BSONWritable>: BSONWritable {
  let name: StaticString
  let value: Value

  func append(to document: borrowing BSONDocument, key: BSONKey) {
    document.append(document: BSONDocument { $0.append(name, value) }, key: key)
  }

  static func oneOf<Element>(_ values: [Element]) -> Self where Value == [Element] {
    Self(name: "$in", value: values)
  }
  static func above(_ value: Value) -> Self { Self(name: "$gt", value: value) }
  static func below(_ value: Value) -> Self { Self(name: "$lt", value: value) }
}
