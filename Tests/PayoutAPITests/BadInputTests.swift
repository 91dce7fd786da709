import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

/// A malformed request and what it is answered.
struct BadBody: Sendable, CustomTestStringConvertible {
  var name: String
  var body: String
  var code: String
  /// `details.errors`, or `details.reason` for what has no fields.
  var reasons: [String]
  var testDescription: String { name }

  init(_ name: String, _ body: String, _ code: String, _ reasons: String...) {
    self.name = name
    self.body = body
    self.code = code
    self.reasons = reasons
  }

  static func amount(_ text: String, _ reason: String) -> BadBody {
    BadBody(
      "amount \(text)", APIClient.body(amount: text), "LUCID_ERR_2012", "amount_usdt \(reason)")
  }

  static func json(_ name: String, _ body: String, _ reason: String) -> BadBody {
    BadBody(name, body, "LUCID_ERR_2013", reason)
  }

  static func recipient(_ address: String, _ reason: String) -> BadBody {
    BadBody(
      "recipient \(address)", APIClient.body(recipient: address), "LUCID_ERR_2001",
      "recipient_address \(reason)")
  }

  static func field(_ extra: String, _ reasons: String...) -> BadBody {
    var bad = BadBody(extra, APIClient.body(extra: ",\(extra)"), "LUCID_ERR_2012")
    bad.reasons = reasons
    return bad
  }
}

