import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

extension TestAPI {
  /// Opens the breaker in the store, as another process would.
  func openBreaker(_ cause: Breaker.Cause) {
    let now = clock.now()
    store.state.withLock { state in
      state.breaker.state = .open
      state.breaker.cause = cause
      state.breaker.reason = "a secret reason"
      state.breaker.since = now
      state.breaker.rev += 1
    }
  }

  /// Records a recipient in the store.
  func addKYC(_ recipient: String = recipient, forSeconds seconds: Int64 = 600) throws {
    let record = KYCRecord(
      recipient: try TronAddress(base58: recipient), level: "full",
      expiresAt: clock.now().advanced(seconds: seconds),
      referenceHash: String(repeating: "a", count: 64), by: "op", at: clock.now())
    store.state.withLock { $0.kyc[record.recipient] = record }
  }

  var auditEntries: [AuditEntry] { store.state.withLock { $0.auditLog.flatMap(\.entries) } }
}

extension APIClient {
  static let admin = TestTokens.token(subject: "root", role: "admin")

  func postAdmin(
    _ path: String, _ body: String, token: String? = admin
  ) async throws -> Answer {
    var headers: HTTPFields = [.contentType: "application/json"]
    if let token { headers[.authorization] = "Bearer \(token)" }
    return try await call(.post, "/api/payment/admin/\(path)", body, headers: headers)
  }

  func getAdmin(_ path: String, token: String? = admin) async throws -> Answer {
    try await get("/api/payment/admin/\(path)", token: token)
  }

  static func kycBody(recipient: String = TestAPI.recipient) -> String {
    let hash = String(repeating: "0a", count: 32)
    return #"{"recipient_address":"\#(recipient)","level":"full","#
      + #""expires_at":"2027-01-01T00:00:00Z","reference_hash":"\#(hash)"}"#
  }

