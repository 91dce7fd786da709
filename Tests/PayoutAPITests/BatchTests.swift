import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

extension APIClient {
  static let batches = "/api/payment/payouts/batch"

  /// An item of a batch.
  static func item(amount: String = "5.50", extra: String = "") -> String {
    #"{"recipient_address":"\#(TestAPI.recipient)","amount_usdt":\#(amount),"reason":"r"\#(extra)}"#
  }

  static func batch(
    _ items: [String] = [item(), item(amount: "3.25")],
    extra: String = #","batch_type":"IMMEDIATE""#
  ) -> String {
    #"{"payouts":[\#(items.joined(separator: ","))],"router_type":"PayoutRouterV0"\#(extra)}"#
  }

  func postBatch(
    _ body: String = batch(), token: String = TestTokens.token(role: "service"),
    key: String? = nil, headers extra: HTTPFields = [:]
  ) async throws -> Answer {
    var headers = extra
    headers[.contentType] = "application/json"
    headers[.authorization] = "Bearer \(token)"
    if let key { headers[.idempotencyKey] = key }
    return try await call(.post, Self.batches, body, headers: headers)
  }

  func getBatch(
    _ id: String, token: String = TestTokens.token(role: "service")
  ) async throws -> Answer {
    try await get("\(Self.batches)/\(id)", token: token)
  }
}

extension Answer {
  /// The ids of a batch's payouts.
  var payoutIDs: [PayoutID] {
    guard case .array(let ids)? = json["payout_ids"] else { return [] }
    return ids.compactMap { $0.text.map { PayoutID($0) } }
  }
}

