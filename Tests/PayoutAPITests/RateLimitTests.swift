import Foundation
import HTTPTypes
import Hummingbird
import Logging
import MongoStore
import Payouts
import Synchronization
import Testing
import Tron

@testable import PayoutAPI

/// Counts in a database of its own on the server that `MONGO_URI` names.
private func withCounts(
  _ body: (MongoStore) async throws -> Void
) async throws {
  let uri = try #require(
    ProcessInfo.processInfo.environment["MONGO_URI"],
    "set MONGO_URI to the address of a MongoDB server for tests; `make test` does it")
  // Without the index that lets the server remove old windows: the tests' clock is behind its own.
  let name = "test_" + UUID().uuidString.replacing("-", with: "").lowercased()
  let store = try MongoStore.open(uri: uri, database: name)
  do {
    try await body(store)
  } catch {
    await store.close()
    throw error
  }
  await store.close()
}

@Suite("Rate limits over HTTP")
struct RateLimitTests {
  private static func get(_ client: APIClient, _ path: String = "/x") async throws -> Answer {
    try await client.get(APIClient.payouts + path)
  }

  /// Limit, remaining, reset.
  private static func standing(_ answer: Answer) throws -> [String?] {
    try ["Limit", "Remaining", "Reset"].map {
      answer.headers[try .named("X-RateLimit-\($0)")]
    }
  }

