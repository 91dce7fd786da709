import CLibmongoc
import Tron

/// An instant as a BSON date, which only the server's expiry of documents needs; our own instants are
/// int64.
struct BSONDate: BSONWritable {
  let instant: UnixMilliseconds

  init(_ instant: UnixMilliseconds) { self.instant = instant }

  func append(to document: borrowing BSONDocument, key: BSONKey) {
    bson_append_date_time(document.pointer, key.pointer, key.length, instant.value)
  }
}
