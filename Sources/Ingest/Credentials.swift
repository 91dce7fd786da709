import Foundation
import PayoutAPI
import Service

/// The keys that tokens are checked with, from their files.
func openCredentials(_ settings: IngestSettings) throws -> APICredentials {
  guard settings.tokens.jwksURL == nil else {
    throw StartupError(
      "JWT_JWKS_URL is not available yet: save the key set and name it in JWT_JWKS_FILE")
  }
  let jwks = try settings.tokens.jwksFile.map { path in
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StartupError("JWT_JWKS_FILE: cannot read \(path)")
    }
    return [UInt8](data)
  }
  return APICredentials(
    hs256Secret: settings.tokens.hs256Secret?.bytes, jwks: jwks, issuer: settings.tokens.issuer,
    audience: settings.tokens.audience, internalToken: settings.internalToken?.bytes)
}
