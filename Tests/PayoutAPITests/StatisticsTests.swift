import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Statistics")
struct StatisticsTests {
  private static let path = "/api/payment/stats"

  private func get(
    _ client: APIClient, _ query: String = "", subject: String = "ops", role: String = "admin"
  ) async throws -> Answer {
    // Valid for the day that some tests let pass.
    let claims = TestTokens.claims(subject: subject, role: role, expiresIn: 100_000)
    return try await client.get(Self.path + query, token: TestTokens.signed(claims: claims))
  }

  @Test("The members are exactly the specification's, in its order")
  func model() async throws {
    let api = try TestAPI()
    api.clock.advance(seconds: 16 * 3600)  // 2026-01-01T16:00:00Z
    try api.store(.paid, micro: 10_000_000, secondsAgo: 60, serial: 1)
    try api.store(.paid, micro: 5_000_000, secondsAgo: 0, serial: 2)
    try api.store(.failed, router: .kyc, micro: 20_000, secondsAgo: 7200, serial: 3)
    try await api.run { client in
      let answer = try await get(client)
      #expect(answer.status == 200)
      #expect(
        answer.text == #"{"period":"day","router_type":"all","total_payouts":3,"#
          + #""total_amount_usdt":15.02,"success_rate":66.67,"average_amount_usdt":5.01,"#
          + #""payouts_by_router":{"PayoutRouterV0":{"count":2,"amount_usdt":15.00},"#
          + #""PayoutRouterKYC":{"count":1,"amount_usdt":0.02}},"circuit_breaker_status":"closed","#
          + #""daily_limit_usage":15.00,"hourly_limit_usage":5.00,"#
          + #""generated_at":"2026-01-01T16:00:00.000Z"}"#)
      #expect(answer.headers[.contentType] == "application/json")
    }
  }

  @Test("Without payouts there is no rate and no average")
  func empty() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await get(client, "?period=month&router_type=PayoutRouterKYC")
      #expect(answer["router_type"]?.text == "PayoutRouterKYC")
      #expect(answer["total_payouts"] == .number("0"))
      #expect(answer["success_rate"] == .null)
      #expect(answer["average_amount_usdt"] == .null)
      #expect(
        answer["payouts_by_router"]
          == .object([
            JSONMember(
              "PayoutRouterKYC",
              .object([
                JSONMember("count", .number("0")), JSONMember("amount_usdt", .number("0.00")),
              ]))
          ]))
    }
  }

  @Test(
    "A period ends now and reaches back by its length",
    arguments: [
      ("hour", 3600), ("day", 24 * 3600), ("week", 7 * 24 * 3600), ("month", 30 * 24 * 3600),
    ] as [(String, Int64)])
  func periods(period: String, seconds: Int64) async throws {
    let api = try TestAPI()
    api.clock.advance(seconds: 1234)
    for (serial, age) in [0, seconds - 1, seconds, seconds + 1].enumerated() {
      try api.store(.paid, micro: 1_000_000, secondsAgo: age, serial: UInt64(serial))
    }
    try await api.run { client in
      // Again, from kept hours.
      for _ in 0..<2 {
        let answer = try await get(client, "?period=\(period)")
        #expect(answer["period"]?.text == period)
        #expect(answer["total_payouts"] == .number("3"))
      }
    }
  }

  @Test("Usage is of the calendar day and hour, of what is paid or may still be")
  func usage() async throws {
    let api = try TestAPI()
    api.clock.advance(seconds: 5 * 3600 + 600)  // 05:10
    var serial: UInt64 = 0
    for state in PayoutState.allCases {
      for secondsAgo in [60, 3600, 5 * 3600 + 601] as [Int64] {
        serial += 1
        try api.store(state, micro: 1_000_000, secondsAgo: secondsAgo, serial: serial)
      }
    }
    try await api.run { client in
      for period in StatisticsPeriod.allCases {
        let answer = try await get(client, "?period=\(period.rawValue)")
        // Accepted, scheduled, assigned and paid; within this day, and within this hour.
        #expect(answer["daily_limit_usage"] == .number("8.00"))
        #expect(answer["hourly_limit_usage"] == .number("4.00"))
        let kyc = try await get(client, "?period=\(period.rawValue)&router_type=PayoutRouterKYC")
        #expect(kyc["daily_limit_usage"] == .number("0.00"))
      }
    }
  }

  @Test(
    "Operators see their own payouts, services and admins all, users nothing",
    arguments: [
      ("alice", "node_operator", 200, "1"), ("carol", "node_operator", 200, "0"),
      ("alice", "service", 200, "3"), ("carol", "admin", 200, "3"), ("alice", "end_user", 403, ""),
    ])
  func roles(subject: String, role: String, status: Int, count: String) async throws {
    let api = try TestAPI()
    try api.store(tenant: "alice", serial: 1)
    try api.store(tenant: "bob", serial: 2)
    try api.store(tenant: "alice2", serial: 3)
    try await api.run { client in
      let answer = try await get(client, subject: subject, role: role)
      #expect(answer.status == status)
      if status == 200 {
        #expect(answer["total_payouts"] == .number(count))
      } else {
        #expect(answer.code == "LUCID_ERR_2010")
        #expect(answer.details?["reason"]?.text == "role_not_permitted")
        try expectEnvelope(answer)
      }
    }
  }

  @Test(
    "Every wrong parameter is told",
    arguments: [
      ("period=year", "period unknown_value"), ("period=Day", "period unknown_value"),
      ("period=", "period empty"), ("period=day&period=day", "period repeated"),
      ("router_type=all", "router_type unknown_value"), ("limit=5", "limit unknown_parameter"),
    ])
  func badParameter(query: String, fault: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await get(client, "?\(query)")
      #expect(answer.status == 400)
      #expect(answer.code == "LUCID_ERR_2012")
      #expect(answer.faults == [fault])
    }
  }

  @Test("What is too much for one request goes on with the next ones")
  func unfinished() async throws {
    let api = try TestAPI()
    try api.store(.paid, secondsAgo: 20 * 24 * 3600, serial: 1)
    // Adding up takes four seconds each time.
    api.store.state.withLock { $0.whenAdding = { api.clock.advance(seconds: 4) } }
    try await api.run { client in
      var refusals = 0
      while true {
        let answer = try await get(client, "?period=month")
        if answer.status == 200 {
          #expect(answer["total_payouts"] == .number("1"))
          break
        }
        refusals += 1
        #expect(answer.status == 503)
        #expect(answer.code == "LUCID_ERR_2022")
        #expect(answer.details?["reason"]?.text == "overloaded")
        #expect(answer.headers[.retryAfter] != nil)
        try #require(refusals < 60)
      }
      #expect(refusals > 0)
    }
  }

  @Test("A store that is away is said to be")
  func storeAway() async throws {
    let api = try TestAPI()
    api.store.state.withLock {
      $0.readFault = StoreError(code: .unavailable, effect: .none, message: "away")
    }
    try await api.run { client in
      let answer = try await get(client)
      #expect(answer.status == 503)
      #expect(answer.code == "LUCID_ERR_2022")
      #expect(answer.headers[.retryAfter] != nil)
    }
  }
}