@Suite("Bad input")
struct BadInputTests {
  static let amounts: [BadBody] = [
    .amount("0", "too_small"), .amount("0.00", "too_small"), .amount("0.001", "too_many_decimals"),
    .amount("0.009", "too_many_decimals"), .amount("5.505", "too_many_decimals"),
    .amount("1e2", "exponent"), .amount("1E2", "exponent"), .amount("1e400", "exponent"),
    .amount("5.5e0", "exponent"), .amount("-5", "sign"), .amount("-0", "sign"),
    .amount("10000.01", "too_large"), .amount("10000.001", "too_many_decimals"),
    .amount("10001", "too_large"), .amount("99999999999999999999999999", "too_large"),
    .amount(#""NaN""#, "not_decimal"), .amount(#""Infinity""#, "not_decimal"),
    .amount(#""-5""#, "sign"), .amount(#""+5""#, "sign"), .amount(#""0x10""#, "not_decimal"),
    .amount(#"".5""#, "not_decimal"), .amount(#""5.""#, "not_decimal"),
    .amount(#""05""#, "leading_zero"), .amount(#""5,50""#, "not_decimal"),
    .amount(#"" 5""#, "not_decimal"), .amount(#""5 ""#, "not_decimal"),
    .amount(#""""#, "not_decimal"), .amount(#""٥""#, "not_decimal"),
    .amount(#""1_000""#, "not_decimal"), .amount("null", "wrong_type"),
    .amount("true", "wrong_type"), .amount("[5]", "wrong_type"), .amount("{}", "wrong_type"),
  ]

  static let malformed: [BadBody] = [
    .json("an empty body", "", "ended_early"), .json("no JSON", "hello", "unexpected_character"),
    .json("half an object", #"{"reason":"#, "ended_early"),
    .json("a raw NaN", APIClient.body(amount: "NaN"), "bad_number"),
    .json("a raw +5", APIClient.body(amount: "+5"), "bad_number"),
    .json("a raw .5", APIClient.body(amount: ".5"), "bad_number"),
    .json("a raw 5.", APIClient.body(amount: "5."), "bad_number"),
    .json("a raw 05", APIClient.body(amount: "05"), "bad_number"),
    .json("a raw 0x10", APIClient.body(amount: "0x10"), "bad_number"),
    .json("a second value", APIClient.body() + "{}", "trailing_characters"),
    .json(
      "a field twice", APIClient.body(extra: #","amount_usdt":1"#), "duplicate_name"),
    .json(
      "a field twice, once escaped", APIClient.body(extra: #","\u0072eason":"x""#),
      "duplicate_name"),
    .json(
      "half a surrogate pair", APIClient.body(extra: #","session_id":"\ud800""#), "lone_surrogate"),
    .json("a trailing comma", #"{"reason":"x",}"#, "unexpected_character"),
    .json("single quotes", "{'reason':'x'}", "unexpected_character"),
    .json("a comment", "{/* x */}", "unexpected_character"),
    .json(
      "an abyss", String(repeating: "[", count: 10_000), "too_deep"),
  ]

  static let recipients: [BadBody] = [
    .recipient("TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeM", "wrong_checksum"),
    .recipient("TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqe", "wrong_length"),
    .recipient("TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeLL", "wrong_length"),
    .recipient("TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqe0", "not_base58"),
    .recipient("TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqel", "not_base58"),
    .recipient("", "wrong_length"),
    .recipient("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "wrong_prefix"),
    .recipient("T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb", "zero_address"),
    .recipient(TestAPI.contract, "usdt_contract"), .recipient(TestAPI.wallet, "own_wallet"),
    .recipient(" TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL", "wrong_length"),
    .recipient("417F1B6C9A6B1F4C6D3E7D8C7B2A1F0E9D8C7B6A5F", "wrong_length"),
    .recipient("TYour33CharacterTRONAddressHere1234", "wrong_length"),
  ]

  static let fields: [BadBody] = [
    .field(#""batchtype":"HOURLY""#, "batchtype unknown_field"),
    .field(#""batch_type":"hourly""#, "batch_type unknown_value"),
    .field(#""priority":"urgent""#, "priority unknown_value"),
    .field(#""priority":null"#, "priority wrong_type"),
    .field(#""session_id":7"#, "session_id wrong_type"),
    .field(#""session_id":"\u0000""#, "session_id nul_character"),
    .field(#""node_id":"\#(String(repeating: "n", count: 51))""#, "node_id too_long"),
    .field(#""custom_data":[1]"#, "custom_data wrong_type"),
    .field(
      #""custom_data":{"a":"\#(String(repeating: "x", count: 993))"}"#, "custom_data too_long"),
    .field(#""client_reference":"""#, "client_reference too_short"),
    .field(#""client_reference":"a\nb""#, "client_reference not_printable"),
    .field(
      #""client_reference":"\#(String(repeating: "r", count: 101))""#,
      "client_reference too_long"),
    .field(
      #""x":1,"y":2,"node_id":1"#, "node_id wrong_type", "x unknown_field", "y unknown_field"),
  ]

  static let shapes: [BadBody] = [
    .json("an array", "[]", "not_an_object"), .json("a string", #""x""#, "not_an_object"),
    .json("null", "null", "not_an_object"),
    BadBody(
      "an empty object", "{}", "LUCID_ERR_2012", "recipient_address missing",
      "amount_usdt missing", "reason missing", "router_type missing"),
    BadBody(
      "an empty reason",
      APIClient.body().replacing("a reason", with: ""), "LUCID_ERR_2012", "reason too_short"),
    BadBody(
      "a long reason",
      APIClient.body().replacing("a reason", with: String(repeating: "r", count: 201)),
      "LUCID_ERR_2012", "reason too_long"),
    BadBody(
      "an unknown router", APIClient.body().replacing("PayoutRouterV0", with: "PayoutRouterV1"),
      "LUCID_ERR_2004", "router_type unknown_value"),
    BadBody(
      "a recipient that is no string",
      #"{"recipient_address":1,"amount_usdt":1,"reason":"r","router_type":"PayoutRouterV0"}"#,
      "LUCID_ERR_2012", "recipient_address wrong_type"),
    BadBody(
      "faults of every kind",
      #"{"recipient_address":"T","amount_usdt":0,"reason":"r","router_type":"V1"}"#,
      "LUCID_ERR_2001", "recipient_address wrong_length", "amount_usdt too_small",
      "router_type unknown_value"),
    BadBody(
      "a router and an amount",
      APIClient.body(amount: "0").replacing("PayoutRouterV0", with: "V1"), "LUCID_ERR_2004",
      "amount_usdt too_small", "router_type unknown_value"),
  ]

  @Test(
    "A malformed body gets its code and its reasons, and changes nothing",
    arguments: amounts + malformed + recipients + fields + shapes)
  func refused(bad: BadBody) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.post(bad.body)
      #expect(answer.status == 400)
      #expect(answer.code == bad.code)
      if bad.code == "LUCID_ERR_2013" {
        #expect(answer.details?["reason"]?.text == bad.reasons.first)
      } else {
        #expect(answer.faults == bad.reasons)
      }
      if bad.code == "LUCID_ERR_2001" {
        let reason = try #require(bad.reasons.first?.split(separator: " ").last)
        #expect(answer.details?["reason"] == .string(String(reason)))
      }
      try expectEnvelope(answer)
    }
    #expect(api.store.payoutCount == 0)
    #expect(api.log.calls == 0)
  }

  @Test("A body of thousands of unknown fields gets a short answer")
  func shortAnswer() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let fields = (0..<5000).map { #","x\#($0)":1"# }.joined()
      let answer = try await client.post(APIClient.body(extra: fields))
      #expect(answer.faults.count == Refusal.maximumFaults)
    }
  }

  @Test("Custom data of exactly 1000 bytes is accepted, and comes back as it was spelled")
  func customData() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let data = #"{"n":1.10e+05,"a":"\#(String(repeating: "x", count: 979))"}"#
      #expect(data.utf8.count == 1000)
      let spaced = data.replacing(":", with: " : ")
      let answer = try await client.post(APIClient.body(extra: #","custom_data": \#(spaced)"#))
      #expect(answer.status == 201)
      #expect(answer.text.contains(data))
    }
  }

  @Test(
    "Only JSON in UTF-8 is read",
    arguments: [
      (nil, 415), ("text/plain", 415), ("application/xml", 415), ("application/json5", 415),
      ("application/json; charset=latin1", 415), ("application/json; x=y", 415),
      ("multipart/form-data", 415), ("application/json", 201),
      ("Application/JSON; Charset=UTF-8", 201), (#"application/json;charset="utf-8""#, 201),
    ] as [(String?, Int)])
  func mediaType(type: String?, status: Int) async throws {
    let api = try TestAPI()
    try await api.run { client in
      var headers: HTTPFields = [.authorization: "Bearer \(TestTokens.token())"]
      headers[.contentType] = type
      let answer = try await client.call(
        .post, APIClient.payouts, APIClient.body(), headers: headers)
      #expect(answer.status == status)
      if status == 415 { #expect(answer.code == "LUCID_ERR_2015") }
    }
    #expect(api.store.payoutCount == (status == 201 ? 1 : 0))
  }

  @Test("A compressed body is not read")
  func compressed() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.post(headers: [.contentEncoding: "gzip"])
      #expect(answer.status == 415)
    }
  }

  @Test(
    "An Idempotency-Key that is none is refused",
    arguments: ["with space", "schlüssel", String(repeating: "k", count: 256), "a\u{7f}b"])
  func badKey(key: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.post(key: key)
      #expect(answer.status == 400)
      #expect(answer.code == "LUCID_ERR_2012")
      #expect(answer.faults.first?.hasPrefix("Idempotency-Key ") == true)
    }
    #expect(api.store.payoutCount == 0)
  }
}

/// Every error has the specified form.
func expectEnvelope(_ answer: Answer) throws {
  let names = answer.error?.members?.map(\.name)
  #expect(names == ["code", "message", "details", "request_id", "timestamp"])
  #expect(answer.headers[.contentType] == "application/json")
  #expect(answer.error?["request_id"]?.text == answer.headers[.requestID])
  #expect(answer.error?["timestamp"]?.text == "2026-01-01T00:00:00.000Z")
  #expect(answer.details?.members != nil)
}
