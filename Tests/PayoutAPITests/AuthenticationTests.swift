import HTTPTypes
import Payouts
import Testing

@testable import PayoutAPI

/// A token that proves nothing, and why.
struct BadToken: Sendable, CustomTestStringConvertible {
  var name: String
  var authorization: String?
  var reason: String
  var testDescription: String { name }

  init(_ name: String, _ authorization: String?, _ reason: String) {
    self.name = name
    self.authorization = authorization
    self.reason = reason
  }

  init(_ name: String, token: String, _ reason: String) {
    self.init(name, "Bearer \(token)", reason)
  }

  init(_ name: String, claims: String, _ reason: String) {
    self.init(name, token: TestTokens.signed(claims: claims), reason)
  }

  init(_ name: String, header: String, _ reason: String) {
    self.init(name, token: TestTokens.signed(header: header, claims: TestTokens.claims()), reason)
  }
}

@Suite("Authentication")
struct AuthenticationTests {
  static let valid = TestTokens.token()
  static let parts = valid.split(separator: ".").map(String.init)

  static let bad: [BadToken] = [
    BadToken("no header", nil, "token_missing"),
    BadToken("another scheme", "Basic YTpi", "not_a_bearer_token"),
    BadToken("no token", "Bearer", "not_a_bearer_token"),
    BadToken("an empty token", "Bearer ", "not_a_bearer_token"),
    BadToken("one part", token: "abc", "token_malformed"),
    BadToken("two parts", token: "\(parts[0]).\(parts[1])", "token_malformed"),
    BadToken("four parts", token: valid + ".x", "token_malformed"),
    BadToken("no signature", token: "\(parts[0]).\(parts[1]).", "bad_signature"),
    BadToken("padding", token: valid + "=", "token_malformed"),
    BadToken("a space inside", token: "\(parts[0]). \(parts[1]).\(parts[2])", "bad_signature"),
    BadToken(
      "another secret",
      token: TestTokens.signed(
        claims: TestTokens.claims(), secret: Array("another secret of thirty-two bytes!".utf8)),
      "bad_signature"),
    BadToken(
      "changed claims",
      token:
        "\(parts[0]).\(TestTokens.base64url(TestTokens.claims(subject: "eve"))).\(parts[2])",
      "bad_signature"),
    BadToken(
      "alg none",
      token:
        "\(TestTokens.base64url(#"{"alg":"none"}"#)).\(parts[1]).", "unsupported_algorithm"),
    BadToken("alg None with a signature", header: #"{"alg":"None"}"#, "unsupported_algorithm"),
    BadToken("alg HS512", header: #"{"alg":"HS512"}"#, "unsupported_algorithm"),
    BadToken("alg RS256 without such a key", header: #"{"alg":"RS256"}"#, "unsupported_algorithm"),
    BadToken("alg in lower case", header: #"{"alg":"hs256"}"#, "unsupported_algorithm"),
    BadToken("no alg", header: #"{"typ":"JWT"}"#, "token_malformed"),
    BadToken("alg twice", header: #"{"alg":"HS256","alg":"none"}"#, "token_malformed"),
    BadToken("a kid that is no string", header: #"{"alg":"HS256","kid":7}"#, "token_malformed"),
    BadToken(
      "a critical extension", header: #"{"alg":"HS256","crit":["exp"]}"#,
      "unsupported_extension"),
    BadToken("a header that is no object", header: "[]", "token_malformed"),
    BadToken("claims that are no JSON", claims: "hello", "token_malformed"),
    BadToken("expired", claims: TestTokens.claims(expiresIn: -31), "token_expired"),
    BadToken("no exp", claims: #"{"sub":"alice","role":"admin"}"#, "no_expiration"),
    BadToken("exp as text", claims: #"{"sub":"alice","exp":"2099"}"#, "token_malformed"),
    BadToken("an endless exp", claims: #"{"sub":"alice","exp":1e999}"#, "token_malformed"),
    BadToken("exp twice", claims: #"{"sub":"a","exp":1,"exp":9999999999}"#, "token_malformed"),
    BadToken(
      "not yet valid",
      claims: TestTokens.claims(
        extra: #","nbf":\#(TestTokens.now + 31)"#), "token_not_yet_valid"),
    BadToken("no sub", claims: #"{"exp":9999999999,"role":"admin"}"#, "bad_subject"),
    BadToken("an empty sub", claims: TestTokens.claims(subject: ""), "bad_subject"),
    BadToken(
      "a long sub",
      claims: TestTokens.claims(
        subject: String(repeating: "s", count: 129)), "bad_subject"),
    BadToken("a sub with a space", claims: TestTokens.claims(subject: "alice "), "bad_subject"),
    BadToken("a sub in Unicode", claims: TestTokens.claims(subject: "alicé"), "bad_subject"),
    BadToken(
      "a sub with a line break", claims: TestTokens.claims(subject: #"a\nb"#),
      "bad_subject"),
    BadToken(
      "a huge token",
      token: TestTokens.signed(
        claims: TestTokens.claims(
          extra: #","x":"\#(String(repeating: "x", count: 9000))""#)), "token_too_long"),
  ]

  @Test("A request without a valid token is refused, says why, and changes nothing", arguments: bad)
  func refused(bad: BadToken) async throws {
    let api = try TestAPI()
    try await api.run { client in
      var headers: HTTPFields = [:]
      headers[.authorization] = bad.authorization
      for answer in [
        try await client.post(token: nil, headers: headers),
        try await client.get("\(APIClient.payouts)/x", token: nil, headers: headers),
      ] {
        #expect(answer.status == 401)
        #expect(answer.code == "LUCID_ERR_2011")
        #expect(answer.details?["reason"] == .string(bad.reason))
        #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer realm=") == true)
        try expectEnvelope(answer)
      }
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test("Clocks may differ by thirty seconds")
  func leeway() async throws {
    let api = try TestAPI()
    try await api.run { client in
      for claims in [
        TestTokens.claims(expiresIn: -29),
        TestTokens.claims(extra: #","nbf":\#(TestTokens.now + 29)"#),
        TestTokens.claims(extra: #","nbf":\#(TestTokens.now).5"#),
      ] {
        try await client.expect(201, client.post(token: TestTokens.signed(claims: claims)))
      }
    }
  }

  @Test("The scheme is read in any case, and a shared secret has no key id")
  func lenient() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let header: HTTPFields = [.authorization: "bEARER \(Self.valid)"]
      try await client.expect(201, client.post(token: nil, headers: header))
      let named = TestTokens.signed(
        header: #"{"kid":"../../dev/null","alg":"HS256"}"#, claims: TestTokens.claims())
      try await client.expect(201, client.post(token: named))
    }
  }

  @Test("Two Authorization headers are refused")
  func repeated() async throws {
    let api = try TestAPI()
    try await api.run { client in
      var headers: HTTPFields = [.contentType: "application/json"]
      headers.append(HTTPField(name: .authorization, value: "Bearer \(Self.valid)"))
      headers.append(HTTPField(name: .authorization, value: "Bearer \(Self.valid)"))
      let answer = try await client.call(
        .post, APIClient.payouts, APIClient.body(), headers: headers)
      #expect(answer.status == 401)
      #expect(answer.details?["reason"] == .string("authorization_repeated"))
    }
  }

  @Test(
    "Issuer and audience are checked when configured",
    arguments: [
      (#","iss":"us","aud":"payouts""#, nil), (#","iss":"us","aud":["x","payouts"]"#, nil),
      (#","iss":"them","aud":"payouts""#, "wrong_issuer"), (#","aud":"payouts""#, "wrong_issuer"),
      (#","iss":"us""#, "wrong_audience"), (#","iss":"us","aud":"payout""#, "wrong_audience"),
      (#","iss":"us","aud":[]"#, "wrong_audience"),
      (#","iss":["us"],"aud":"payouts""#, "wrong_issuer"),
    ] as [(String, String?)])
  func issuerAndAudience(claims: String, reason: String?) async throws {
    var api = try TestAPI()
    api.credentials.issuer = "us"
    api.credentials.audience = "payouts"
    try await api.run { client in
      let token = TestTokens.signed(claims: TestTokens.claims(extra: claims))
      let answer = try await client.post(token: token)
      #expect(answer.status == (reason == nil ? 201 : 401))
      #expect(answer.details?["reason"]?.text == reason)
    }
  }
}
