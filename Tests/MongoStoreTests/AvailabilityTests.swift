import Foundation
import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite(.serialized) struct AvailabilityTests {
  @Test func `a store that is away is reported in bounded time and nothing happened`() async throws
  {
    let store = try MongoStore.open(
      uri: "mongodb://127.0.0.1:\(unusedPort())/?retryWrites=false", database: "test")
    let started = Date()
    let calls: [@Sendable () async throws -> Void] = [
      { _ = try await store.epoch() },
      { _ = try await store.insert([samplePayout("p1")]) },
      { _ = try await store.transfers([TransferID("t1")]) },
      { try await store.write(sampleHead()) },
      { _ = try await store.inFlight(router: .v0) },
      { try await store.ping() },
    ]
    let errors = try await withThrowingTaskGroup { group in
      for call in calls { group.addTask { try await failure(of: call) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(errors.map(\.code) == calls.map { _ in .unavailable })
    #expect(errors.map(\.effect) == calls.map { _ in .none })
    #expect(Date().timeIntervalSince(started) < 10)
    await store.close()
  }

  @Test func `a store that is away at start is used as soon as it is there`() async throws {
    let server = try ServerProcess()
    let store = try MongoStore.open(uri: server.uri, database: newDatabaseName())
    let error = try await failure { try await store.ping() }
    #expect(error.code == .unavailable)
    try await server.start()
    try await store.createIndexes()
    #expect(try await store.startFirstEpoch(at: UnixMilliseconds(1), journalPartitions: 12))
    await store.close()
  }

  @Test func `after a kill -9 of the server the store works again and what was told is there`()
    async throws
  {
    let server = try ServerProcess()
    try await server.start()
    let store = try MongoStore.open(uri: server.uri, database: newDatabaseName())
    try await store.createIndexes()
    var inserted: [PayoutID] = []
    for round in 0..<2 {
      for number in 0..<20 {
        let payout = try samplePayout("p\(round)-\(number)")
        if number == 10 { server.kill9() }
        do throws(StoreError) {
          #expect(try await store.insert([payout]) == [.inserted])
          inserted.append(payout.id)
        } catch {
          #expect(error.code == .unavailable)
        }
      }
      try await server.start()
      let isBack = try await eventually {
        do { try await store.ping() } catch { return false }
        return true
      }
      #expect(isBack)
      #expect(inserted.count == 10 * (round + 1))
      #expect(Set(try await store.payouts(inserted).map(\.id)) == Set(inserted))
    }
    await store.close()
  }

  @Test func `a frozen server leaves a write in doubt in bounded time`() async throws {
    let server = try ServerProcess()
    try await server.start()
    let store = try MongoStore.open(uri: server.uri, database: newDatabaseName(), threads: 2)
    try await store.createIndexes()
    try await server.freeze()
    let started = Date()
    let error = try await failure { _ = try await store.insert([samplePayout("p1")]) }
    #expect(error.code == .unavailable)
    #expect(error.effect == .inDoubt)
    #expect(Date().timeIntervalSince(started) < 15)
    server.thaw()
    let isSettled = try await eventually {
      do { return try await store.insert([samplePayout("p1")]) == [.inserted] } catch {
        return false
      }
    }
    #expect(isSettled)
    await store.close()
  }

  @Test func `a write that the server loses on the way is in doubt`() async throws {
    let server = try ServerProcess()
    try await server.start()
    let store = try MongoStore.open(uri: server.uri, database: newDatabaseName(), threads: 1)
    try await store.createIndexes()
    try await server.freeze()
    var payout = try samplePayout("p1")
    payout.request.customData = String(repeating: "x", count: 10_000)
    let call = Task { [payout] in try await failure { _ = try await store.insert([payout]) } }
    let isSent = try await eventually { try server.unreadBytes() > 10_000 }
    #expect(isSent)
    server.kill9()
    let error = try await call.value
    #expect(error.code == .unavailable)
    #expect(error.effect == .inDoubt)
    await store.close()
  }

  @Test(arguments: [
    "mongodb://user:s3cret@127.0.0.1:1/?nonsense=%zz&serverSelectionTimeoutMS=10",
    "mongodb://user:s3cret@", "mongdb://user:s3cret@host", "user:s3cret",
    "mongodb://user:s3cret@127.0.0.1:1/?authMechanism=NO&serverSelectionTimeoutMS=10",
    "mongodb://user:s3cret@127.0.0.1:1/?serverSelectionTimeoutMS=10",
    "mongodb+srv://user:s3cret@nowhere.invalid/?serverSelectionTimeoutMS=10",
  ])
  func `credentials are in no error`(uri: String) async throws {
    do throws(StoreError) {
      let store = try MongoStore.open(uri: uri, database: "test", threads: 1)
      do throws(StoreError) { try await store.ping() } catch {
        #expect(!"\(error)".contains("s3cret"))
        #expect(error.effect == Effect.none)
      }
      await store.close()
    } catch {
      #expect(!"\(error)".contains("s3cret"))
      #expect(error.effect == .refused)
    }
  }

  @Test(arguments: ["", "a.b", "a b", "$a", "a/b", String(repeating: "x", count: 64)])
  func `a name that no database can have is refused at once`(name: String) {
    let error = #expect(throws: StoreError.self) {
      try MongoStore.open(uri: "mongodb://127.0.0.1:1", database: name)
    }
    #expect(error?.effect == .refused)
  }
}

/// The error that a call ends with.
func failure(of call: () async throws -> Void) async throws -> StoreError {
  do {
    try await call()
  } catch let error as StoreError {
    return error
  }
  throw NoFailure()
}

private struct NoFailure: Error {}
