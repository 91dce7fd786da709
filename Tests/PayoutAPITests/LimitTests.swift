import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Limits of amounts")
struct LimitTests {
  private func counter(_ api: TestAPI) throws -> LimitCounter {
    let id = CounterID(day: UTCDay(api.clock.now()), router: .v0)
    return try #require(api.store.state.withLock { $0.counters[id] })
  }

  @Test("What does not fit the day is 2002, with limit, use and when to come back")
  func daily() async throws {
    var api = try TestAPI()
    api.limit(daily: 10)
    api.clock.advance(seconds: 60)
    try await api.run { [api] client in
      client.expect(201, try await client.post(APIClient.body(amount: "7")))
      let refused = try await client.post(APIClient.body(amount: "3.01"))
      client.expect(400, refused)
      #expect(refused.code == "LUCID_ERR_2002")
      #expect(refused.headers[.retryAfter] == String(24 * 3600 - 60))
      #expect(refused.details?["reason"]?.text == "daily_limit")
      #expect(refused.details?["limit"] == .number("10.00"))
      #expect(refused.details?["used"] == .number("7.00"))
      #expect(refused.details?["requested"] == .number("3.01"))
      #expect(refused.details?["available_at"]?.text == "2026-01-02T00:00:00.000Z")
      client.expect(201, try await client.post(APIClient.body(amount: "3")))
      #expect(api.store.payoutCount == 2)
      #expect(try counter(api).sum == 10_000_000)
      api.clock.advance(seconds: 24 * 3600)
      let claims = TestTokens.claims(expiresIn: 100_000)
      client.expect(
        201,
        try await client.post(
          APIClient.body(amount: "10"), token: TestTokens.signed(claims: claims)))
    }
  }

  @Test("What fits the day but not the hour is 2003, and fits the next hour")
  func hourly() async throws {
    var api = try TestAPI()
    api.limit(daily: 100, hourly: 5)
    let claims = TestTokens.claims(expiresIn: 100_000)
    let token = TestTokens.signed(claims: claims)
    try await api.run { [api] client in
      client.expect(201, try await client.post(APIClient.body(amount: "5"), token: token))
      let refused = try await client.post(APIClient.body(amount: "0.01"), token: token)
      client.expect(400, refused)
      #expect(refused.code == "LUCID_ERR_2003")
      #expect(refused.details?["reason"]?.text == "hourly_limit")
      #expect(refused.headers[.retryAfter] == "3600")
      api.clock.advance(seconds: 3600)
      client.expect(201, try await client.post(APIClient.body(amount: "0.01"), token: token))
      let never = try await client.post(APIClient.body(amount: "5.01"), token: token)
      #expect(never.error?["message"]?.text?.contains("never") == true)
    }
  }

  @Test("A tenant's own limit refuses that tenant, and takes nothing from the others")
  func tenants() async throws {
    var api = try TestAPI()
    api.limit(daily: 10, tenant: 6)
    try await api.run { [api] client in
      client.expect(201, try await client.post(APIClient.body(amount: "6")))
      let refused = try await client.post(APIClient.body(amount: "1"))
      #expect(refused.code == "LUCID_ERR_2002")
      #expect(refused.details?["reason"]?.text == "tenant_daily_limit")
      let bob = TestTokens.token(subject: "bob")
      let full = try await client.post(APIClient.body(amount: "5"), token: bob)
      #expect(full.details?["reason"]?.text == "daily_limit")
      client.expect(201, try await client.post(APIClient.body(amount: "4"), token: bob))
      #expect(try counter(api).sum == 10_000_000)
    }
  }

