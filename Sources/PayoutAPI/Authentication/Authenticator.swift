import Crypto
import HTTPTypes
import Payouts
import Tron

/// Finds out who calls: by a bearer token, or by the gateway's headers together with its secret.
struct Authenticator: Sendable {
  private let tokens: TokenVerifier
  private let internalToken: TokenDigest?

  /// - Parameter internalToken: The gateway's secret; its headers mean nothing without one.
  init(tokens: TokenVerifier, internalToken: [UInt8]?) {
    self.tokens = tokens
    self.internalToken = internalToken.map(TokenDigest.init)
  }

  /// Who calls. Waits only when a token names a key that may have been published just now.
  func caller(_ headers: HTTPFields, now: UnixMilliseconds) async throws(APIError) -> Caller {
    if try isInternal(headers) { return try gatewayUser(headers) }
    let claims = try await bearer(headers, now: now)
    return Caller(tenant: TenantID(claims.subject), role: try Self.role(claims.role))
  }

  /// Lets nobody pass but another service of the house.
  func requireInternal(_ headers: HTTPFields) throws(APIError) {
    guard try isInternal(headers) else {
      throw Self.unauthenticated("internal_token_missing", challenge: "InternalToken")
    }
  }

  /// Whether the gateway's secret comes with the request. A wrong one is refused, whatever else
  /// comes with it; any at all means nothing when none is configured.
  private func isInternal(_ headers: HTTPFields) throws(APIError) -> Bool {
    guard let internalToken else { return false }
    let given = headers[values: .internalToken]
    guard let token = given.first else { return false }
    guard given.count == 1, internalToken.matches(token) else {
      throw Self.unauthenticated("internal_token_wrong", challenge: "InternalToken")
    }
    return true
  }

  private func gatewayUser(_ headers: HTTPFields) throws(APIError) -> Caller {
    let users = headers[values: .userID]
    guard users.count == 1, let user = users.first, TokenVerifier.canBeTenant(user) else {
      throw Self.unauthenticated("user_id_missing", challenge: "InternalToken")
    }
    let roles = headers[values: .userRole]
    return Caller(tenant: TenantID(user), role: try Self.role(roles.count == 1 ? roles[0] : nil))
  }

  private func bearer(
    _ headers: HTTPFields, now: UnixMilliseconds
  ) async throws(APIError) -> TokenClaims {
    let given = headers[values: .authorization]
    guard let authorization = given.first else {
      throw Self.unauthenticated("token_missing", challenge: "Bearer")
    }
    guard given.count == 1 else { throw Self.invalidToken("authorization_repeated") }
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw Self.invalidToken("not_a_bearer_token")
    }
    do {
      return try await claims(of: parts[1], now: now)
    } catch {
      guard error == .unknownKey, tokens.ring.isIncomplete else {
        throw Self.invalidToken(error.rawValue)
      }
      throw .unavailable(
        "keys", reason: "unreachable", message: "The keys of tokens could not be fetched yet")
    }
  }

  private func claims(
    of token: Substring, now: UnixMilliseconds
  ) async throws(TokenFault) -> TokenClaims {
    do {
      return try tokens.claims(of: token, now: now)
    } catch {
      guard error == .unknownKey, await tokens.ring.lookForNewKeys() else { throw error }
      return try tokens.claims(of: token, now: now)
    }
  }

  private static func role(_ text: String?) throws(APIError) -> CallerRole {
    guard let text else {
      throw APIError(Refusal(.insufficientPermissions, reason: "role_missing"))
    }
    guard let role = CallerRole(rawValue: text) else {
      throw APIError(Refusal(.insufficientPermissions, reason: "role_unknown"))
    }
    return role
  }

  private static func invalidToken(_ reason: String) -> APIError {
    unauthenticated(
      reason, challenge: "Bearer",
      parameters: ", error=\"invalid_token\", error_description=\"\(reason)\"")
  }

  private static func unauthenticated(
    _ reason: String, challenge: String, parameters: String = ""
  ) -> APIError {
    APIError(
      Refusal(.unauthenticated, reason: reason),
      headers: [.wwwAuthenticate: "\(challenge) realm=\"payments\"\(parameters)"])
  }
}

/// A secret's digest under a key that lives as long as the process: comparing digests takes a time
/// that depends on neither the contents nor the length of what is compared.
private struct TokenDigest: Sendable {
  private let key = SymmetricKey(size: .bits256)
  private let expected: HMAC<SHA256>.MAC

  init(_ secret: [UInt8]) {
    expected = HMAC<SHA256>.authenticationCode(for: secret, using: key)
  }

  func matches(_ token: String) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(expected, authenticating: Array(token.utf8), using: key)
  }
}
