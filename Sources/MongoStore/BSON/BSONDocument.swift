import CLibmongoc

/// A BSON document under construction: one `bson_t`.
///
/// LIMIT: `bson_append_*` fail only past 2 GiB; the server refuses documents past 16 MiB long
/// before, and nothing of ours comes near, so their results are not looked at.
struct BSONDocument: ~Copyable {
  let pointer: OpaquePointer

  /// Fills a new document.
  init(_ fill: (borrowing BSONDocument) -> Void = { _ in }) {
    pointer = bson_new()
    fill(self)
  }

  deinit { bson_destroy(pointer) }

  /// Appends an element.
  func append(_ key: StaticString, _ value: some BSONWritable) {
    value.append(to: self, key: BSONKey(key))
  }

  /// Appends an element when there is a value; an absent value is an absent field, never a null.
  func append(_ key: StaticString, ifPresent value: (some BSONWritable)?) {
    guard let value else { return }
    value.append(to: self, key: BSONKey(key))
  }

  /// Appends an embedded document.
  func append(_ key: StaticString, _ fill: (borrowing BSONDocument) -> Void) {
    append(document: BSONDocument(fill), key: BSONKey(key))
  }

  /// Appends an element whose key is data, or a path that ends with data.
  func append(data key: String, _ value: some BSONWritable) {
    key.withCString { value.append(to: self, key: BSONKey(pointer: $0, length: -1)) }
  }

  func append(document: borrowing BSONDocument, key: BSONKey) {
    bson_append_document(pointer, key.pointer, key.length, document.pointer)
  }

  /// Appends an array.
  func append<Element: BSONWritable>(array: some Sequence<Element>, key: BSONKey) {
    let elements = BSONDocument()
    var index = 0
    for element in array {
      String(index).withCString {
        element.append(to: elements, key: BSONKey(pointer: $0, length: -1))
      }
      index += 1
    }
    bson_append_array(pointer, key.pointer, key.length, elements.pointer)
  }
}

/// The name of an element; lives no longer than the call that it is passed to.
struct BSONKey {
  let pointer: UnsafePointer<CChar>
  /// Bytes, or -1 when the text ends with a zero byte.
  let length: Int32

  init(pointer: UnsafePointer<CChar>, length: Int32) {
    self.pointer = pointer
    self.length = length
  }

  init(_ name: StaticString) {
    // SAFETY: a static string of more than one scalar is stored as UTF-8 for ever; `CChar` and
    // `UInt8` have the same layout.
    pointer = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    length = Int32(clamping: name.utf8CodeUnitCount)
  }
}
