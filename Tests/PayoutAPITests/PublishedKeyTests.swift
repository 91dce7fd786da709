import Crypto
import CryptoExtras
import Foundation
import HTTPTypes
import JWTKit
import Payouts
import Testing

@testable import PayoutAPI

@Suite("Published keys")
struct PublishedKeyTests {
  private struct Claims: JWTPayload {
    var sub = "alice"
    var role = "end_user"
    var exp = TestTokens.now + 600
    func verify(using algorithm: some JWTAlgorithm) throws {}
  }

  private struct Keys {
    let ec = ES256PrivateKey()
    let other = ES256PrivateKey()
    let ed = Curve25519.Signing.PrivateKey()
    let rsa: JWTKit.Insecure.RSA.PrivateKey
    let signer: JWTKeyCollection
    let document: String
    let rsaPublicPEM: String

    init() async throws {
      rsa = try JWTKit.Insecure.RSA.PrivateKey(backing: _RSA.Signing.PrivateKey(keySize: .bits2048))
      signer = JWTKeyCollection()
      await signer.add(ecdsa: ec, kid: "ec")
      await signer.add(ecdsa: other, kid: "other")
      await signer.add(eddsa: EdDSA.PrivateKey(backing: ed), kid: "ed")
      await signer.add(rsa: rsa, digestAlgorithm: .sha256, kid: "rsa")
      rsaPublicPEM = rsa.publicKey.pemRepresentation
      let point = try #require(ec.parameters)
      let primitives = try rsa.publicKey.getKeyPrimitives()
      let edPublic = TestTokens.base64url(ed.publicKey.rawRepresentation)
      document = """
        {"keys":[
          {"kty":"EC","crv":"P-256","kid":"ec","use":"sig","x":"\(Self.url(point.x))",
           "y":"\(Self.url(point.y))"},
          {"kty":"OKP","crv":"Ed25519","kid":"ed","alg":"EdDSA","x":"\(edPublic)"},
          {"kty":"RSA","kid":"rsa","alg":"RS256","n":"\(TestTokens.base64url(primitives.modulus))",
           "e":"\(TestTokens.base64url(primitives.publicExponent))"},
          {"kty":"RSA","kid":"enc","use":"enc","n":"x","e":"y"},
          {"kty":"EC","crv":"P-521","kid":"unknown","x":"x","y":"y"}
        ]}
        """
    }

    private static func url(_ base64: String) -> String {
      base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    func token(_ kid: String) async throws -> String {
      try await signer.sign(Claims(), kid: JWKIdentifier(string: kid))
    }
  }

  private func api(_ keys: Keys, withSecret: Bool = false) throws -> TestAPI {
    var api = try TestAPI()
    api.credentials.jwks = Array(keys.document.utf8)
    if !withSecret { api.credentials.hs256Secret = nil }
    return api
  }

  @Test("ES256, EdDSA and RS256 tokens are accepted by the key they name")
  func accepted() async throws {
    let keys = try await Keys()
    try await api(keys).run { client in
      for kid in ["ec", "ed", "rsa"] {
        try await client.expect(201, client.post(token: keys.token(kid)))
      }
    }
  }

  @Test("An unknown key is refused")
  func unknown() async throws {
    let keys = try await Keys()
    try await api(keys).run { client in
      let answer = try await client.post(token: keys.token("other"))
      #expect(answer.details?["reason"] == .string("unknown_key"))
    }
  }

  @Test("A key is used with its own algorithm only")
  func confusion() async throws {
    let keys = try await Keys()
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

  @Test("A signature of an impossible shape is a bad one")
  func shapes() async throws {
    let keys = try await Keys()
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
