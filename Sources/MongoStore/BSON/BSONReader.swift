import CLibmongoc

/// A document as it came from the server: fields by name, every one checked.
///
/// Borrows the bytes of a cursor or a reply, so it never leaves the closure that it is given to.
struct BSONReader {
  private let data: UnsafePointer<UInt8>
  private let length: Int

  /// Reads a `bson_t`; `nil` when libbson cannot give its bytes.
  init?(_ document: OpaquePointer) {
    guard let data = bson_get_data(document) else { return nil }
    self.data = data
    length = mongostore_length(document)
  }

  init(_ element: BSONElement, type: bson_type_t) throws(BSONFault) {
    guard element.type == type, let data = element.data else {
      throw .unexpected(element.type, instead: type)
    }
    self.data = data
    length = Int(element.length)
  }

  /// A field that must be there.
  func value<Value: BSONReadable>(
    _ key: StaticString, as _: Value.Type = Value.self
  ) throws(BSONFault) -> Value {
    guard let value: Value = try optional(key) else {
      throw BSONFault(path: "\(key)", problem: "missing")
    }
    return value
  }

  /// A field that may be absent or null.
  func optional<Value: BSONReadable>(
    _ key: StaticString, as _: Value.Type = Value.self
  ) throws(BSONFault) -> Value? {
    let name = BSONKey(key)
    var element = BSONElement()
    guard mongostore_find(data, length, name.pointer, name.length, &element),
      element.type != BSON_TYPE_NULL
    else { return nil }
    do { return try Value(element) } catch { throw error.inside("\(key)") }
  }

  /// The elements in order, as of an array.
  func elements() throws(BSONFault) -> [BSONElement] {
    let count = mongostore_elements(data, length, nil, 0)
    guard count >= 0 else { throw BSONFault(path: "", problem: "not BSON") }
    return Array(unsafeUninitializedCapacity: Int(count)) { buffer, filled in
      filled = Int(mongostore_elements(data, length, buffer.baseAddress, buffer.count))
    }
  }
}

extension BSONReader {
  /// The elements of a document whose keys are data.
  func map<Value: BSONReadable>(
    _: Value.Type = Value.self
  ) throws(BSONFault) -> [(key: String, value: Value)] {
    var pairs: [(key: String, value: Value)] = []
    for element in try elements() {
      guard let name = element.key, let key = String(validatingCString: name) else {
        throw BSONFault(path: "", problem: "a key is not UTF-8")
      }
      do { pairs.append((key, try Value(element))) } catch { throw error.inside("*") }
    }
    return pairs
  }
}

/// One element; its bytes are borrowed from the document.
typealias BSONElement = mongostore_element_t

/// Why a stored document cannot be read: where, and what was found. Never says the value.
struct BSONFault: Error, Equatable {
  /// Field names from the outside in, with dots.
  var path: String
  /// What is wrong there.
  var problem: String

  /// The same fault, seen from one level further out.
  func inside(_ key: String) -> BSONFault {
    BSONFault(path: path.isEmpty ? key : "\(key).\(path)", problem: problem)
  }

  static func unexpected(_ found: bson_type_t, instead expected: bson_type_t) -> BSONFault {
    BSONFault(
      path: "", problem: "BSON type \(found.rawValue) instead of \(expected.rawValue)")
  }
}
