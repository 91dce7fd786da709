import CLibmongoc
import Payouts

/// One connection on loan from the pool: one `mongoc_client_t`, used by one thread only.
final class Client {
  let pointer: OpaquePointer
  let database: String
  private let pool: ClientPool

  /// LIMIT: how long a majority may take to acknowledge a write before it counts as in doubt.
  static let majorityMilliseconds: Int32 = 10_000

  init(_ pool: ClientPool, database: String) {
    self.pool = pool
    self.database = database
    pointer = pool.pop()
    setConcerns()
  }

  deinit { pool.push(pointer) }

  /// Every write is acknowledged by a majority that has it on disk; every read sees only what such
  /// writes left, from the primary: what a decision was based on can never be rolled back.
  private func setConcerns() {
    let write = mongoc_write_concern_new()
    mongoc_write_concern_set_wmajority(write, Self.majorityMilliseconds)
    mongoc_write_concern_set_journal(write, true)
    mongoc_client_set_write_concern(pointer, write)
    mongoc_write_concern_destroy(write)

    let read = mongoc_read_concern_new()
    mongoc_read_concern_set_level(read, MONGOC_READ_CONCERN_LEVEL_MAJORITY)
    mongoc_client_set_read_concern(pointer, read)
    mongoc_read_concern_destroy(read)

    let primary = mongoc_read_prefs_new(MONGOC_READ_PRIMARY)
    mongoc_client_set_read_prefs(pointer, primary)
    mongoc_read_prefs_destroy(primary)
  }

  func collection(_ name: CollectionName) -> Collection { Collection(name, of: self) }

  /// Runs a database command that changes nothing, or nothing that matters when repeated.
  @discardableResult
  func command<Value>(
    _ command: borrowing BSONDocument, _ read: (BSONReader) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    let reply = Reply()
    var error = bson_error_t()
    guard
      mongoc_client_command_simple(
        pointer, database, command.pointer, nil, reply.pointer, &error)
    else { throw StoreError(error, during: .read) }
    return try read(try reply.reader())
  }
}

/// The collections of the database.
enum CollectionName: String {
  case payouts, batches, transfers, wallets, epoch, secrets, breaker, kyc
  case chainHead = "chain_head"
  case rateWindows = "rate_windows"
  case hourSums = "hour_sums"
  case auditLog = "audit_log"
  case limits
  case signerLimits = "signer_limits"
  case journalPositions = "journal_positions"
  case auditWriters = "audit_writers"
  case signerLedger = "signer_ledger"
}

/// What the server answered to a command: room for a `bson_t` that libmongoc fills.
struct Reply: ~Copyable {
  let pointer: OpaquePointer

  init() { pointer = mongostore_reply_new() }

  deinit { mongostore_reply_free(pointer) }

  /// The answer's fields; valid while this value lives.
  func reader() throws(StoreError) -> BSONReader {
    guard let reader = BSONReader(pointer) else {
      throw StoreError(code: .corrupt, effect: .inDoubt, message: "the reply is not BSON")
    }
    return reader
  }
}
