import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Idempotency")
struct IdempotencyTests {
  @Test("The same key and body give the first answer again, whatever became of the payout")
  func replayed() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let first = try await client.post(key: "k1", headers: [.requestID: "first"])
      let id = PayoutID(try #require(first["payout_id"]?.text))
      api.store.state.withLock { $0.payouts[id]?.state = .assigned }
      api.clock.advance(seconds: 100)
      let again = try await client.post(key: "k1", headers: [.requestID: "again"])
      #expect(again.status == 201)
      #expect(again.text == first.text)
      #expect(again.headers[.idempotencyReplayed] == "true")
      #expect(again.headers[.location] == first.headers[.location])
      #expect(again.headers[.requestID] == "again")
    }
    #expect(api.store.payoutCount == 1)
    #expect(api.log.records.count == 1)
  }

  @Test("A body that differs only in spelling of spaces, escapes and order is the same")
  func sameValue() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let one =
        #"{"recipient_address":"\#(TestAPI.recipient)","amount_usdt":5.5,"#
        + #""reason":"é","router_type":"PayoutRouterV0"}"#
      let other =
        #"{ "router_type":"PayoutRouterV0", "reason":"\u00E9", "amount_usdt":5.5,"#
        + "\n" + #""recipient_address" : "\#(TestAPI.recipient)"}"#
      try await client.expect(201, client.post(one, key: "k"))
      #expect(try await client.post(other, key: "k").headers[.idempotencyReplayed] == "true")
    }
  }

  @Test(
    "The same key with another body is a conflict and changes nothing",
    arguments: [
      APIClient.body(amount: "5.51"), APIClient.body(amount: "5.5"),
      APIClient.body(extra: #","priority":"NORMAL""#),
    ])
  func otherBody(body: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      try await client.expect(201, client.post(key: "k"))
      let answer = try await client.post(body, key: "k")
      #expect(answer.status == 422)
      #expect(answer.code == "LUCID_ERR_2018")
      #expect(answer.details?["reason"] == .string("key_reused"))
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("A repetition gets the first answer although its recipient is refused today")
  func recipientRefusedToday() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let first = try await client.post(key: "k")
      let recipient = try TronAddress(base58: TestAPI.recipient)
      api.store.state.withLock { state in
        state.wallets.append(Wallet(address: recipient, routers: [.kyc], updatedAt: .init(0)))
      }
      try await api.facts.refresh()
      let other = try await client.post(key: "another")
      #expect(other.code == "LUCID_ERR_2001")
      let again = try await client.post(key: "k")
      #expect(again.status == 201)
      #expect(again.text == first.text)
      #expect(again.headers[.idempotencyReplayed] == "true")
      let changed = try await client.post(APIClient.body(amount: "5.51"), key: "k")
      #expect(changed.details?["reason"] == .string("key_reused"))
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("Keys and references belong to the tenant")
  func perTenant() async throws {
    let api = try TestAPI()
    try await api.run { client in
      for tenant in ["alice", "bob"] {
        let answer = try await client.post(
          APIClient.body(extra: #","client_reference":"r""#),
          token: TestTokens.token(subject: tenant), key: "k")
        #expect(answer.status == 201)
        #expect(answer.headers[.idempotencyReplayed] == nil)
      }
    }
    #expect(api.store.payoutCount == 2)
  }

  @Test("Without a key every request is a new payout")
  func noKey() async throws {
    let api = try TestAPI()
    try await api.run { client in
      for _ in 0..<3 { try await client.expect(201, client.post()) }
    }
    #expect(api.store.payoutCount == 3)
  }

  @Test("A client reference is used once, with no key or another one", arguments: [nil, "other"])
  func reference(key: String?) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let body = APIClient.body(extra: #","client_reference":"invoice 7""#)
      let first = try await client.post(body, key: "k")
      let answer = try await client.post(body, key: key)
      #expect(answer.status == 422)
      #expect(answer.code == "LUCID_ERR_2018")
      #expect(answer.details?["reason"] == .string("client_reference_used"))
      #expect(answer.details?["payout_id"] == first["payout_id"])
      let again = try await client.post(body, key: "k")
      #expect(again.text == first.text)
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("While the first request runs, the same one is told to come back, another is a conflict")
  func inProgress() async throws {
    let api = try TestAPI()
    try await api.run { client in
      api.store.pause()
      async let first = client.post(key: "k")
      try await eventually("the first insert is under way") { api.store.pausedCount == 1 }
      let same = try await client.post(key: "k")
      #expect(same.status == 409)
      #expect(same.code == "LUCID_ERR_2019")
      #expect(same.headers[.retryAfter] == "1")
      let other = try await client.post(APIClient.body(amount: "7"), key: "k")
      #expect(other.status == 422)
      api.store.resume()
      #expect(try await first.status == 201)
      #expect(try await client.post(key: "k").headers[.idempotencyReplayed] == "true")
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("While the first request runs, nothing that holds by now refuses the same one")
  func refusedMeanwhile() async throws {
    let api = try TestAPI()
    try await api.run { client in
      api.store.pause()
      async let first = client.post(key: "k")
      try await eventually("the first insert is under way") { api.store.pausedCount == 1 }
      api.openBreaker(.byHand)
      api.clock.advance(seconds: 2)
      #expect(try await client.post(key: "other").code == "LUCID_ERR_2003")
      let same = try await client.post(key: "k")
      #expect(same.code == "LUCID_ERR_2019", "\(same.text)")
      api.store.resume()
      #expect(try await first.status == 201)
      #expect(try await client.post(key: "k").headers[.idempotencyReplayed] == "true")
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("Fifty simultaneous requests with one key make one payout")
  func fifty() async throws {
    let api = try TestAPI()
    try await api.run { client in
      try await withThrowingTaskGroup(of: Answer.self) { group in
        for _ in 0..<50 { group.addTask { try await client.post(key: "k") } }
        var bodies: Set<String> = []
        for try await answer in group {
          #expect(answer.status == 201 || answer.status == 409)
          if answer.status == 201 { bodies.insert(answer.text) }
        }
        #expect(bodies.count == 1)
      }
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("A refused request does not use its key up")
  func refusedFirst() async throws {
    let api = try TestAPI()
    try await api.run { client in
      try await client.expect(400, client.post(APIClient.body(amount: "0"), key: "k"))
      try await client.expect(201, client.post(key: "k"))
    }
  }
}
