import Foundation
import Service

/// How callers prove who they are.
public struct APICredentials: Sendable {
  /// The shared secret of HS256 tokens.
  public var hs256Secret: [UInt8]?
  /// A JWKS document with the public keys of RS256, ES256 and EdDSA tokens.
  public var jwks: [UInt8]?
  /// The issuer that tokens must name.
  public var issuer: String?
  /// The audience that tokens must name.
  public var audience: String?
  /// The gateway's secret.
  public var internalToken: [UInt8]?

  /// Collects the parts.
  public init(
    hs256Secret: [UInt8]? = nil, jwks: [UInt8]? = nil, issuer: String? = nil,
    audience: String? = nil, internalToken: [UInt8]? = nil
  ) {
    self.hs256Secret = hs256Secret
    self.jwks = jwks
    self.issuer = issuer
    self.audience = audience
    self.internalToken = internalToken
  }

  func authenticator() async throws(SettingFaults) -> Authenticator {
    guard internalToken?.isEmpty != true else {
      throw SettingFaults([SettingFault("INTERNAL_TOKEN_FILE", "the file is empty")])
    }
    let keys: TokenKeys
    do {
      keys = try await TokenKeys(hs256Secret: hs256Secret, jwks: jwks)
    } catch {
      let variable = jwks == nil ? "JWT_HS256_SECRET_FILE" : "JWT_JWKS_FILE"
      throw SettingFaults([SettingFault(variable, error.description)])
    }
    return Authenticator(
      tokens: TokenVerifier(keys: keys, issuer: issuer, audience: audience),
      internalToken: internalToken)
  }
}

extension APICredentials {
  // LIMIT: a document of public keys; a larger file is something else.
  private static let maximumJWKSBytes = 1 << 20

  /// From a process's settings; reads the file of public keys.
  public init(_ settings: IngestSettings) throws(SettingFaults) {
    let tokens = settings.tokens
    guard tokens.jwksURL == nil else {
      throw SettingFaults([
        SettingFault(
          "JWT_JWKS_URL", "fetching keys is not available yet; use JWT_JWKS_FILE",
          example: "JWT_JWKS_FILE=/etc/payouts/jwks.json")
      ])
    }
    self.init(
      hs256Secret: tokens.hs256Secret?.bytes, jwks: try tokens.jwksFile.map(Self.document),
      issuer: tokens.issuer, audience: tokens.audience,
      internalToken: settings.internalToken?.bytes)
  }

  private static func document(_ path: String) throws(SettingFaults) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw SettingFaults([SettingFault("JWT_JWKS_FILE", "the file \(path) cannot be read")])
    }
    guard bytes.count <= maximumJWKSBytes else {
      throw SettingFaults([SettingFault("JWT_JWKS_FILE", "the file is larger than 1 MiB")])
    }
    return bytes
  }
}
