import CLibmongoc
import Payouts

/// The results of one query: one `mongoc_cursor_t`.
struct Cursor: ~Copyable {
  private let pointer: OpaquePointer
  private let collection: Collection

  init(_ collection: Collection, _ query: borrowing FindQuery) {
    self.collection = collection
    let options = query.options
    pointer = mongoc_collection_find_with_opts(
      collection.pointer, query.filter.pointer, options.pointer, nil)
  }

  /// `pipeline` is a document with one array, `pipeline`.
  init(
    _ collection: Collection, pipeline: borrowing BSONDocument, maximumMilliseconds: Int? = nil
  ) {
    self.collection = collection
    let options = BSONDocument { $0.append("maxTimeMS", ifPresent: maximumMilliseconds) }
    pointer = mongoc_collection_aggregate(
      collection.pointer, MONGOC_QUERY_NONE, pipeline.pointer, options.pointer, nil)
  }

  deinit { mongoc_cursor_destroy(pointer) }

  /// Reads to the end.
  consuming func all<Value>(
    _ read: (BSONReader) throws(StoreError) -> Value
  ) throws(StoreError) -> [Value] {
    var values: [Value] = []
    var document: OpaquePointer?
    while mongoc_cursor_next(pointer, &document) {
      guard let document, let reader = BSONReader(document) else { continue }
      values.append(try read(reader))
    }
    var error = bson_error_t()
    if mongoc_cursor_error(pointer, &error) { throw StoreError(error, during: .read) }
    return values
  }
}
