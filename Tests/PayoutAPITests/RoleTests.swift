import HTTPTypes
import Payouts
import Testing

@testable import PayoutAPI

@Suite("Roles")
struct RoleTests {
  @Test("Anybody with a role creates through V0", arguments: CallerRole.allCases)
  func createV0(role: CallerRole) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let token = TestTokens.token(role: role.rawValue)
      try await client.expect(201, client.post(token: token))
    }
  }

  @Test(
    "KYC needs a role, a node and a record, in this order",
    arguments: [
      (.endUser, #""n""#, 403, "LUCID_ERR_2010", "router_not_permitted"),
      (.nodeOperator, "null", 400, "LUCID_ERR_2004", "node_id_missing"),
      (.service, #""""#, 400, "LUCID_ERR_2004", "node_id_missing"),
      (.nodeOperator, #""n""#, 400, "LUCID_ERR_2004", "kyc_record_missing"),
      (.service, #""n""#, 400, "LUCID_ERR_2004", "kyc_record_missing"),
      (.admin, #""n""#, 400, "LUCID_ERR_2004", "kyc_record_missing"),
    ] as [(CallerRole, String, Int, String, String)])
  func createKYC(
    role: CallerRole, node: String, status: Int, code: String, reason: String
  ) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let body = APIClient.body(extra: #","node_id":\#(node)"#)
        .replacing("PayoutRouterV0", with: "PayoutRouterKYC")
      let answer = try await client.post(body, token: TestTokens.token(role: role.rawValue))
      #expect(answer.status == status)
      #expect(answer.code == code)
      #expect(answer.details?["reason"] == .string(reason))
      try expectEnvelope(answer)
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test("With a role, a node and a record KYC is created", arguments: CallerRole.allCases)
  func createdKYC(role: CallerRole) async throws {
    let api = try TestAPI()
    try api.addKYC()
    try await api.run { client in
      let answer = try await client.post(
        APIClient.kycPayout, token: TestTokens.token(role: role.rawValue))
      #expect(answer.status == (role == .endUser ? 403 : 201), "\(answer.text)")
    }
    #expect(api.store.payoutCount == (role == .endUser ? 0 : 1))
  }

  @Test("No role, or an unknown one, may do nothing", arguments: [nil, "root", "END_USER", ""])
  func noRole(role: String?) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let token = TestTokens.token(role: role)
      for answer in [
        try await client.post(token: token),
        try await client.get("\(APIClient.payouts)/x", token: token),
      ] {
        #expect(answer.status == 403)
        #expect(answer.code == "LUCID_ERR_2010")
        try expectEnvelope(answer)
      }
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test(
    "Everybody reads their own payouts, services and admins all; others' do not exist",
    arguments: [
      ("alice", .endUser, 200), ("alice", .nodeOperator, 200), ("bob", .endUser, 404),
      ("bob", .nodeOperator, 404), ("bob", .service, 200), ("bob", .admin, 200),
      ("ALICE", .endUser, 404), ("alic", .endUser, 404),
    ] as [(String, CallerRole, Int)])
  func read(tenant: String, role: CallerRole, status: Int) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let id = try #require(try await client.post()["payout_id"]?.text)
      let token = TestTokens.token(subject: tenant, role: role.rawValue)
      let answer = try await client.get("\(APIClient.payouts)/\(id)", token: token)
      #expect(answer.status == status)
      if status == 404 { #expect(answer.code == "LUCID_ERR_2005") }
    }
  }
}