  @Test("Of a hundred simultaneous requests to two servers exactly ten are let through")
  func twoServers() async throws {
    try await withCounts { store in
      var (one, two) = (try TestAPI(), try TestAPI())
      one.rateLimiting = .shared(store)
      two.rateLimiting = .shared(store)
      let (first, second) = (one, two)
      try await first.run { a in
        try await second.run { b in
          let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
              let client = number.isMultiple(of: 2) ? a : b
              group.addTask { try await client.post().status }
            }
            return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
          }
          #expect(statuses == [201: 10, 429: 90])
          try await b.expect(201, b.post(token: TestTokens.token(subject: "bob")))
        }
      }
      #expect(first.store.payoutCount + second.store.payoutCount == 11)
    }
  }

  @Test("Every answer of a counted route says where the caller stands, and the next minute is new")
  func headers() async throws {
    try await withCounts { store in
      var setup = try TestAPI()
      setup.rateLimiting = .shared(store)
      let api = setup
      try await api.run { client in
        let reset = String(TestTokens.now + 60)
        let created = try await client.post()
        #expect(try Self.standing(created) == ["10", "9", reset])
        let bad = try await client.post("{")
        #expect(bad.status == 400)
        #expect(try Self.standing(bad) == ["10", "8", reset])
        for _ in 0..<8 { _ = try await client.post("{") }
        api.clock.advance(seconds: 20)
        let refused = try await client.post()
        #expect(refused.status == 429)
        #expect(refused.code == "LUCID_ERR_2009")
        #expect(try Self.standing(refused) == ["10", "0", reset])
        #expect(refused.headers[.retryAfter] == "40")
        #expect(refused.headers[try .named("X-RateLimit-Retry-After")] == "40")
        #expect(refused.details?["retry_after_seconds"] == .number("40"))
        #expect(refused.error?["message"] == .string("Rate limit exceeded"))
        // Other classes have windows of their own.
        #expect(try Self.standing(await Self.get(client)) == ["60", "59", reset])
        api.clock.advance(seconds: 40)
        let next = try await client.post()
        #expect(next.status == 201)
        #expect(try Self.standing(next) == ["10", "9", String(TestTokens.now + 120)])
      }
    }
  }

  @Test("A replay by Idempotency-Key is counted, and a body is not read for a refusal")
  func order() async throws {
    var setup = try TestAPI()
    setup.rateLimiting = .local
    try await setup.run { client in
      for _ in 0..<10 { try await client.expect(201, client.post(key: "k")) }
      try await client.expect(429, client.post(key: "k"))
      try await client.expect(429, client.post(String(repeating: " ", count: 300_000)))
    }
  }

  @Test(
    "There is no way around by another form of the path",
    arguments: [
      "//api/payment/payouts/x", "/api//payment/payouts/x", "/api/payment/payouts//x",
      "/api/payment/payouts/x/", "/api/payment/%70ayouts/x", "/API/payment/payouts/x",
      "/api/payment/Payouts/x", "/api/payment/./payouts/x", "/api/payment/a/../payouts/x",
      "/api/payment/payouts/x?y=1", "/api/payment/payouts/x#y", "/api/payment/payouts/%2e",
      "/api/payment/payouts/x;y",
    ])
  func paths(path: String) async throws {
    var setup = try TestAPI()
    setup.rateLimiting = .local
    try await setup.run { client in
      for _ in 0..<60 { _ = try await Self.get(client) }
      let answer = try await client.get(path)
      // Either the same window or no payout's route at all.
      #expect(answer.status == 429 || answer.code == "LUCID_ERR_2016", "\(answer.text)")
      #expect(try answer.status == 429 || Self.standing(answer) == [nil, nil, nil])
    }
  }

  @Test("There is no way around by headers, HEAD or another token of the same tenant")
  func headersDoNotHelp() async throws {
    var setup = try TestAPI()
    setup.rateLimiting = .local
    try await setup.run { client in
      for _ in 0..<30 {
        _ = try await Self.get(client)
        _ = try await client.call(
          .head, APIClient.payouts + "/x",
          headers: [.authorization: "Bearer \(TestTokens.token())"])
      }
      for (name, value) in [
        ("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"),
        ("X-Real-IP", "203.0.113.9"), ("X-User-ID", "bob"), ("X-User-Role", "admin"),
        ("X-Request-ID", "another"), ("Accept", "application/problem+json"),
        ("X-HTTP-Method-Override", "HEAD"),
      ] {
        let headers: HTTPFields = [try .named(name): value]
        let answer = try await client.get(APIClient.payouts + "/x", headers: headers)
        #expect(answer.status == 429, "\(name)")
      }
      // Another role, and the gateway's word, are the same tenant.
      let admin = TestTokens.token(role: "admin")
      try await client.expect(429, client.get(APIClient.payouts + "/x", token: admin))
      let gateway: HTTPFields = [
        .internalToken: TestAPI.internalToken, .userID: "alice", .userRole: "service",
      ]
      let answer = try await client.get(APIClient.payouts + "/x", token: nil, headers: gateway)
      #expect(answer.status == 429)
      // Two Authorization headers are nobody.
      let twice: HTTPFields = {
        var fields: HTTPFields = [:]
        for subject in ["bob", "alice"] {
          fields.append(
            HTTPField(
              name: .authorization, value: "Bearer \(TestTokens.token(subject: subject))"))
        }
        return fields
      }()
      try await client.expect(401, client.call(.get, APIClient.payouts + "/x", headers: twice))
    }
  }

  @Test("A tenant cannot be spelled in two ways")
  func spelling() async throws {
    var setup = try TestAPI()
    setup.rateLimiting = .local
    try await setup.run { client in
      for _ in 0..<60 { _ = try await Self.get(client) }
      for subject in ["alice ", " alice", "alice\\u0000", "alicé", "ali\\u200bce"] {
        let token = TestTokens.token(subject: subject)
        try await client.expect(401, client.get(APIClient.payouts + "/x", token: token))
      }
      // JSON has two spellings of one text; it is the text that counts.
      let same = TestTokens.token(subject: "\\u0061lice")
      try await client.expect(429, client.get(APIClient.payouts + "/x", token: same))
      // Another case is another tenant: `sub` is compared exactly.
      let other = TestTokens.token(subject: "Alice")
      try await client.expect(404, client.get(APIClient.payouts + "/x", token: other))
    }
  }

  @Test("Health is counted by address; probes, metrics and unknown routes are not")
  func health() async throws {
    var setup = try TestAPI()
    setup.rateLimiting = .local
    try await setup.facts.refresh()
    try await setup.run(.live) { client in
      for number in 1...120 {
        let headers: HTTPFields = [try .named("X-Forwarded-For"): "203.0.113.\(number)"]
        let answer = try await client.get("/api/payment/health", headers: headers)
        #expect(answer.status == 200)
      }
      let refused = try await client.get("/api/payment/health", token: nil)
      #expect(refused.status == 429)
      #expect(try Self.standing(refused).first == "120")
      for path in ["/livez", "/readyz", "/nothing"] {
        let answer = try await client.get("/api/payment" + path)
        #expect(try Self.standing(answer) == [nil, nil, nil])
      }
    }
  }

  @Test("Nobody is counted who is not known, and nothing when counting is off")
  func uncounted() async throws {
    var setup = try TestAPI()
    setup.rateLimiting = .local
    try await setup.run { client in
      for _ in 0..<20 { try await client.expect(401, client.post(token: "x")) }
      try await client.expect(201, client.post())
    }
    try await TestAPI().run { client in
      for _ in 0..<20 { try await client.expect(201, client.post()) }
      #expect(try Self.standing(await client.post()) == [nil, nil, nil])
    }
  }
}

