import CLibmongoc
import Payouts

/// What was going on when the driver failed; decides what the failure means for the world.
enum Phase {
  /// Nothing was sent yet.
  case preparation
  /// Nothing that matters could change.
  case read
  /// A write may have reached the server.
  case write
}

extension StoreError {
  /// The one place where an error of libmongoc (error API version 2) becomes ours.
  init(_ error: bson_error_t, during phase: Phase) {
    let effect: Effect =
      switch phase {
      case .preparation: .refused
      case .read: .none
      case .write: Self.effect(ofFailedWrite: error)
      }
    self.init(code: Self.code(of: error), effect: effect, message: Self.message(of: error))
  }

  private static func code(of error: bson_error_t) -> Code {
    switch error.domain {
    case MONGOC_ERROR_SERVER_SELECTION.rawValue, MONGOC_ERROR_STREAM.rawValue,
      MONGOC_ERROR_WRITE_CONCERN.rawValue, MONGOC_ERROR_POOL.rawValue:
      .unavailable
    case MONGOC_ERROR_SERVER.rawValue where error.code == Self.maxTimeExpired: .tooSlow
    case MONGOC_ERROR_SERVER.rawValue where Self.isTransient(Int64(error.code)): .unavailable
    default: .server
    }
  }

  /// A write is known not to have happened only when it was never sent, or when the server says
  /// that it did not begin it. Everything else is in doubt.
  private static func effect(ofFailedWrite error: bson_error_t) -> Effect {
    switch error.domain {
    case MONGOC_ERROR_SERVER_SELECTION.rawValue: .none
    case MONGOC_ERROR_STREAM.rawValue
    where error.code == MONGOC_ERROR_STREAM_CONNECT.rawValue
      || error.code == MONGOC_ERROR_STREAM_NAME_RESOLUTION.rawValue:
      .none
    case MONGOC_ERROR_CLIENT.rawValue
    where error.code == MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue:
      .none
    case MONGOC_ERROR_BSON.rawValue: .refused
    case MONGOC_ERROR_SERVER.rawValue where neverBegun.contains(Int64(error.code)): .none
    default: .inDoubt
    }
  }

  /// Unauthorized, AuthenticationFailed, NotWritablePrimary, NotPrimaryNoSecondaryOk.
  private static let neverBegun: Set<Int64> = [13, 18, 10_107, 13_435]

  /// MaxTimeMSExpired.
  private static let maxTimeExpired: UInt32 = 50

  /// The server is leaving, changing its role, or cut off from its own peers.
  private static func isTransient(_ code: Int64) -> Bool {
    [6, 7, 64, 89, 91, 189, 262, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436]
      .contains(code)
  }

  private static func message(of error: bson_error_t) -> String {
    let text = withUnsafeBytes(of: error.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    // A server quotes values in some refusals; only its code is passed on.
    guard error.domain != MONGOC_ERROR_SERVER.rawValue else {
      return "the server answered with code \(error.code)"
    }
    return text
  }
}

/// Reads what a write left. The write has happened, so a failure to look leaves it in doubt.
func lookAfterWrite<Value>(
  _ read: () throws(StoreError) -> Value
) throws(StoreError) -> Value {
  do throws(StoreError) { return try read() } catch {
    throw StoreError(code: error.code, effect: .inDoubt, message: error.message)
  }
}

extension mongoc_error_code_t {
  /// As the server sends it.
  var code: Int64 { Int64(rawValue) }
}
