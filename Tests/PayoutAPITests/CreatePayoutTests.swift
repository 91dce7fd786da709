import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Creating a payout")
struct CreatePayoutTests {
  @Test("A valid request is stored, announced and answered in full")
  func created() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.post(
        APIClient.body(
          extra: #","priority":"HIGH","session_id":"s1","node_id":"n1","#
            + #""custom_data":{"b": 1.50, "a": [ "\u00e9" ]},"client_reference":"ref-1""#),
        headers: [.requestID: "call-1", .traceparent: traceparent])
      #expect(answer.status == 201)
      let id = try #require(answer["payout_id"]?.text)
      #expect(answer.headers[.location] == "/api/payment/payouts/\(id)")
      #expect(answer.headers[.requestID] == "call-1")
      #expect(answer.headers[.idempotencyReplayed] == nil)
      #expect(
        answer.text == #"{"payout_id":"\#(id)","status":"pending","#
          + #""recipient_address":"TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL","amount_usdt":5.50,"#
          + #""reason":"a reason","router_type":"PayoutRouterV0","priority":"HIGH","#
          + #""batch_type":"IMMEDIATE","batch_id":null,"session_id":"s1","node_id":"n1","#
          + #""custom_data":{"b":1.50,"a":["é"]},"client_reference":"ref-1","txid":null,"#
          + #""confirmations":null,"block_number":null,"block_timestamp":null,"fee_trx":null,"#
          + #""estimated_completion":"2026-01-01T00:01:30.000Z","#
          + #""created_at":"2026-01-01T00:00:00.000Z","confirmed_at":null,"#
          + #""request_id":"call-1","status_detail":"accepted","failure":null}"#)
      let read = try await client.get("\(APIClient.payouts)/\(id)")
      #expect(read.status == 200)
      #expect(read.json == answer.json)
    }
    let record = try #require(api.log.records.first)
    #expect(api.log.records.count == 1)
    #expect(record.topic == .requested)
    let sent = try #require(record.headers.first { $0.name == "traceparent" }?.value)
    #expect(sent.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-"))
    #expect(sent != traceparent)
    #expect(sent.hasSuffix("-01"))
  }

  private let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  @Test(
    "Amounts are exact, as number or as string",
    arguments: [
      ("5.50", 5_500_000, "5.50"), ("5.5", 5_500_000, "5.50"), ("5.500", 5_500_000, "5.50"),
      ("0.01", 10_000, "0.01"), ("10000", 10_000_000_000, "10000.00"),
      ("10000.00", 10_000_000_000, "10000.00"), (#""8.34""#, 8_340_000, "8.34"),
      ("1", 1_000_000, "1.00"), ("0.10", 100_000, "0.10"), ("4.35", 4_350_000, "4.35"),
      ("9999.9900000000000000000000", 9_999_990_000, "9999.99"),
    ] as [(String, Int64, String)])
  func amounts(text: String, micro: Int64, written: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.post(APIClient.body(amount: text))
      #expect(answer.status == 201)
      #expect(answer["amount_usdt"] == .number(written))
    }
    #expect(api.store.state.withLock { $0.payouts.values.map(\.request.amount.micro) } == [micro])
  }

  @Test("Null stands for an absent optional field")
  func nulls() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.post(
        APIClient.body(
          extra: #","session_id":null,"node_id":null,"custom_data":null,"client_reference":null"#))
      #expect(answer.status == 201)
      #expect(answer["custom_data"] == .null)
    }
  }

  @Test("Lengths count characters as the specification's models do, not bytes")
  func lengths() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let long = String(repeating: "é🎉", count: 25)
      let answer = try await client.post(APIClient.body(extra: #","session_id":"\#(long)""#))
      #expect(answer.status == 201)
      #expect(answer["session_id"] == .string(long))
      let longer = try await client.post(APIClient.body(extra: #","session_id":"\#(long)x""#))
      #expect(longer.faults == ["session_id too_long"])
    }
  }

  @Test("Concurrent payouts share store commits")
  func grouped() async throws {
    let api = try TestAPI()
    try await api.run { client in
      api.store.pause()
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<40 { group.addTask { try await client.post().status } }
        try await eventually("a group is under way") { api.store.pausedCount == 1 }
        try await Task.sleep(for: .milliseconds(100))
        api.store.resume()
        for try await status in group { #expect(status == 201) }
      }
    }
    #expect(api.store.payoutCount == 40)
    #expect(api.log.records.count == 40)
    #expect(api.store.state.withLock { $0.groups.count } < 40)
    #expect(api.store.state.withLock { $0.groups.reduce(0, +) } == 40)
  }

  @Test("When too many wait, the next are told to come back")
  func overloaded() async throws {
    var api = try TestAPI()
    api.configuration.maximumWaiting = 3
    let store = api.store
    try await api.run { client in
      store.pause()
      try await withThrowingTaskGroup(of: Answer.self) { group in
        group.addTask { try await client.post() }
        try await eventually("a group is under way") { store.pausedCount == 1 }
        for _ in 0..<6 { group.addTask { try await client.post() } }
        var refused = 0
        while refused < 3, let answer = try await group.next() {
          #expect(answer.status == 503)
          #expect(answer.code == "LUCID_ERR_2022")
          #expect(answer.headers[.retryAfter] == "1")
          refused += 1
        }
        store.resume()
        for try await answer in group { #expect(answer.status == 201) }
      }
    }
    #expect(store.payoutCount == 4)
  }
}
