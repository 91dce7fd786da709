import HTTPTypes
import Payouts
import Service
import Testing
import Tron

@testable import PayoutAPI

@Suite("Routes")
struct RouteTests {
  private static let id = "payout_01kdv2g2h00000000000000000"

  @Test(
    "Every method and path leads to its own answer",
    arguments: [
      ("GET", "/", 404, "LUCID_ERR_2016"), ("GET", "", 404, "LUCID_ERR_2016"),
      ("GET", "/payout", 404, "LUCID_ERR_2016"), ("POST", "/payouts/", 404, "LUCID_ERR_2016"),
      ("POST", "//payouts", 404, "LUCID_ERR_2016"), ("POST", "/PAYOUTS", 404, "LUCID_ERR_2016"),
      ("POST", "/%70ayouts", 404, "LUCID_ERR_2016"), ("PUT", "/payouts", 405, "LUCID_ERR_2017"),
      ("DELETE", "/payouts/\(id)", 405, "LUCID_ERR_2017"),
      ("POST", "/payouts/\(id)", 405, "LUCID_ERR_2017"),
      ("GET", "/payouts/batch", 405, "LUCID_ERR_2017"), ("POST", "/health", 405, "LUCID_ERR_2017"),
      ("OPTIONS", "/payouts", 405, "LUCID_ERR_2017"), ("BREW", "/payouts", 405, "LUCID_ERR_2017"),
      ("GET", "/payouts/\(id)/x", 404, "LUCID_ERR_2016"),
      ("GET", "/payouts/batch/b/x", 404, "LUCID_ERR_2016"),
      ("GET", "/payouts/\(id)", 404, "LUCID_ERR_2005"),
      ("GET", "/payouts/nonsense", 404, "LUCID_ERR_2005"),
      ("GET", "/payouts/batch/batch_1", 404, "LUCID_ERR_2005"),
      ("GET", "/payouts/batch/\(id)", 404, "LUCID_ERR_2005"),
      ("GET", "/payouts/batch/", 404, "LUCID_ERR_2016"),
      ("POST", "/payouts/batch/", 404, "LUCID_ERR_2016"),
      ("GET", "/payouts/payout_01kdv2g2h0000000000000000u", 404, "LUCID_ERR_2005"),
      ("GET", "/payouts/..%2f..", 404, "LUCID_ERR_2005"),
    ] as [(String, String, Int, String)])
  func table(method: String, path: String, status: Int, code: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let method = try #require(HTTPRequest.Method(rawValue: method))
      let answer = try await client.call(
        method, "/api/payment\(path)", headers: [.authorization: "Bearer \(TestTokens.token())"])
      #expect(answer.status == status)
      #expect(answer.code == code)
      try expectEnvelope(answer)
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test("Outside the base path there is nothing", arguments: ["/", "/payouts", "/api", "/livez"])
  func outside(path: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.get(path)
      #expect(answer.code == "LUCID_ERR_2016")
    }
  }

  @Test("A wrong method is told the right ones")
  func allow() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answers = [
        try await client.call(.delete, "/api/payment/payouts"),
        try await client.call(.post, "/api/payment/payouts/\(Self.id)"),
        try await client.call(.get, "/api/payment/payouts/batch"),
      ]
      #expect(answers.map { $0.headers[.allow] } == ["POST, GET, HEAD", "GET, HEAD", "POST"])
    }
  }

  @Test("HEAD is GET without a body")
  func head() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.call(.head, "/api/payment/health")
      #expect(answer.status == 503)
      #expect(answer.text.isEmpty)
      #expect(answer.headers[.contentLength].flatMap { Int($0) } ?? 0 > 0)
    }
  }

  @Test("Errors come as RFC 9457 on request, with the same facts")
  func problem() async throws {
    let api = try TestAPI()
    try await api.run { client in
      for accept in [
        "application/problem+json", "application/json;q=0.5, application/Problem+JSON;q=1",
      ] {
        let answer = try await client.post(
          APIClient.body(amount: "0"), headers: [.accept: accept])
        #expect(answer.status == 400)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(answer["type"] == .string("urn:lucid:error:2012"))
        #expect(answer["title"] == .string("Invalid field"))
        #expect(answer["status"] == .number("400"))
        #expect(answer["code"] == .string("LUCID_ERR_2012"))
        #expect(answer["request_id"]?.text == answer.headers[.requestID])
        #expect(answer["details"]?["errors"] != nil)
      }
      let plain = try await client.post(APIClient.body(amount: "0"), headers: [.accept: "*/*"])
      try expectEnvelope(plain)
    }
  }

  @Test(
    "A sane X-Request-ID is kept, any other replaced",
    arguments: [
      ("abc-1.2_3", true), (String(repeating: "a", count: 128), true),
      (String(repeating: "a", count: 129), false), ("a b", false), ("a\"b", false), ("é", false),
    ])
  func requestID(id: String, isKept: Bool) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.get(
        "/api/payment/nothing", headers: [.requestID: id])
      let given = try #require(answer.headers[.requestID])
      #expect((given == id) == isKept)
      if !isKept { #expect(given.hasPrefix("req_")) }
    }
  }

  @Test("Metrics need the internal token")
  func metrics() async throws {
    let api = try TestAPI()
    api.health.ready("x")
    try await api.run { client in
      let path = "/api/payment/metrics"
      let refused = try await client.get(path, token: TestTokens.token(role: "admin"))
      #expect(refused.status == 401)
      #expect(refused.code == "LUCID_ERR_2011")
      let answer = try await client.get(
        path, token: nil, headers: [.internalToken: TestAPI.internalToken])
      #expect(answer.status == 200)
      #expect(answer.headers[.contentType]?.hasPrefix("text/plain") == true)
    }
  }

  @Test("Liveness and readiness stand beside health")
  func probes() async throws {
    let api = try TestAPI()
    api.health.notReady("store", "away")
    try await api.run { client in
      try await client.expect(200, client.get("/api/payment/livez", token: nil))
      try await client.expect(503, client.get("/api/payment/readyz", token: nil))
      api.health.ready("store")
      try await client.expect(200, client.get("/api/payment/readyz", token: nil))
    }
  }
}
