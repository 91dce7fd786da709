import Logging
import Payouts

/// The store over MongoDB: payouts, transfers and the single-document facts.
///
/// Every write is acknowledged by a majority that has it on disk; every read is a majority read
/// from the primary. Opening succeeds when no server can be reached: calls fail with
/// `unavailable` until one can, and work again by themselves afterwards.
/// Collections, indexes and which query uses which: docs/schema.md.
public final class MongoStore: Sendable {
  let logger: Logger
  private let threads: BlockingThreads

  /// LIMIT: calls that may wait for a thread; more are refused.
  static let waitingCalls = 1024
  /// LIMIT: ids in one `$in`; longer lists are asked for in several finds.
  static let idsPerFind = 64

  private init(threads: BlockingThreads, logger: Logger) {
    self.threads = threads
    self.logger = logger
  }

  /// Opens a database; connects when it is first used.
  ///
  /// - Parameters:
  ///   - uri: A `mongodb://` address. Time-outs that it does not name get bounds of a few seconds.
  ///     It is never logged and never part of an error.
  ///   - database: The database's name.
  ///   - threads: How many calls may be under way at once; each has a connection of its own.
  public static func open(
    uri: String, database: String, threads: Int = 8, logger: Logger = Logger(label: "store")
  ) throws(StoreError) -> MongoStore {
    let isName =
      (1...63).contains(database.utf8.count)
      && database.utf8.allSatisfy { !#"/\. "$*<>:|?"#.utf8.contains($0) && $0 > 31 }
    guard isName else {
      throw StoreError(
        code: .server, effect: .refused,
        message: "not a database name (example: tron_payments)")
    }
    let pool = try ClientPool(ConnectionURI(uri), size: threads)
    return MongoStore(
      threads: BlockingThreads(
        count: threads, capacity: waitingCalls, pool: pool, database: database),
      logger: logger)
  }

  /// How busy the store's threads are.
  public var load: StoreLoad { threads.load }

  /// Ends the threads and the connections; calls that have begun are waited for.
  public func close() async { await threads.close() }

  /// Runs a blocking call on one of the threads.
  func run<Value: Sendable>(
    _ body: @escaping BlockingCall<Value>.Body
  ) async throws(StoreError) -> Value {
    try await threads.run(body)
  }

  /// Documents that have one of many values in a field.
  func find<Record: BSONReadableRecord & Sendable, Key: BSONWritable & Sendable>(
    _ collection: CollectionName, _ field: StaticString, among keys: [Key]
  ) async throws(StoreError) -> [Record] {
    guard !keys.isEmpty else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(collection).find(field, among: keys)
    }
  }
}

extension Collection {
  /// Documents that have one of many values in a field, a bounded number of values at a time.
  func find<Record: BSONReadableRecord, Key: BSONWritable>(
    _ field: StaticString, among keys: [Key], as _: Record.Type = Record.self
  ) throws(StoreError) -> [Record] {
    var found: [Record] = []
    for start in stride(from: 0, to: keys.count, by: MongoStore.idsPerFind) {
      let some = Array(keys[start..<min(start + MongoStore.idsPerFind, keys.count)])
      found += try find(FindQuery { $0.append(field, BSONOperator.oneOf(some)) })
    }
    return found
  }
}
