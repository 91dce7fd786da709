import CLibmongoc
import Payouts

/// One collection as a client sees it: one `mongoc_collection_t`.
final class Collection {
  let pointer: OpaquePointer
  let name: CollectionName
  private let client: Client

  init(_ name: CollectionName, of client: Client) {
    self.name = name
    self.client = client
    pointer = mongoc_client_get_collection(client.pointer, client.database, name.rawValue)
  }

  deinit { mongoc_collection_destroy(pointer) }

  /// Every document that a query finds.
  func find<Record: BSONReadableRecord>(
    _ query: borrowing FindQuery, as _: Record.Type = Record.self
  ) throws(StoreError) -> [Record] {
    try Cursor(self, query).all { reader throws(StoreError) in try self.record(reader) }
  }

  /// The documents of an aggregation, which the server gives up after a time, if one is given.
  func aggregate<Value>(
    _ stages: borrowing BSONDocument, maximumMilliseconds: Int? = nil,
    _ read: (BSONReader) throws(BSONFault) -> Value
  ) throws(StoreError) -> [Value] {
    let cursor = Cursor(self, pipeline: stages, maximumMilliseconds: maximumMilliseconds)
    return try cursor.all { reader throws(StoreError) in
      do throws(BSONFault) { return try read(reader) } catch {
        throw self.corrupt(error, id: "aggregate")
      }
    }
  }

  private func record<Record: BSONReadableRecord>(_ reader: BSONReader) throws(StoreError) -> Record
  {
    do throws(BSONFault) { return try Record(from: reader) } catch {
      throw corrupt(error, id: Self.id(of: reader))
    }
  }

  private func corrupt(_ fault: BSONFault, id: String) -> StoreError {
    StoreError(
      code: .corrupt, effect: .none,
      message: "\(name.rawValue) \(id), field \(fault.path): \(fault.problem)")
  }

  private static func id(of reader: BSONReader) -> String {
    do { return try reader.value("_id") } catch { return "(its _id is unreadable)" }
  }
}

/// A `find`: what is looked for, and how it comes.
struct FindQuery: ~Copyable {
  let filter: BSONDocument
  /// Whether documents come by ascending `_id`.
  let sorted: Bool
  /// Whether documents come in the order in which windows are closed.
  let byWindow: Bool
  /// Whether the oldest come first.
  let byCreation: Bool
  /// Whether only the ids of the newest are wanted, that is of the highest `_id`s, those first.
  let newestIDs: Bool
  /// At most this many; must be above zero, which the server would take for "all".
  let limit: Int?
  /// Whether it also sees what only the primary has yet: the other side of `.fleeting` writes.
  let seesFleeting: Bool

  /// LIMIT: documents that the server sends at once.
  static let batchSize = 1000

  init(
    limit: Int? = nil, sorted: Bool = false, byWindow: Bool = false, byCreation: Bool = false,
    newestIDs: Bool = false, seesFleeting: Bool = false, _ fill: (borrowing BSONDocument) -> Void
  ) {
    filter = BSONDocument(fill)
    self.sorted = sorted
    self.byWindow = byWindow
    self.byCreation = byCreation
    self.newestIDs = newestIDs
    self.limit = limit
    self.seesFleeting = seesFleeting
  }

  /// The options of the command.
  var options: BSONDocument {
    BSONDocument { options in
      options.append("limit", ifPresent: limit)
      options.append("batchSize", Self.batchSize)
      appendOrder(to: options)
      if seesFleeting { options.append("readConcern") { $0.append("level", "local") } }
    }
  }

  /// What both the driver's options and the command itself call `sort` and `projection`.
  func appendOrder(to options: borrowing BSONDocument) {
    if sorted || newestIDs {
      options.append("sort") { $0.append("_id", newestIDs ? -1 : 1) }
    }
    if byWindow {
      options.append("sort") { sort in for key in Index.window { sort.append(key, 1) } }
    }
    if byCreation { options.append("sort") { $0.append("created_at", 1) } }
    if newestIDs { options.append("projection") { $0.append("_id", 1) } }
  }
}
