import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Batches: keys, references and failures")
struct BatchIdempotencyTests {
  private static func referring(_ reference: String) -> String {
    APIClient.item(extra: #","client_reference":"\#(reference)""#)
  }

  @Test("The same key and body give the first answer again, whatever became of the batch")
  func replayed() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let first = try await client.postBatch(key: "k")
      api.store.state.withLock { state in
        for id in first.payoutIDs { state.payouts[id]?.state = .paid }
      }
      api.clock.advance(seconds: 100)
      let again = try await client.postBatch(key: "k")
      #expect(again.status == 201)
      #expect(again.text == first.text)
      #expect(again.headers[.idempotencyReplayed] == "true")
      #expect(again.headers[.location] == first.headers[.location])
    }
    #expect(api.store.payoutCount == 2)
    #expect(api.log.records.count == 2)
  }

  @Test("A repetition gets the first answer although its caller may not create batches any more")
  func roleTakenAway() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let first = try await client.postBatch(key: "k")
      let token = TestTokens.token(role: "end_user")
      let again = try await client.postBatch(token: token, key: "k")
      #expect(again.status == 201)
      #expect(again.text == first.text)
      #expect(again.headers[.idempotencyReplayed] == "true")
      for answer in [
        try await client.postBatch(token: token, key: "another"),
        try await client.postBatch(token: token),
      ] {
        #expect(answer.code == "LUCID_ERR_2010")
      }
    }
    #expect(api.store.payoutCount == 2)
  }

  @Test("While the first request runs, nothing that holds by now refuses the same one")
  func refusedMeanwhile() async throws {
    let api = try TestAPI()
    try await api.run { client in
      api.store.pause()
      async let first = client.postBatch(key: "k")
      try await eventually("the first is under way") { api.store.pausedCount == 1 }
      api.openBreaker(.byHand)
      api.clock.advance(seconds: 2)
      #expect(try await client.postBatch(key: "other").code == "LUCID_ERR_2003")
      let same = try await client.postBatch(key: "k")
      #expect(same.code == "LUCID_ERR_2019", "\(same.text)")
      api.store.resume()
      #expect(try await first.status == 201)
      #expect(try await client.postBatch(key: "k").headers[.idempotencyReplayed] == "true")
    }
    #expect(api.store.payoutCount == 2)
  }

  @Test("A key of another body, or of the other route, is a conflict and changes nothing")
  func otherBody() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let token = TestTokens.token(role: "service")
      try await client.expect(201, client.postBatch(key: "batch"))
      try await client.expect(201, client.post(token: token, key: "single"))
      for answer in [
        try await client.postBatch(APIClient.batch([APIClient.item()]), key: "batch"),
        try await client.postBatch(key: "single"),
        try await client.post(token: token, key: "batch"),
      ] {
        #expect(answer.status == 422)
        #expect(answer.details?["reason"] == .string("key_reused"))
      }
    }
    #expect(api.store.payoutCount == 3)
  }

  @Test("A used reference refuses the batch and names item and payout; nothing is left of it")
  func reference() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let token = TestTokens.token(role: "service")
      let single = try await client.post(
        APIClient.body(extra: #","client_reference":"used""#), token: token)
      let body = APIClient.batch([Self.referring("new"), Self.referring("used")])
      let answer = try await client.postBatch(body, key: "k")
      #expect(answer.status == 422)
      #expect(answer.code == "LUCID_ERR_2018")
      #expect(answer.details?["reason"] == .string("client_reference_used"))
      #expect(answer.details?["index"] == .number("1"))
      #expect(answer.details?["payout_id"] == single["payout_id"])
      #expect(api.store.payoutCount == 1)
      // Neither its key nor its other reference is used up.
      let other = APIClient.batch([Self.referring("new")])
      try await client.expect(201, client.postBatch(other, key: "k"))
    }
  }

  @Test("What an undecided batch holds is not decided: come back", arguments: [true, false])
  func undecided(isBatch: Bool) async throws {
    let api = try TestAPI()
    try await api.run { client in
      api.store.state.withLock { state in
        for call in [BatchCall.decide, .discard] {
          state.batchFaults[call] = (Self.away, isWritten: false)
        }
      }
      let body = APIClient.batch([Self.referring("r")])
      try await client.expect(503, client.postBatch(body, key: "k"))
      #expect(api.store.state.withLock { $0.payouts.values.map(\.state) } == [.prepared])
      let again = try await client.postBatch(body, key: "k")
      #expect(again.status == 409)
      #expect(again.code == "LUCID_ERR_2019")
      #expect(again.headers[.retryAfter] == "1")
      let other =
        isBatch
        ? try await client.postBatch(body, key: "other")
        : try await client.post(
          APIClient.body(extra: #","client_reference":"r""#),
          token: TestTokens.token(role: "service"))
      #expect(other.status == 409)
      #expect(other.details?["reason"] == .string("client_reference_undecided"))
      let prepared = try #require(api.store.state.withLock { $0.payouts.keys.first })
      let hidden = try await client.get(
        "\(APIClient.payouts)/\(prepared)", token: TestTokens.token(role: "service"))
      #expect(hidden.status == 404)
    }
    #expect(api.log.records.isEmpty)
  }

  @Test("Fifty simultaneous requests with one key on two servers make one batch")
  func fifty() async throws {
    let api = try TestAPI()
    let body = APIClient.batch([Self.referring("a"), Self.referring("b")])
    try await api.run { one in
      try await api.run { two in
        try await withThrowingTaskGroup(of: Answer.self) { group in
          for turn in 0..<50 {
            group.addTask { try await (turn % 2 == 0 ? one : two).postBatch(body, key: "k") }
          }
          var bodies: Set<String> = []
          for try await answer in group {
            #expect(answer.status == 201 || answer.status == 409, "\(answer.text)")
            if answer.status == 201 { bodies.insert(answer.text) }
          }
          #expect(bodies.count == 1)
        }
      }
    }
    #expect(api.store.payoutCount == 2)
    #expect(api.log.records.count == 2)
  }

  @Test("While the first runs, the same is told to come back and a payout with its key conflicts")
  func inProgress() async throws {
    let api = try TestAPI()
    try await api.run { client in
      api.store.pause()
      async let first = client.postBatch(key: "k")
      try await eventually("the first is under way") { api.store.pausedCount == 1 }
      try await client.expect(409, client.postBatch(key: "k"))
      try await client.expect(
        422, client.post(token: TestTokens.token(role: "service"), key: "k"))
      api.store.resume()
      #expect(try await first.status == 201)
    }
  }

  private static let away = StoreError(code: .unavailable, effect: .none, message: "away")
  private static let doubt = StoreError(code: .unavailable, effect: .inDoubt, message: "lost")

  @Test(
    "A store that fails while preparing or deciding leaves nothing accepted",
    arguments: [BatchCall.prepare, .decide])
  func away(call: BatchCall) async throws {
    let api = try TestAPI()
    try await api.run { client in
      api.store.state.withLock { $0.batchFaults[call] = (Self.away, isWritten: false) }
      let answer = try await client.postBatch()
      #expect(answer.status == 503)
      #expect(answer.code == "LUCID_ERR_2022")
      #expect(answer.headers[.retryAfter] == "1")
    }
    let states = api.store.state.withLock { $0.payouts.values.map(\.state) }
    #expect(states.allSatisfy { $0 == .prepared })
    #expect(api.log.records.isEmpty)
  }

  @Test(
    "A write in doubt is repeated, whether it happened or not",
    arguments: [BatchCall.prepare, .decide, .admit], [true, false])
  func inDoubt(call: BatchCall, isWritten: Bool) async throws {
    let api = try TestAPI()
    try await api.run { client in
      api.store.state.withLock { $0.batchFaults[call] = (Self.doubt, isWritten: isWritten) }
      try await client.expect(201, client.postBatch())
    }
    #expect(api.store.payoutCount == 2)
    #expect(api.log.records.count == 2)
  }

  @Test("A committed batch is accepted even if its payouts cannot be admitted at once")
  func admissionFails() async throws {
    let api = try TestAPI()
    let unreachable = StoreError(code: .unavailable, effect: .none, message: "test")
    try await api.run { client in
      api.store.state.withLock { $0.batchFaults[.admit] = (unreachable, isWritten: false) }
      let answer = try await client.postBatch(key: "k")
      #expect(answer.status == 201)
      let id = try #require(answer["batch_id"]?.text)
      #expect(try await client.getBatch(id)["pending_payouts"] == .number("2"))
      // Each payout is accepted too, although a sweep has yet to admit it.
      guard case .array(let payouts)? = answer["payout_ids"] else {
        Issue.record("no payout_ids: \(answer.text)")
        return
      }
      #expect(payouts.count == 2)
      for payout in payouts.compactMap(\.text) {
        let read = try await client.get("\(APIClient.payouts)/\(payout)")
        #expect(read["status"] == .string("pending"))
      }
      let again = try await client.postBatch(key: "k")
      #expect(again.text == answer.text)
    }
    #expect(api.log.records.isEmpty)
  }
}
