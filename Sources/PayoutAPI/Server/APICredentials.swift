import Foundation
import Logging
import Service

/// How callers prove who they are.
public struct APICredentials: Sendable {
  /// The shared secret of HS256 tokens.
  public var hs256Secret: [UInt8]?
  /// A JWKS document with the public keys of RS256, ES256 and EdDSA tokens.
  public var jwks: [UInt8]?
  /// Where further public keys are fetched: https, or http from this machine.
  public var jwksURL: String?
  /// The issuer that tokens must name.
  public var issuer: String?
  /// The audience that tokens must name.
  public var audience: String?
  /// The gateway's secret.
  public var internalToken: [UInt8]?

  /// Collects the parts.
  public init(
    hs256Secret: [UInt8]? = nil, jwks: [UInt8]? = nil, jwksURL: String? = nil,
    issuer: String? = nil, audience: String? = nil, internalToken: [UInt8]? = nil
  ) {
    self.hs256Secret = hs256Secret
    self.jwks = jwks
    self.jwksURL = jwksURL
    self.issuer = issuer
    self.audience = audience
    self.internalToken = internalToken
  }

  func authenticator(ring: KeyRing) throws(SettingFaults) -> Authenticator {
    guard internalToken?.isEmpty != true else {
      throw SettingFaults([
        SettingFault(
          "INTERNAL_TOKEN_FILE", "the file is empty",
          example: "INTERNAL_TOKEN_FILE=/run/secrets/internal-token")
      ])
    }
    return Authenticator(
      tokens: TokenVerifier(ring: ring, issuer: issuer, audience: audience),
      internalToken: internalToken)
  }

  /// The keys that are known, and where others come from; fetches nothing yet.
  func keyRing(pause: Duration, logger: Logger) async throws(SettingFaults) -> KeyRing {
    let document: JWKSDocument?
    do {
      document = try jwksURL.map { url throws(TokenKeysFault) in try JWKSDocument(url: url) }
    } catch {
      throw SettingFaults([
        SettingFault(
          "JWT_JWKS_URL", error.description,
          example: "JWT_JWKS_URL=https://id.example.com/.well-known/jwks.json")
      ])
    }
    do {
      let keys = try await TokenKeys(
        hs256Secret: hs256Secret, jwks: jwks, mayGrow: document != nil)
      return KeyRing(configured: keys, document: document, pause: pause, logger: logger)
    } catch {
      throw SettingFaults([
        jwks == nil
          ? SettingFault(
            "JWT_HS256_SECRET_FILE", error.description,
            example: "JWT_HS256_SECRET_FILE=/run/secrets/jwt")
          : Self.jwksFault(error.description)
      ])
    }
  }
}

extension APICredentials {
  // LIMIT: a document of public keys; a larger file is something else.
  private static let maximumJWKSBytes = 1 << 20

  /// From a process's settings; reads the file of public keys.
  public init(_ settings: IngestSettings) throws(SettingFaults) {
    let tokens = settings.tokens
    self.init(
      hs256Secret: tokens.hs256Secret?.bytes, jwks: try tokens.jwksFile.map(Self.document),
      jwksURL: tokens.jwksURL, issuer: tokens.issuer, audience: tokens.audience,
      internalToken: settings.internalToken?.bytes)
  }

  private static func document(_ path: String) throws(SettingFaults) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw SettingFaults([jwksFault("the file \(path) cannot be read")])
    }
    guard bytes.count <= maximumJWKSBytes else {
      throw SettingFaults([jwksFault("the file is larger than 1 MiB")])
    }
    return bytes
  }

  private static func jwksFault(_ message: String) -> SettingFault {
    SettingFault("JWT_JWKS_FILE", message, example: "JWT_JWKS_FILE=/etc/tron-payouts/jwks.json")
  }
}