  static var kycPayout: String {
    body(extra: #","node_id":"n""#).replacing("PayoutRouterV0", with: "PayoutRouterKYC")
  }
}

@Suite("Administration")
struct AdminTests {
  private static let calls: [(method: HTTPRequest.Method, path: String, body: String?)] = [
    (.get, "breaker", nil), (.post, "breaker", #"{"action":"open","reason":"r"}"#),
    (.get, "kyc", nil), (.post, "kyc", APIClient.kycBody()),
    (.get, "kyc/\(TestAPI.recipient)", nil),
    (.post, "kyc/\(TestAPI.recipient)/revoke", #"{"reason":"r"}"#), (.get, "audit-log", nil),
  ]

  @Test("Administrators may everything; others nothing, and it is in the audit log")
  func roles() async throws {
    for role in CallerRole.allCases {
      let api = try TestAPI()
      try api.addKYC()
      try await api.run { client in
        let token = TestTokens.token(subject: "root", role: role.rawValue)
        for (method, path, body) in Self.calls {
          let answer =
            if method == .get {
              try await client.getAdmin(path, token: token)
            } else {
              try await client.postAdmin(path, body ?? "", token: token)
            }
          if role == .admin {
            #expect(answer.status == 200, "\(path): \(answer.text)")
          } else {
            #expect(answer.status == 403 && answer.code == "LUCID_ERR_2010", "\(role) \(path)")
            #expect(answer.details?["reason"] == .string("role_not_permitted"))
            try expectEnvelope(answer)
          }
        }
      }
      #expect(api.store.state.withLock { $0.breaker.state } == (role == .admin ? .open : .closed))
    }
  }

  @Test("Without credentials nobody comes so far")
  func anonymous() async throws {
    let api = try TestAPI()
    try await api.run { client in
      for (method, path, _) in Self.calls where method == .get {
        let answer = try await client.getAdmin(path, token: nil)
        #expect(answer.status == 401)
      }
    }
  }

  @Test("The breaker is opened and closed with a reason; both are in the log before the answer")
  func breaker() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let before = try await client.getAdmin("breaker")
      #expect(before["state"] == .string("closed"))
      #expect(before["since"] == .null && before["by"] == .null)
      let open = try await client.postAdmin("breaker", #"{"action":"open","reason":"why not"}"#)
      #expect(open["state"] == .string("open"))
      #expect(open["cause"] == .string("by_hand"))
      #expect(open["reason"] == .string("why not"))
      #expect(open["by"] == .string("root"))
      #expect(api.auditEntries.map(\.action) == ["open"])
      let entry = try #require(api.auditEntries.first)
      #expect(entry.actor.who == "root" && entry.actor.role == "admin")
      #expect(entry.actor.requestID != nil && entry.note == "why not")
      api.clock.advance(seconds: 2)
      #expect(try await client.post().code == "LUCID_ERR_2003")
      let again = try await client.postAdmin("breaker", #"{"action":"open","reason":"again"}"#)
      #expect(again["reason"] == .string("why not"), "it was open already")
      let closed = try await client.postAdmin("breaker", #"{"action":"close","reason":"fine"}"#)
      #expect(closed["state"] == .string("closed"))
      api.clock.advance(seconds: 2)
      #expect(try await client.post().status == 201)
    }
    #expect(api.auditEntries.filter { $0.kind == .breaker }.map(\.action) == ["open", "closed"])
  }

  @Test(
    "What is wrong with a change of the breaker is said",
    arguments: [
      (#"{"action":"open"}"#, "reason missing"), (#"{"reason":"r"}"#, "action missing"),
      (#"{"action":"shut","reason":"r"}"#, "action unknown_value"),
      (#"{"action":"open","reason":""}"#, "reason too_short"),
      (#"{"action":"open","reason":"a\u0007b"}"#, "reason not_printable"),
      (#"{"action":"open","reason":"r","force":true}"#, "force unknown_field"),
    ])
  func badBreaker(body: String, fault: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.postAdmin("breaker", body)
      #expect(answer.status == 400 && answer.code == "LUCID_ERR_2012")
      #expect(answer.faults == [fault])
    }
    #expect(api.auditEntries.isEmpty)
  }

  @Test("A change that the audit log cannot take is not acknowledged, and is written later")
  func unwritable() async throws {
    let api = try TestAPI()
    api.store.state.withLock {
      $0.auditFault = StoreError(code: .unavailable, effect: .inDoubt, message: "away")
    }
    let server = try await api.server()
    try await server.application.test(.router) { client in
      let client = APIClient(client: client)
      let answer = try await client.postAdmin("breaker", #"{"action":"open","reason":"r"}"#)
      #expect(answer.status == 503)
      #expect(api.auditEntries.isEmpty)
      api.store.state.withLock { $0.auditFault = nil }
      #expect(api.store.state.withLock { $0.breaker.unlogged != nil })
      api.clock.advance(seconds: 61)
      let repeated = try await client.postAdmin("breaker", #"{"action":"open","reason":"r"}"#)
      #expect(repeated.status == 200)
      #expect(api.auditEntries.map(\.action) == ["open"])
      #expect(api.store.state.withLock { $0.breaker.unlogged == nil })
    }
  }

  @Test("KYC records are added, read, listed and revoked")
  func kyc() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let missing = try await client.getAdmin("kyc/\(TestAPI.recipient)")
      #expect(missing.status == 404)
      #expect(missing.details?["resource"] == .string("kyc_record"))
      let added = try await client.postAdmin("kyc", APIClient.kycBody())
      #expect(added.status == 201)
      #expect(added["status"] == .string("active"))
      #expect(added["recorded_by"] == .string("root"))
      #expect(try await client.postAdmin("kyc", APIClient.kycBody()).status == 200)
      #expect(
        try await client.postAdmin("kyc", APIClient.kycBody(recipient: TestAPI.wallet)).status
          == 201)
      let page = try await client.getAdmin("kyc?limit=1")
      let next = try #require(page["next_after"]?.text)
      let last = try await client.getAdmin("kyc?limit=1&after=\(next)")
      #expect(last["next_after"] == .null)
      let revoked = try await client.postAdmin(
        "kyc/\(TestAPI.recipient)/revoke", #"{"reason":"moved"}"#)
      #expect(revoked["status"] == .string("revoked"))
      #expect(revoked["revocation_reason"] == .string("moved"))
      let unknown = try await client.postAdmin("kyc/nobody/revoke", #"{"reason":"moved"}"#)
      #expect(unknown.status == 404)
    }
    let actions = api.auditEntries.filter { $0.kind == .kyc }.map(\.action)
    #expect(actions == ["added", "added", "added", "revoked"])
  }

  @Test("The audit log is read by pages")
  func auditLog() async throws {
    let api = try TestAPI()
    try await api.run { client in
      for reason in ["one", "two", "three"] {
        _ = try await client.postAdmin("breaker", #"{"action":"open","reason":"\#(reason)"}"#)
        _ = try await client.postAdmin("breaker", #"{"action":"close","reason":"\#(reason)"}"#)
      }
      let page = try await client.getAdmin("audit-log?limit=4")
      guard case .array(let blocks)? = page["blocks"] else { return #expect(Bool(false)) }
      #expect(blocks.count == 4)
      #expect(page["next_after"] == .number("4"))
      let rest = try await client.getAdmin("audit-log?after=4")
      guard case .array(let last)? = rest["blocks"] else { return #expect(Bool(false)) }
      #expect(last.count == 2)
      #expect(last[0]["previous"] == blocks[3]["hash"])
      #expect(try await client.getAdmin("audit-log?limit=51").code == "LUCID_ERR_2012")
    }
  }
}

@Suite("What guards admission")
struct AdmissionGuardTests {
  @Test(
    "An open breaker refuses, says when to come back, and not why it is open",
    arguments: [(.byHand, "60", nil), (.foreignSpend, "60", nil), (.failureRate, "58", true)]
      as [(Breaker.Cause, String, Bool?)])
  func open(cause: Breaker.Cause, retryAfter: String, tellsWhen: Bool?) async throws {
    let api = try TestAPI()
    try await api.run { client in
      try await client.expect(201, client.post())
      api.openBreaker(cause)
      api.clock.advance(seconds: 2)
      let answer = try await client.post()
      #expect(answer.status == 400 && answer.code == "LUCID_ERR_2003")
      #expect(answer.headers[.retryAfter] == retryAfter)
      #expect(answer.details?["reason"] == .string("breaker_open"))
      for amount in ["limit", "used", "requested"] { #expect(answer.details?[amount] == .null) }
      #expect((answer.details?["available_at"] == .null) == (tellsWhen == nil))
      #expect(!answer.text.contains("secret") && !answer.text.contains(cause.rawValue))
      let statistics = try await client.get(
        "/api/payment/stats", token: TestTokens.token(role: "service"))
      #expect(statistics["circuit_breaker_status"] == .string("open"))
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("A half-open breaker admits")
  func halfOpen() async throws {
    let api = try TestAPI()
    api.store.state.withLock { $0.breaker.state = .halfOpen }
    try await api.run { client in try await client.expect(201, client.post()) }
  }

  @Test("A breaker that cannot be read admits nothing")
  func unreadable() async throws {
    let api = try TestAPI()
    try await api.run { client in
      try await client.expect(201, client.post())
      api.clock.advance(seconds: 2)
      api.store.state.withLock {
        $0.readFault = StoreError(code: .unavailable, effect: .none, message: "away")
      }
      #expect(try await client.post().status == 503)
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("A recipient with an active record is admitted, and held when it is revoked")
  func kyc() async throws {
    let api = try TestAPI()
    try api.addKYC()
    try await api.run { client in
      let token = TestTokens.token(role: "service")
      let created = try await client.post(APIClient.kycPayout, token: token)
      #expect(created.status == 201)
      let id = try #require(created["payout_id"]?.text)
      let path = "\(APIClient.payouts)/\(id)"
      #expect(try await client.get(path)["status_detail"] == .string("accepted"))
      _ = try await client.postAdmin("kyc/\(TestAPI.recipient)/revoke", #"{"reason":"r"}"#)
      let held = try await client.get(path)
      #expect(held["status"] == .string("pending"))
      #expect(held["status_detail"] == .string("held:kyc_record_revoked"))
      #expect(held["estimated_completion"] == .null)
      let list = try await client.get(APIClient.payouts)
      guard case .array(let payouts)? = list["payouts"] else { return #expect(Bool(false)) }
      #expect(payouts.first?["status_detail"] == .string("held:kyc_record_revoked"))
      let refused = try await client.post(APIClient.kycPayout, token: token)
      #expect(refused.code == "LUCID_ERR_2004")
      #expect(refused.details?["reason"] == .string("kyc_record_revoked"))
      _ = try await client.postAdmin("kyc", APIClient.kycBody())
      #expect(try await client.get(path)["status_detail"] == .string("accepted"))
    }
  }

  @Test("A record that has expired is no record")
  func expired() async throws {
    let api = try TestAPI()
    try api.addKYC(forSeconds: 0)
    try await api.run { client in
      let answer = try await client.post(
        APIClient.kycPayout, token: TestTokens.token(role: "service"))
      #expect(answer.details?["reason"] == .string("kyc_record_expired"))
    }
    #expect(api.store.payoutCount == 0)
  }
}

@Suite("What requests leave in the audit log")
struct AuditTrailTests {
  @Test("Payouts and batches that were created, and nothing of what they say")
  func admissions() async throws {
    let api = try TestAPI()
    let server = try await api.server()
    try await server.application.test(.router) { client in
      let client = APIClient(client: client)
      let payout = try await client.post(
        APIClient.body(extra: #","custom_data":{"pin":1234}"#), key: "k",
        headers: [.requestID: "call-1"])
      let batch = try await client.postBatch(token: TestTokens.token(role: "service"))
      _ = try await client.post("{")
      _ = try await client.post(
        APIClient.body(extra: #","custom_data":{"pin":1234}"#), key: "k")
      try await server.auditTrail.flush()
      let entries = api.auditEntries
      #expect(entries.map(\.kind) == [.admission, .admission])
      #expect(
        entries.map { $0.subjects.first } == [payout["payout_id"]?.text, batch["batch_id"]?.text])
      #expect(entries[0].actor.who == "alice" && entries[0].actor.role == "end_user")
      #expect(entries[0].actor.requestID == RequestID("call-1"))
      #expect(entries[0].actor.from != nil)
    }
    #expect(api.store.state.withLock { $0.auditLog.count } == 1, "both are in one block")
    #expect(!"\(api.auditEntries)".contains("1234"))
  }

  @Test("Refused authentication, counted by the minute, without the token")
  func refusals() async throws {
    let api = try TestAPI()
    let server = try await api.server()
    try await server.application.test(.router) { client in
      let client = APIClient(client: client)
      for _ in 0..<20 { _ = try await client.post(token: "not.a.token") }
      for _ in 0..<5 { _ = try await client.post(token: nil) }
      try await server.auditTrail.flush(isFinal: true)
      let entries = api.auditEntries
      #expect(entries.allSatisfy { $0.kind == .authenticationRefused })
      #expect(entries.map(\.count).sorted() == [5, 20])
      #expect(!"\(entries)".contains("not.a.token"))
      #expect(entries.contains { $0.note == "token_missing" })
    }
  }
}