  @Test("Of a hundred at once exactly those are admitted that fit")
  func concurrent() async throws {
    var api = try TestAPI()
    api.limit(daily: 10)
    try await api.run { [api] client in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<100 {
          group.addTask { try await client.post(APIClient.body(amount: "1")).status }
        }
        return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
      }
      #expect(statuses == [201: 10, 400: 90])
      #expect(api.store.payoutCount == 10)
      #expect(try counter(api).sum == 10_000_000)
    }
  }

  @Test("A batch is admitted whole or not at all")
  func batches() async throws {
    var api = try TestAPI()
    api.limit(daily: 10)
    let operatorToken = TestTokens.token(role: "node_operator")
    @Sendable func body(_ amounts: [Int]) -> String {
      let items = amounts.map {
        #"{"recipient_address":"\#(TestAPI.recipient)","amount_usdt":\#($0),"reason":"a"}"#
      }
      return #"{"payouts":[\#(items.joined(separator: ","))],"router_type":"PayoutRouterV0","#
        + #""batch_type":"IMMEDIATE"}"#
    }
    @Sendable func post(_ client: APIClient, _ amounts: [Int], key: String? = nil) async throws
      -> Answer
    {
      var headers: HTTPFields = [
        .contentType: "application/json", .authorization: "Bearer \(operatorToken)",
      ]
      if let key { headers[.idempotencyKey] = key }
      return try await client.call(
        .post, APIClient.payouts + "/batch", body(amounts), headers: headers)
    }
    try await api.run { [api] client in
      client.expect(201, try await post(client, [4, 4], key: "one"))
      let again = try await post(client, [4, 4], key: "one")
      client.expect(201, again)
      #expect(again.headers[.idempotencyReplayed] == "true")
      let refused = try await post(client, [1, 2])
      #expect(refused.code == "LUCID_ERR_2002")
      #expect(refused.details?["requested"] == .number("3.00"))
      client.expect(201, try await post(client, [1, 1]))
      #expect(api.store.payoutCount == 4)
      #expect(try counter(api).sum == 10_000_000)
    }
  }

  @Test("A replayed request gives back what it reserved")
  func replays() async throws {
    var api = try TestAPI()
    api.limit(daily: 100)
    try await api.run { [api] client in
      for _ in 0..<5 { client.expect(201, try await client.post(key: "k")) }
      #expect(try counter(api).sum == 5_500_000)
      #expect(api.store.payoutCount == 1)
    }
  }

  @Test("A repeated request gets its first answer although the limit is full by now")
  func repeatedWhenFull() async throws {
    var api = try TestAPI()
    api.limit(daily: 10)
    try await api.run { [api] client in
      let body = APIClient.body(amount: "10")
      let first = try await client.post(body, key: "k")
      client.expect(201, first)
      let again = try await client.post(body, key: "k")
      client.expect(201, again)
      #expect(again["payout_id"] == first["payout_id"])
      #expect(again.headers[.idempotencyReplayed] == "true")
      client.expect(422, try await client.post(APIClient.body(amount: "9"), key: "k"))
      client.expect(400, try await client.post(APIClient.body(amount: "9"), key: "other"))
      #expect(try counter(api).sum == 10_000_000)
    }
  }

  @Test("An insert in doubt stays pending, and counts; one that did not happen is given back")
  func doubt() async throws {
    var api = try TestAPI()
    api.limit(daily: 100)
    try await api.run { [api] client in
      let gone = StoreError(code: .unavailable, effect: .none, message: "away")
      api.store.state.withLock { $0.insertFaults = [(gone, isWritten: false)] }
      client.expect(503, try await client.post())
      #expect(try counter(api).sum == 0)
      let doubt = StoreError(code: .unavailable, effect: .inDoubt, message: "away")
      api.store.state.withLock {
        $0.insertFaults = Array(repeating: (doubt, isWritten: false), count: 3)
      }
      client.expect(503, try await client.post())
      let counter = try counter(api)
      #expect(counter.sum == 5_500_000 && counter.pending.count == 1)
    }
  }

  @Test("Usage of day and hour, and what remains, come from the counters")
  func usage() async throws {
    var api = try TestAPI()
    api.limit(daily: 100)
    try await api.run { [api] client in
      client.expect(201, try await client.post(APIClient.body(amount: "30")))
      let admin = TestTokens.token(role: "admin")
      let stats = try await client.get(
        "/api/payment/stats?router_type=PayoutRouterV0", token: admin)
      #expect(stats["daily_limit_usage"] == .number("30.00"))
      #expect(stats["hourly_limit_usage"] == .number("30.00"))
      _ = try await api.limits?.usage(at: api.clock.now())
      let health = try await client.get("/api/payment/health", token: nil)
      let breaker = health["checks"]?["circuit_breaker"]
      #expect(breaker?["daily_limit_remaining"] == .number("70.00"))
      api.clock.advance(seconds: 24 * 3600)
      let next = try await client.get("/api/payment/health", token: nil)
      #expect(
        next["checks"]?["circuit_breaker"]?["daily_limit_remaining"] == .number("100.00"))
    }
  }
}
