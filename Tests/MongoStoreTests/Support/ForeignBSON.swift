import CLibmongoc

@testable import MongoStore

// Values that our own code never writes, for tests of what it reads.

/// A number that BSON stores as a double, which no amount of ours may be.
struct BSONDouble: BSONWritable {
  let value: Double

  func append(to document: borrowing BSONDocument, key: BSONKey) {
    bson_append_double(document.pointer, key.pointer, key.length, value)
  }
}

extension BSONDocument {
  func appendInt32(_ key: StaticString, _ value: Int32) {
    let key = BSONKey(key)
    bson_append_int32(pointer, key.pointer, key.length, value)
  }

  func appendDate(_ key: StaticString, _ milliseconds: Int64) {
    let key = BSONKey(key)
    bson_append_date_time(pointer, key.pointer, key.length, milliseconds)
  }

  /// Text with bytes that need not be UTF-8.
  func appendBytesAsText(_ key: StaticString, _ bytes: [UInt8]) {
    let key = BSONKey(key)
    let characters = bytes.map { CChar(bitPattern: $0) }
    bson_append_utf8(pointer, key.pointer, key.length, characters, Int32(characters.count))
  }
}
