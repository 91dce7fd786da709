import Foundation
import JWTKit
import Payouts
import Tron

/// What a valid token says.
struct TokenClaims: Hashable, Sendable {
  /// `sub`.
  var subject: String
  /// `role`, as it stands there.
  var role: String?
}

/// Checks bearer tokens: JWTs with one signature (RFC 7519, with the advice of RFC 8725).
struct TokenVerifier: Sendable {
  // LIMIT: real tokens are around 1 KiB; base64 and hashing of more is work for strangers.
  static let maximumLength = 8192
  // LIMIT: how far apart the clocks of issuer and verifier may be.
  static let leewaySeconds = 30.0
  // LIMIT: tenants are index keys.
  static let maximumSubjectLength = 128

  let ring: KeyRing
  let issuer: String?
  let audience: String?

  /// Checks a token as it stands in the header.
  func claims(of token: some StringProtocol, now: UnixMilliseconds) throws(TokenFault)
    -> TokenClaims
  {
    let bytes = Array(token.utf8)
    guard bytes.count <= Self.maximumLength else { throw .tooLong }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .malformed }
    // The key comes first: what has no signature has no key either.
    let key = try key(header: Self.object(parts[0]))
    guard let signature = Base64URL.decode(parts[2]) else { throw .malformed }
    try Self.check(signature, of: bytes[..<parts[1].endIndex], key)
    return try claims(Self.object(parts[1]), now: now)
  }

  private static func object(_ part: ArraySlice<UInt8>) throws(TokenFault) -> JSONValue {
    guard let bytes = Base64URL.decode(part) else { throw .malformed }
    do {
      let value = try JSONReader.read(bytes)
      guard value.members != nil else { throw TokenFault.malformed }
      return value
    } catch {
      throw .malformed
    }
  }

  private func key(header: JSONValue) throws(TokenFault) -> TokenKeys.Key {
    guard header["crit"] == nil else { throw .unsupportedExtension }
    guard let algorithm = header["alg"]?.text else { throw .malformed }
    if let id = header["kid"], id.text == nil { throw .malformed }
    return try ring.keys.key(algorithm: algorithm, id: header["kid"]?.text)
  }

  private static func check(
    _ signature: [UInt8], of input: ArraySlice<UInt8>, _ key: TokenKeys.Key
  ) throws(TokenFault) {
    let valid: Bool
    do {
      valid = try key.verifier.verify(signature, signs: input)
    } catch {
      throw .badSignature  // a signature of an impossible shape
    }
    guard valid else { throw .badSignature }
  }

  private func claims(
    _ claims: JSONValue, now: UnixMilliseconds
  ) throws(TokenFault) -> TokenClaims {
    let seconds = Double(now.value) / 1000
    guard let expiration = claims["exp"] else { throw .noExpiration }
    guard seconds < (try Self.instant(expiration)) + Self.leewaySeconds else { throw .expired }
    if let notBefore = claims["nbf"] {
      guard seconds >= (try Self.instant(notBefore)) - Self.leewaySeconds else {
        throw .notYetValid
      }
    }
    if let issuer, claims["iss"]?.text != issuer { throw .wrongIssuer }
    if let audience, !Self.audiences(claims["aud"]).contains(audience) { throw .wrongAudience }
    guard let subject = claims["sub"]?.text, Self.canBeTenant(subject) else { throw .badSubject }
    return TokenClaims(subject: subject, role: claims["role"]?.text)
  }

  /// A NumericDate: seconds, perhaps with a fraction.
  private static func instant(_ value: JSONValue) throws(TokenFault) -> Double {
    guard case .number(let text) = value, let seconds = Double(text), seconds.isFinite else {
      throw .malformed
    }
    return seconds
  }

  private static func audiences(_ value: JSONValue?) -> [String] {
    switch value {
    case .string(let audience): [audience]
    case .array(let audiences): audiences.compactMap(\.text)
    default: []
    }
  }

  /// Whether text can name a tenant: short, and visible ASCII only, as OpenID Connect has it; other
  /// text can look, or compare, the same and be stored as two.
  static func canBeTenant(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= maximumSubjectLength
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
