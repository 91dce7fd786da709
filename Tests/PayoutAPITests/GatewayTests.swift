import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Gateway headers")
struct GatewayTests {
  private static func headers(
    token: String? = TestAPI.internalToken, user: String? = "carol", role: String? = "end_user"
  ) -> HTTPFields {
    var headers: HTTPFields = [:]
    headers[.internalToken] = token
    headers[.userID] = user
    headers[.userRole] = role
    return headers
  }

  @Test("With the internal token they say who calls")
  func trusted() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.post(token: nil, headers: Self.headers())
      #expect(answer.status == 201)
    }
    #expect(api.store.state.withLock { $0.payouts.values.first?.tenant.text } == "carol")
  }

  @Test("They outrank a bearer token that the gateway passes on")
  func outranks() async throws {
    let api = try TestAPI()
    try await api.run { client in
      try await client.expect(201, client.post(headers: Self.headers()))
    }
    #expect(api.store.state.withLock { $0.payouts.values.first?.tenant.text } == "carol")
  }

  @Test("Without the internal token they mean nothing")
  func spoofed() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let headers = Self.headers(token: nil, user: "victim", role: "admin")
      let answer = try await client.post(token: nil, headers: headers)
      #expect(answer.status == 401)
      try await client.expect(201, client.post(headers: headers))
    }
    #expect(api.store.state.withLock { $0.payouts.values.map(\.tenant.text) } == ["alice"])
  }

  @Test(
    "A wrong internal token is refused, whatever else comes",
    arguments: ["", "x", "the gateway's own secreT"])
  func wrong(token: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.post(headers: Self.headers(token: token))
      #expect(answer.status == 401)
      #expect(answer.details?["reason"] == .string("internal_token_wrong"))
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test("When no internal token is configured, none is right")
  func notConfigured() async throws {
    var api = try TestAPI()
    api.credentials.internalToken = nil
    try await api.run { client in
      try await client.expect(401, client.post(token: nil, headers: Self.headers()))
      try await client.expect(401, client.get("/api/payment/metrics", headers: Self.headers()))
    }
  }

  @Test("A user is needed, and one role that we know")
  func incomplete() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let noUser = try await client.post(token: nil, headers: Self.headers(user: nil))
      #expect(noUser.status == 401)
      for role in [nil, "root", ""] {
        let answer = try await client.post(token: nil, headers: Self.headers(role: role))
        #expect(answer.status == 403)
        #expect(answer.code == "LUCID_ERR_2010")
      }
    }
    #expect(api.store.payoutCount == 0)
  }
}