@Suite("Batches")
struct BatchTests {
  @Test("A batch is accepted whole: stored, announced, readable, with the whole model")
  func created() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.postBatch(headers: [.requestID: "call-1"])
      #expect(answer.status == 201, "\(answer.text)")
      let id = try #require(answer["batch_id"]?.text)
      #expect(BatchID(clientText: id) != nil)
      #expect(answer.headers[.location] == "/api/payment/payouts/batch/\(id)")
      let ids = answer.payoutIDs
      #expect(ids.count == 2)
      #expect(
        answer.text == #"{"batch_id":"\#(id)","status":"processing","total_payouts":2,"#
          + #""completed_payouts":0,"failed_payouts":0,"pending_payouts":2,"#
          + #""cancelled_payouts":0,"total_amount_usdt":8.75,"completed_amount_usdt":0.00,"#
          + #""router_type":"PayoutRouterV0","priority":"NORMAL","batch_type":"IMMEDIATE","#
          + #""payout_ids":["\#(ids[0])","\#(ids[1])"],"#
          + #""estimated_completion":"2026-01-01T00:01:30.000Z","#
          + #""created_at":"2026-01-01T00:00:00.000Z","request_id":"call-1"}"#)
      #expect(try await client.getBatch(id).text == answer.text)
      for payout in ids {
        let read = try await client.get(
          "\(APIClient.payouts)/\(payout)", token: TestTokens.token(role: "service"))
        #expect(read["batch_id"]?.text == id)
        #expect(read["status_detail"]?.text == "accepted")
      }
      let announced = try api.log.records.map { try #require(PayoutID($0.key) as PayoutID?) }
      #expect(announced == ids)
      let stored = api.store.state.withLock { $0.payouts }
      #expect(stored.values.allSatisfy { $0.state == .accepted && $0.rev == 1 })
    }
  }

  @Test("The counts add up and the status follows from the payouts")
  func counts() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let items = (1...5).map { APIClient.item(amount: "\($0)") }
      let created = try await client.postBatch(APIClient.batch(items))
      let id = try #require(created["batch_id"]?.text)
      let ids = created.payoutIDs
      api.store.state.withLock { state in
        for (payout, end) in zip(ids, [PayoutState.paid, .failed, .cancelled, .assigned]) {
          state.payouts[payout]?.state = end
        }
      }
      let view = try await client.getBatch(id)
      let counts = ["completed", "failed", "cancelled", "pending"].map {
        view["\($0)_payouts"]
      }
      #expect(counts == [.number("1"), .number("1"), .number("1"), .number("2")])
      #expect(view["completed_amount_usdt"] == .number("1.00"))
      #expect(view["status"] == .string("processing"))
      api.store.state.withLock { state in
        for payout in ids[3...] { state.payouts[payout]?.state = .paid }
      }
      let done = try await client.getBatch(id)
      #expect(done["status"] == .string("partially_failed"))
      #expect(done["completed_amount_usdt"] == .number("10.00"))
    }
  }

  @Test(
    "What is wrong with the batch itself",
    arguments: [
      (APIClient.batch(extra: #","batch_type":"YEARLY""#), "batch_type unknown_value"),
      (APIClient.batch([]), "payouts too_short"),
      (
        APIClient.batch(Array(repeating: APIClient.item(), count: 101)), "payouts too_long"
      ),
      (#"{"router_type":"PayoutRouterV0","batch_type":"IMMEDIATE"}"#, "payouts missing"),
      (
        #"{"payouts":{},"router_type":"PayoutRouterV0","batch_type":"IMMEDIATE"}"#,
        "payouts wrong_type"
      ),
      (APIClient.batch(extra: #","batch_type":"IMMEDIATE","x":1"#), "x unknown_field"),
    ])
  func batchFaults(body: String, fault: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.postBatch(body)
      #expect(answer.status == 400)
      #expect(answer.code == "LUCID_ERR_2012")
      #expect(answer.faults == [fault])
      try expectEnvelope(answer)
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test(
    "All payouts of a batch belong to one window, the next full hour unless another is asked for")
  func windows() async throws {
    let api = try TestAPI()
    try await api.run { client in
      for (extra, type) in [("", BatchType.hourly), (#","batch_type":"WEEKLY""#, .weekly)] {
        let created = try await client.postBatch(
          APIClient.batch([APIClient.item(), APIClient.item()], extra: extra))
        #expect(created.status == 201)
        let payouts = api.store.state.withLock { state in
          state.payouts.values.filter { $0.request.batchType == type }
        }
        let instant = try #require(payouts.first).createdAt
        let window = try #require(WindowCalendar.utc.window(type, at: instant))
        #expect(payouts.count == 2)
        #expect(payouts.allSatisfy { $0.windowID == window && $0.state == .scheduled })
        #expect(
          created["estimated_completion"]
            == .string(window.end.advanced(seconds: 90).iso8601))
      }
    }
  }

  @Test("Who is behind the chain puts nothing into a window that the chain's time has closed")
  func windowOfAClockThatIsBehind() async throws {
    let api = try TestAPI()
    // The clock stands at the full hour; the chain is an hour and a minute further.
    let chainTime = api.clock.now().advanced(seconds: 3660)
    let head = try ChainHead.seen(at: chainTime)
    api.store.state.withLock { $0.head = head }
    try await api.facts.refresh()
    try await api.run { client in
      let items = [APIClient.item(), APIClient.item()]
      try await client.expect(201, client.postBatch(APIClient.batch(items, extra: "")))
      try await client.expect(201, client.post(APIClient.body(extra: #","batch_type":"HOURLY""#)))
    }
    let payouts = api.store.state.withLock { Array($0.payouts.values) }
    #expect(payouts.count == 3)
    #expect(
      payouts.allSatisfy { $0.windowID == WindowCalendar.utc.window(.hourly, at: chainTime) })
    #expect(payouts.allSatisfy { $0.createdAt == api.clock.now() })
  }

  @Test("Every bad item is reported with its index, and one refuses all")
  func itemFaults() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.postBatch(
        APIClient.batch([
          APIClient.item(extra: #","client_reference":"same""#),
          APIClient.item(amount: "0", extra: #","router_type":"PayoutRouterV0""#),
          "7", APIClient.item(extra: #","client_reference":"same","custom_data":[]"#),
          APIClient.item(),
        ]))
      #expect(answer.status == 400)
      #expect(answer.code == "LUCID_ERR_2012")
      #expect(
        answer.faults == [
          "amount_usdt too_small", "router_type unknown_field", "payouts wrong_type",
          "custom_data wrong_type", "client_reference duplicate",
        ])
      guard case .array(let errors)? = answer.details?["errors"] else { return }
      #expect(errors.map { $0["index"] } == ["1", "1", "2", "3", "3"].map { .number($0) })
    }
    #expect(api.store.payoutCount == 0)
    #expect(api.log.records.isEmpty)
  }

  @Test("A hundred bad items are all reported")
  func hundredFaults() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let items = Array(repeating: APIClient.item(amount: "0"), count: 100)
      let answer = try await client.postBatch(APIClient.batch(items))
      #expect(answer.faults.count == 100)
    }
  }

  @Test("A bad address makes the refusal 2001, as it does for one payout")
  func addressCode() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let bad = APIClient.item().replacing(TestAPI.recipient, with: TestAPI.contract)
      let answer = try await client.postBatch(
        APIClient.batch([APIClient.item(amount: "0"), bad]))
      #expect(answer.code == "LUCID_ERR_2001")
      #expect(answer.details?["reason"] == .string("usdt_contract"))
    }
  }

  @Test("A hundred payouts are one batch, and one append")
  func hundred() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let items = (1...100).map { APIClient.item(amount: "\($0)") }
      let answer = try await client.postBatch(APIClient.batch(items))
      #expect(answer.status == 201)
      #expect(answer["total_amount_usdt"] == .number("5050.00"))
    }
    #expect(api.store.payoutCount == 100)
    #expect(api.log.calls == 1)
  }

  @Test("Only who may create batches does", arguments: CallerRole.allCases)
  func roles(role: CallerRole) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.postBatch(token: TestTokens.token(role: role.rawValue))
      #expect(answer.status == (role == .endUser ? 403 : 201))
      if role == .endUser {
        #expect(answer.code == "LUCID_ERR_2010")
        #expect(answer.details?["reason"] == .string("batch_not_permitted"))
      }
    }
  }

  @Test("KYC needs a node and a record for every item")
  func kyc() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let items = [APIClient.item(extra: #","node_id":"n""#), APIClient.item()]
      let body = APIClient.batch(items).replacing("PayoutRouterV0", with: "PayoutRouterKYC")
      let answer = try await client.postBatch(body)
      #expect(answer.status == 400)
      #expect(answer.code == "LUCID_ERR_2004")
      #expect(
        answer.faults == ["recipient_address kyc_record_missing", "node_id node_id_missing"])
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test(
    "A batch is read by its owner, services and admins; for others it does not exist",
    arguments: [
      ("alice", .nodeOperator, 200), ("bob", .nodeOperator, 404), ("bob", .endUser, 404),
      ("bob", .service, 200), ("bob", .admin, 200), ("alice", .endUser, 200),
    ] as [(String, CallerRole, Int)])
  func read(tenant: String, role: CallerRole, status: Int) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let created = try await client.postBatch(token: TestTokens.token(role: "node_operator"))
      let id = try #require(created["batch_id"]?.text)
      let answer = try await client.getBatch(
        id, token: TestTokens.token(subject: tenant, role: role.rawValue))
      #expect(answer.status == status)
      if status == 404 {
        #expect(answer.code == "LUCID_ERR_2005")
        #expect(answer.details?["resource"] == .string("batch"))
        try expectEnvelope(answer)
      }
    }
  }
}
