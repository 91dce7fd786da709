import HTTPTypes

extension HTTPField.Name {
  /// Names the call, in requests and answers.
  static let requestID = known("X-Request-ID")
  /// The gateway's proof of being the gateway.
  static let internalToken = known("X-Internal-Token")
  /// The user whom the gateway authenticated.
  static let userID = known("X-User-ID")
  /// That user's role.
  static let userRole = known("X-User-Role")
  /// Makes a POST repeatable.
  static let idempotencyKey = known("Idempotency-Key")
  /// Says that an answer is the first one again.
  static let idempotencyReplayed = known("Idempotency-Replayed")

  /// Requests that a window allows.
  static let rateLimitLimit = known("X-RateLimit-Limit")
  /// Requests that this window still allows.
  static let rateLimitRemaining = known("X-RateLimit-Remaining")
  /// When the next window begins, in seconds since 1970.
  static let rateLimitReset = known("X-RateLimit-Reset")
  /// Seconds until then.
  static let rateLimitRetryAfter = known("X-RateLimit-Retry-After")

  private static func known(_ text: StaticString) -> HTTPField.Name {
    guard let name = HTTPField.Name("\(text)") else {
      preconditionFailure("\(text) is not a header's name")  // only our own literals come here
    }
    return name
  }
}
