import Payouts
import Testing
import Tron

@testable import MongoStore

/// What a server in trouble says, and what it means for a write.
@Suite struct ServerErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let failure: @Sendable (borrowing BSONDocument) -> Void
    let code: StoreError.Code
    let effect: Effect
  }

  static let cases: [Case] = [
    Case(
      testDescription: "not the primary any more", failure: { $0.append("errorCode", 10_107) },
      code: .unavailable, effect: .none),
    Case(
      testDescription: "not authorised", failure: { $0.append("errorCode", 13) },
      code: .server, effect: .none),
    Case(
      testDescription: "shut down in the middle", failure: { $0.append("errorCode", 11_600) },
      code: .unavailable, effect: .inDoubt),
    Case(
      testDescription: "an error nobody foresaw", failure: { $0.append("errorCode", 8) },
      code: .server, effect: .inDoubt),
    Case(
      testDescription: "no majority in time",
      failure: { data in
        data.append("writeConcernError") { concern in
          concern.append("code", 64)
          concern.append("errmsg", "waiting for replication timed out")
        }
      },
      code: .unavailable, effect: .inDoubt),
    Case(
      testDescription: "the connection closed", failure: { $0.append("closeConnection", true) },
      code: .unavailable, effect: .inDoubt),
  ]

  @Test func `each failure of a write has its effect, and the write after it works`() async throws {
    let server = try ServerProcess()
    try await server.start()
    let store = try MongoStore.open(uri: server.uri, database: newDatabaseName(), threads: 1)
    try await store.createIndexes()
    for (number, example) in Self.cases.enumerated() {
      try await failNext("insert", at: server, example.failure)
      let payout = try samplePayout("p\(number)")
      let error = try await failure { _ = try await store.insert([payout]) }
      #expect(error.code == example.code, "\(example.testDescription): \(error)")
      #expect(error.effect == example.effect, "\(example.testDescription): \(error)")
      let isBack = try await eventually {
        do { return try await store.insert([payout]) == [.inserted] } catch { return false }
      }
      #expect(isBack, "\(example.testDescription)")
    }
    await store.close()
  }

  @Test func `a read that fails after a write leaves the write in doubt`() async throws {
    let server = try ServerProcess()
    try await server.start()
    let store = try MongoStore.open(uri: server.uri, database: newDatabaseName(), threads: 1)
    try await store.createIndexes()
    _ = try await store.insert([samplePayout("p1", key: "k")])
    let transfers = try [sampleTransfer("t1"), sampleTransfer("t2")]
    try await store.insert(transfers)
    try await failNext("find", at: server) { $0.append("errorCode", 8) }
    let insertion = try await failure { _ = try await store.insert([samplePayout("p2", key: "k")]) }
    #expect(insertion.effect == .inDoubt)
    var stale = transfers[0]
    stale.rev = 0
    let changes = [stale, transfers[1]].map { TransferChange(from: $0, to: $0.moved(to: .held)) }
    try await failNext("find", at: server) { $0.append("errorCode", 8) }
    let change = try await failure { _ = try await store.compareAndSet(changes) }
    #expect(change.effect == .inDoubt)
    try await failNext("find", at: server) { $0.append("errorCode", 8) }
    let read = try await failure { _ = try await store.transfers([TransferID("t1")]) }
    #expect(read.effect == Effect.none)
    await store.close()
  }

  /// Makes the next command of a kind fail.
  private func failNext(
    _ command: String, at server: ServerProcess,
    _ failure: @escaping @Sendable (borrowing BSONDocument) -> Void
  ) async throws {
    let admin = try MongoStore.open(uri: server.uri, database: "admin", threads: 1)
    try await admin.run { client throws(StoreError) in
      let failpoint = BSONDocument { document in
        document.append("configureFailPoint", "failCommand")
        document.append("mode") { $0.append("times", 1) }
        document.append("data") { data in
          data.append("failCommands", [command])
          failure(data)
        }
      }
      try client.command(failpoint) { _ in }
    }
    await admin.close()
  }
}
