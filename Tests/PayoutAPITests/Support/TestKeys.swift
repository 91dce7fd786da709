import Crypto
import CryptoExtras
import Foundation
import JWTKit
import Testing

private struct Claims: JWTPayload {
  var sub = "alice"
  var role = "end_user"
  var exp = TestTokens.now + 600
  func verify(using algorithm: some JWTAlgorithm) throws {}
}

/// Keys of every kind that can be published, and tokens signed with them.
struct TestKeys {
  let ec = ES256PrivateKey()
  let other = ES256PrivateKey()
  let ed = Curve25519.Signing.PrivateKey()
  let rsa: JWTKit.Insecure.RSA.PrivateKey
  let signer: JWTKeyCollection
  /// All but `other`.
  let document: String
  /// Only `other`: what is published after a rotation.
  let nextDocument: String
  let rsaPublicPEM: String

  init() async throws {
    rsa = try JWTKit.Insecure.RSA.PrivateKey(backing: _RSA.Signing.PrivateKey(keySize: .bits2048))
    signer = JWTKeyCollection()
    await signer.add(ecdsa: ec, kid: "ec")
    await signer.add(ecdsa: other, kid: "other")
    await signer.add(eddsa: EdDSA.PrivateKey(backing: ed), kid: "ed")
    await signer.add(rsa: rsa, digestAlgorithm: .sha256, kid: "rsa")
    rsaPublicPEM = rsa.publicKey.pemRepresentation
    nextDocument = #"{"keys":[\#(try Self.entry(other, "other"))]}"#
    let primitives = try rsa.publicKey.getKeyPrimitives()
    let edPublic = TestTokens.base64url(ed.publicKey.rawRepresentation)
    document = """
      {"keys":[
        \(try Self.entry(ec, "ec")),
        {"kty":"OKP","crv":"Ed25519","kid":"ed","alg":"EdDSA","x":"\(edPublic)"},
        {"kty":"RSA","kid":"rsa","alg":"RS256","n":"\(TestTokens.base64url(primitives.modulus))",
         "e":"\(TestTokens.base64url(primitives.publicExponent))"},
        {"kty":"RSA","kid":"enc","use":"enc","n":"x","e":"y"},
        {"kty":"EC","crv":"P-521","kid":"unknown","x":"x","y":"y"}
      ]}
      """
  }

  private static func entry(_ key: ES256PrivateKey, _ kid: String) throws -> String {
    let point = try #require(key.parameters)
    return #"{"kty":"EC","crv":"P-256","kid":"\#(kid)","use":"sig","x":"\#(url(point.x))","#
      + #""y":"\#(url(point.y))"}"#
  }

  private static func url(_ base64: String) -> String {
    base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  func token(_ kid: String) async throws -> String {
    try await signer.sign(Claims(), kid: JWKIdentifier(string: kid))
  }
}
