import CLibmongoc
import Payouts

/// The connections and the monitoring threads of libmongoc: one `mongoc_client_pool_t`.
///
/// Finds the server again by itself whenever it comes back; nothing here ever needs reopening.
final class ClientPool: Sendable {
  // SAFETY: `mongoc_client_pool_t` is thread-safe by its documentation.
  nonisolated(unsafe) private let pointer: OpaquePointer

  /// Connects lazily: succeeds when the store is away.
  init(_ uri: borrowing ConnectionURI, size: Int) throws(StoreError) {
    Self.startDriver
    var error = bson_error_t()
    guard let pointer = mongoc_client_pool_new_with_error(uri.pointer, &error) else {
      // As in `ConnectionURI`: the driver's words may quote the address.
      throw StoreError(
        code: .unavailable, effect: .refused,
        message: "the connection string asks for something this driver cannot do")
    }
    self.pointer = pointer
    mongoc_client_pool_set_error_api(pointer, MONGOC_ERROR_API_VERSION_2)
    mongoc_client_pool_max_size(pointer, UInt32(clamping: size))
  }

  deinit { mongoc_client_pool_destroy(pointer) }

  func pop() -> OpaquePointer { mongoc_client_pool_pop(pointer) }

  func push(_ client: OpaquePointer) { mongoc_client_pool_push(pointer, client) }

  /// Once a process. The driver's own log is off: every failure comes back as an error, and its
  /// lines would break the structured log.
  private static let startDriver: Void = {
    mongoc_init()
    mongoc_log_set_handler(nil, nil)
  }()
}
