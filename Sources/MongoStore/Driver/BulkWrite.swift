import CLibmongoc
import Payouts

/// Many writes to one collection in one command: one `mongoc_bulk_operation_t`.
struct BulkWrite: ~Copyable {
  private let pointer: OpaquePointer
  private let collection: Collection
  private let isOrdered: Bool
  private var count = 0
  private var inserts = 0

  /// Unordered unless asked: one refused write does not stop the others.
  init(
    _ collection: Collection, ordered: Bool = false, durability: WriteDurability = .majority
  ) {
    self.collection = collection
    isOrdered = ordered
    let options = BSONDocument { $0.append("ordered", ordered) }
    durability.append(to: options)
    pointer = mongoc_collection_create_bulk_operation_with_opts(
      collection.pointer, options.pointer)
  }

  deinit { mongoc_bulk_operation_destroy(pointer) }

  mutating func insert(_ document: borrowing BSONDocument) throws(StoreError) {
    var error = bson_error_t()
    try added(
      mongoc_bulk_operation_insert_with_opts(pointer, document.pointer, nil, &error), error)
    inserts += 1
  }

  mutating func replaceOne(
    _ filter: borrowing BSONDocument, _ document: borrowing BSONDocument, upsert: Bool = false
  ) throws(StoreError) {
    let options = BSONDocument { $0.append("upsert", upsert) }
    var error = bson_error_t()
    try added(
      mongoc_bulk_operation_replace_one_with_opts(
        pointer, filter.pointer, document.pointer, options.pointer, &error), error)
  }

  mutating func updateOne(
    _ filter: borrowing BSONDocument, _ update: borrowing BSONDocument, upsert: Bool = false
  ) throws(StoreError) {
    let options = BSONDocument { $0.append("upsert", upsert) }
    var error = bson_error_t()
    try added(
      mongoc_bulk_operation_update_one_with_opts(
        pointer, filter.pointer, update.pointer, options.pointer, &error), error)
  }

  mutating func updateMany(
    _ filter: borrowing BSONDocument, _ update: borrowing BSONDocument
  ) throws(StoreError) {
    var error = bson_error_t()
    try added(
      mongoc_bulk_operation_update_many_with_opts(
        pointer, filter.pointer, update.pointer, nil, &error), error)
  }

  mutating func deleteMany(_ filter: borrowing BSONDocument) throws(StoreError) {
    var error = bson_error_t()
    try added(
      mongoc_bulk_operation_remove_many_with_opts(pointer, filter.pointer, nil, &error), error)
  }

  private mutating func added(_ done: Bool, _ error: bson_error_t) throws(StoreError) {
    guard done else { throw StoreError(error, during: .preparation) }
    count += 1
  }

  /// Sends it. Duplicate keys are an outcome; any other refused write, a write concern that was
  /// not met and a lost connection are errors.
  consuming func execute() throws(StoreError) -> BulkOutcome {
    guard count > 0 else { return BulkOutcome() }
    let reply = Reply()
    var error = bson_error_t()
    let server = mongoc_bulk_operation_execute(pointer, reply.pointer, &error)
    let outcome = try BulkOutcome(reply.reader())
    guard server == 0 else { return outcome }
    // The driver sends a very large bulk in parts; an error of a later part hides behind the
    // refusals of an earlier one, and only the count tells. An ordered bulk ends at its first
    // refusal, and so has no later part.
    let isComplete = isOrdered || outcome.inserted + outcome.refusals.count >= inserts
    guard !outcome.refusals.isEmpty, !outcome.concernFailed, isComplete else {
      throw StoreError(error, during: .write)
    }
    if let refusal = outcome.refusals.first(where: { $0.code != MONGOC_ERROR_DUPLICATE_KEY.code }) {
      let effect: Effect = outcome.refusals.count == count ? .none : .inDoubt
      throw StoreError(
        code: .server, effect: effect,
        message: "\(collection.name.rawValue): write refused with code \(refusal.code)")
    }
    return outcome
  }
}

/// Who must have a write before it counts.
enum WriteDurability {
  /// As the client was set up: a majority, on disk. For everything that matters.
  case majority
  /// The primary, in memory. For what may be lost without harm.
  case fleeting

  func append(to options: borrowing BSONDocument) {
    guard self == .fleeting else { return }
    let concern = mongoc_write_concern_new()
    mongoc_write_concern_set_w(concern, 1)
    mongoc_write_concern_set_journal(concern, false)
    mongoc_write_concern_append(concern, options.pointer)
    mongoc_write_concern_destroy(concern)
  }
}

/// What the server said of a bulk.
struct BulkOutcome {
  /// A write that was refused.
  struct Refusal: BSONReadableRecord {
    /// Its place in the bulk.
    let index: Int
    /// The server's error code.
    let code: Int64

    init(from reader: BSONReader) throws(BSONFault) {
      index = try reader.value("index")
      code = try reader.value("code")
    }
  }

  /// How many documents were inserted.
  var inserted = 0
  /// How many documents the filters of updates and replacements found.
  var matched = 0
  /// The writes that did not happen, duplicates among them.
  var refusals: [Refusal] = []
  /// Whether the majority did not acknowledge in time.
  var concernFailed = false

  /// Nothing was sent.
  init() {}

  init(_ reply: BSONReader) throws(StoreError) {
    do {
      inserted = try reply.optional("nInserted") ?? 0
      matched = try reply.optional("nMatched") ?? 0
      refusals = try reply.optional("writeErrors") ?? []
      concernFailed = try !(reply.optional("writeConcernErrors", as: [Ignored].self) ?? []).isEmpty
    } catch {
      throw StoreError(
        code: .corrupt, effect: .inDoubt,
        message: "the reply to a bulk write, field \(error.path): \(error.problem)")
    }
  }

  private struct Ignored: BSONReadable {
    init(_ element: BSONElement) throws(BSONFault) {}
  }
}
