import Foundation
import Payouts
import Testing

@testable import MongoStore

/// Opens a database of its own on the server that `MONGO_URI` names, and drops it at the end.
func withDatabase(
  threads: Int = 4, _ body: (MongoStore) async throws -> Void
) async throws {
  let uri = try requireEnvironment("MONGO_URI", "the address of a MongoDB server for tests")
  try await withDatabase(uri: uri, threads: threads, body)
}

/// The same on a given server.
func withDatabase(
  uri: String, threads: Int = 4, _ body: (MongoStore) async throws -> Void
) async throws {
  let store = try MongoStore.open(uri: uri, database: newDatabaseName(), threads: threads)
  do {
    try await store.createIndexes()
    try await body(store)
  } catch {
    try await store.dropDatabase()
    await store.close()
    throw error
  }
  try await store.dropDatabase()
  await store.close()
}

func newDatabaseName() -> String {
  "test_" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
}

func requireEnvironment(_ name: String, _ meaning: String) throws -> String {
  try #require(
    ProcessInfo.processInfo.environment[name], "set \(name) to \(meaning); `make test` does it")
}

/// Asks again until it is true or half a minute has passed.
func eventually(
  seconds: Double = 30, _ condition: () async throws -> Bool
) async throws -> Bool {
  let deadline = Date(timeIntervalSinceNow: seconds)
  while Date() < deadline {
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(50))
  }
  return false
}

extension MongoStore {
  func dropDatabase() async throws(StoreError) {
    try await run { client throws(StoreError) in
      try client.command(BSONDocument { $0.append("dropDatabase", 1) }) { _ in }
    }
  }

  /// Makes the server refuse what we would not.
  func createUniqueIndex(
    on collection: CollectionName, _ field: StaticString
  ) async throws(StoreError) {
    try await run { client throws(StoreError) in
      let index = Index(name: "extra", keys: [field], isUnique: true)
      try client.command(Index.creation(of: [index], on: collection)) { _ in }
    }
  }

  /// Inserts documents as they are, without the mapping.
  func insertRaw(
    _ collection: CollectionName, _ fill: @escaping @Sendable (borrowing BSONDocument) -> Void
  ) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(collection))
      try bulk.insert(BSONDocument(fill))
      _ = try bulk.execute()
    }
  }

  /// Changes documents as another hand would, without the mapping.
  func updateRaw(
    _ collection: CollectionName, id: String, _ operation: StaticString, _ field: StaticString,
    _ value: some BSONWritable & Sendable
  ) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(collection))
      try bulk.updateOne(
        BSONDocument { $0.append("_id", id) },
        BSONDocument { update in update.append(operation) { $0.append(field, value) } })
      _ = try bulk.execute()
    }
  }
}