@Suite("Rate limits without the store")
struct RateLimitFallbackTests {
  /// A store that does as it is told.
  private final class Counts: RateLimitStore {
    enum Mood: Sendable { case well, failing, silent }
    private let mood: Mutex<Mood>
    init(_ mood: Mood) { self.mood = Mutex(mood) }
    func set(_ mood: Mood) { self.mood.withLock { $0 = mood } }

    func claim(_ windows: [RateWindow]) async throws(StoreError) -> [RateClaim] {
      switch mood.withLock({ $0 }) {
      case .well: return windows.map { _ in RateClaim(isGranted: true, count: 1) }
      case .failing:
        throw StoreError(code: .unavailable, effect: .none, message: "no server")
      case .silent:
        do { try await Task.sleep(for: .seconds(3)) } catch {}
        throw StoreError(code: .unavailable, effect: .inDoubt, message: "no answer")
      }
    }
  }

  @Test(
    "A store that fails, or is silent, leaves each copy to count alone", arguments: [true, false])
  func fallback(isSilent: Bool) async throws {
    let store = Counts(isSilent ? .silent : .failing)
    let metrics = APIMetrics()
    let limiter = RateLimiter(.shared(store), logger: .quiet, metrics: metrics)
    let now = UnixMilliseconds(TestTokens.now * 1000)
    let begun = ContinuousClock.now
    let granted = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 {
        group.addTask {
          await limiter.admit(.createPayout, subject: "alice", at: now)?.isGranted == true
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(granted == 10)
    #expect(ContinuousClock.now - begun < .seconds(2), "nobody waits for a store that is away")
  }

  @Test("The store is asked again when it is back")
  func recovery() async throws {
    let store = Counts(.failing)
    let limiter = RateLimiter(.shared(store), logger: .quiet, metrics: APIMetrics())
    let now = UnixMilliseconds(TestTokens.now * 1000)
    // Alone: each request counts.
    for remaining in [9, 8, 7] {
      #expect(
        await limiter.admit(.createPayout, subject: "alice", at: now)?.remaining == remaining)
    }
    store.set(.well)
    var tries = 0
    try await eventually("the store counts again") {
      tries += 1
      let bob = "bob-\(tries)"
      // Alone, the second of two would find less room than the first.
      let first = await limiter.admit(.createPayout, subject: bob, at: now)?.remaining
      let second = await limiter.admit(.createPayout, subject: bob, at: now)?.remaining
      return first == 9 && second == 9
    }
  }
}
