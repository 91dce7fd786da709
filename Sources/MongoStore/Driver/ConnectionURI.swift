import CLibmongoc
import Payouts

/// A parsed `mongodb://` address: one `mongoc_uri_t`, with our time-outs where it names none.
struct ConnectionURI: ~Copyable {
  let pointer: OpaquePointer

  /// LIMIT: how long a call waits for a server before it reports that the store is away.
  static let serverSelectionMilliseconds: Int32 = 3_000
  /// LIMIT: how long a connection may take to be made.
  static let connectMilliseconds: Int32 = 3_000
  /// LIMIT: how long a sent command may stay without an answer (a frozen server).
  static let socketMilliseconds: Int32 = 20_000

  /// LIMIT: how old the driver's picture of the servers may be; a server that refuses because of
  /// its role is tried again after at most this long.
  static let heartbeatMilliseconds: Int32 = 2_000

  init(_ text: String) throws(StoreError) {
    // The parser's own message may quote the credentials, so it is not passed on.
    guard let pointer = mongoc_uri_new_with_error(text, nil) else {
      throw StoreError(
        code: .server, effect: .refused,
        message: "not a MongoDB connection string (example: mongodb://127.0.0.1:27017)")
    }
    self.pointer = pointer
    setDefault(MONGOC_URI_SERVERSELECTIONTIMEOUTMS, Self.serverSelectionMilliseconds)
    setDefault(MONGOC_URI_CONNECTTIMEOUTMS, Self.connectMilliseconds)
    setDefault(MONGOC_URI_SOCKETTIMEOUTMS, Self.socketMilliseconds)
    setDefault(MONGOC_URI_HEARTBEATFREQUENCYMS, Self.heartbeatMilliseconds)
  }

  private func setDefault(_ option: String, _ value: Int32) {
    if !mongoc_uri_has_option(pointer, option) {
      mongoc_uri_set_option_as_int32(pointer, option, value)
    }
  }

  deinit { mongoc_uri_destroy(pointer) }
}
