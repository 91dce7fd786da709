import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite struct RateLimitStoreTests {
  // Far ahead, so that the server does not remove what the test looks at.
  private static let now = UnixMilliseconds(4_102_444_800_000)

  private func window(
    _ subject: String, _ kind: RateLimitClass = .createPayout, seconds: Int64 = 0
  ) -> RateWindow {
    RateWindow(kind, subject: subject, at: Self.now.advanced(seconds: seconds))
  }

  @Test func `claims of one window are granted up to the limit, and counted`() async throws {
    try await withDatabase { store in
      var claims: [RateClaim] = []
      for _ in 0..<12 { claims += try await store.claim([window("alice")]) }
      #expect(claims.map(\.isGranted) == Array(repeating: true, count: 10) + [false, false])
      #expect(claims.map(\.count) == Array(1...10) + [10, 10])
      #expect(try await store.claim([]).isEmpty)
    }
  }

  @Test func `one call may claim in many windows, and often in one`() async throws {
    try await withDatabase { store in
      let batch = Array(repeating: window("alice", .createBatch), count: 7)
      let others = (0..<100).map { window("tenant-\($0)") }
      let claims = try await store.claim(batch + others)
      #expect(claims.prefix(7).filter(\.isGranted).count == 5)
      #expect(claims.prefix(7).allSatisfy { $0.count == 5 })
      #expect(claims.dropFirst(7).allSatisfy { $0 == RateClaim(isGranted: true, count: 1) })
      let next = try await store.claim([window("alice", .createBatch, seconds: 60)])
      #expect(next == [RateClaim(isGranted: true, count: 1)])
    }
  }

  @Test func `a hundred claims at once by two clients are granted exactly up to the limit`()
    async throws
  {
    let uri = try requireEnvironment("MONGO_URI", "the address of a MongoDB server for tests")
    let name = newDatabaseName()
    let first = try MongoStore.open(uri: uri, database: name, threads: 4)
    let second = try MongoStore.open(uri: uri, database: name, threads: 4)
    do {
      for subject in ["alice", "bob", "carol"] {
        let window = window(subject)
        let granted = try await withThrowingTaskGroup(of: Int.self) { group in
          for number in 0..<20 {
            let store = number.isMultiple(of: 2) ? first : second
            group.addTask {
              try await store.claim(Array(repeating: window, count: 5)).filter(\.isGranted).count
            }
          }
          return try await group.reduce(0, +)
        }
        #expect(granted == 10)
      }
    }
    try await first.dropDatabase()
    await first.close()
    await second.close()
  }

  @Test func `the server is told to remove windows that are over`() async throws {
    try await withDatabase { store in
      _ = try await store.claim([window("alice")])
      let isDate = try await store.run { client throws(StoreError) in
        let windows: [StoredWindow] = try client.collection(.rateWindows).find(
          FindQuery(seesFleeting: true) { filter in
            // Equal to a date only, whatever number it is.
            filter.append("expires_at", BSONDate(Self.now.advanced(seconds: 180)))
          })
        return windows.count == 1
      }
      #expect(isDate)
    }
  }

  private struct StoredWindow: BSONReadableRecord {
    init(from reader: BSONReader) throws(BSONFault) {}
  }
}
