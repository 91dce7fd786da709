import Foundation
import JWTKit
import Payouts
import Testing

@testable import PayoutAPI

@Suite("Published keys")
struct PublishedKeyTests {
  private func api(_ keys: TestKeys, withSecret: Bool = false) throws -> TestAPI {
    var api = try TestAPI()
    api.credentials.jwks = Array(keys.document.utf8)
    if !withSecret { api.credentials.hs256Secret = nil }
    return api
  }

  @Test("ES256, EdDSA and RS256 tokens are accepted by the key they name")
  func accepted() async throws {
    let keys = try await TestKeys()
    try await api(keys).run { client in
      for kid in ["ec", "ed", "rsa"] {
        try await client.expect(201, client.post(token: keys.token(kid)))
      }
    }
  }

  @Test("An unknown key is refused")
  func unknown() async throws {
    let keys = try await TestKeys()
    try await api(keys).run { client in
      let answer = try await client.post(token: keys.token("other"))
      #expect(answer.details?["reason"] == .string("unknown_key"))
    }
  }

  @Test("A key is used with its own algorithm only")
  func confusion() async throws {
    let keys = try await TestKeys()
    // The classic: an HS256 token signed with the public key's text as the secret.
    let forged = TestTokens.signed(
      header: #"{"alg":"HS256","kid":"rsa"}"#, claims: TestTokens.claims(role: "admin"),
      secret: Array(keys.rsaPublicPEM.utf8))
    try await api(keys).run { client in
      let answer = try await client.post(token: forged)
      #expect(answer.details?["reason"] == .string("unsupported_algorithm"))
    }
    try await api(keys, withSecret: true).run { client in
      let answer = try await client.post(token: forged)
      #expect(answer.details?["reason"] == .string("bad_signature"))
      // A token of one key under the name, or the algorithm, of another.
      let parts = try await keys.token("ec").split(separator: ".")
      for header in [
        #"{"alg":"ES256","kid":"rsa"}"#, #"{"alg":"RS256","kid":"ec"}"#,
        #"{"alg":"EdDSA","kid":"ec"}"#,
      ] {
        let token = "\(TestTokens.base64url(header)).\(parts[1]).\(parts[2])"
        let answer = try await client.post(token: token)
        #expect(answer.details?["reason"] == .string("unknown_key"))
      }
    }
  }

  @Test("Where keys come from is never the token's to say, and a name is only a name")
  func tricks() async throws {
    let keys = try await TestKeys()
    let signature = try await keys.token("ec").split(separator: ".")
    let foreign = try await keys.token("other").split(separator: ".")
    let own = #""jwk":{"kty":"EC","crv":"P-256","x":"x","y":"y"}"#
    let headers: [(String, String)] = [
      (#"{"alg":"ES256","kid":"other","jku":"http://127.0.0.1:1/keys"}"#, "unknown_key"),
      (#"{"alg":"ES256","kid":"ec","jku":"http://127.0.0.1:1/keys"}"#, "bad_signature"),
      (#"{"alg":"ES256","kid":"ec","x5u":"http://127.0.0.1:1/cert"}"#, "bad_signature"),
      (#"{"alg":"ES256","kid":"ec","x5c":["MIIB"]}"#, "bad_signature"),
      (#"{"alg":"ES256","kid":"ec",\#(own)}"#, "bad_signature"),
      (#"{"alg":"ES256",\#(own)}"#, "bad_signature"),
      (#"{"alg":"ES256","kid":"../../../../dev/null"}"#, "unknown_key"),
      (#"{"alg":"ES256","kid":"ec' OR '1'='1"}"#, "unknown_key"),
      (#"{"alg":"ES256","kid":""}"#, "unknown_key"),
      (#"{"alg":"ES256","kid":"ec\u0000"}"#, "unknown_key"),
      (#"{"alg":"ES256","kid":null}"#, "token_malformed"),
      (#"{"alg":"ES256","kid":["ec"]}"#, "token_malformed"),
      (#"{"alg":"ES256","kid":{"$ne":""}}"#, "token_malformed"),
      (#"{"alg":["ES256"],"kid":"ec"}"#, "token_malformed"),
      (#"{"alg":"ES256","kid":"\#(String(repeating: "k", count: 5000))"}"#, "unknown_key"),
      (#"{"alg":"ES256","kid":"ec","b64":false,"crit":["b64"]}"#, "unsupported_extension"),
      (#"{"alg":"ES384","kid":"ec"}"#, "unsupported_algorithm"),
      (#"{"alg":"PS256","kid":"rsa"}"#, "unsupported_algorithm"),
    ]
    try await api(keys).run { client in
      for (header, reason) in headers {
        let token = "\(TestTokens.base64url(header)).\(signature[1]).\(foreign[2])"
        let answer = try await client.post(token: token)
        #expect(answer.status == 401)
        #expect(answer.details?["reason"] == .string(reason), "\(header)")
      }
    }
  }

  @Test("A signature of an impossible shape is a bad one")
  func shapes() async throws {
    let keys = try await TestKeys()
    try await api(keys).run { client in
      for kid in ["ec", "ed", "rsa"] {
        let parts = try await keys.token(kid).split(separator: ".")
        for signature in ["", "AA", String(repeating: "A", count: 2000)] {
          let answer = try await client.post(token: "\(parts[0]).\(parts[1]).\(signature)")
          #expect(answer.details?["reason"] == .string("bad_signature"))
        }
      }
    }
  }

  @Test(
    "A key document that cannot be right stops the start",
    arguments: [
      "", "{}", #"{"keys":[]}"#, #"{"keys":{}}"#, #"{"keys":[7]}"#,
      #"{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"}]}"#,
      #"{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"x","y":"y"}]}"#,
      #"{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"x","y":"y","d":"d"}]}"#,
      #"{"keys":[{"kty":"EC","crv":"P-384","kid":"a","x":"x","y":"y"}]}"#,
    ])
  func badDocument(document: String) async throws {
    await #expect(throws: TokenKeysFault.self) {
      try await TokenKeys(hs256Secret: nil, jwks: Array(document.utf8))
    }
  }

  @Test("A short secret, or no key at all, stops the start")
  func noKeys() async throws {
    await #expect(throws: TokenKeysFault.self) {
      try await TokenKeys(hs256Secret: Array("short".utf8), jwks: nil)
    }
    await #expect(throws: TokenKeysFault.self) {
      try await TokenKeys(hs256Secret: nil, jwks: nil)
    }
  }
}
