/// Why a bearer token is not accepted.
enum TokenFault: String, Error, CaseIterable, Sendable {
  /// Longer than we read.
  case tooLong = "token_too_long"
  /// Not three parts of base64url, or not JSON objects inside.
  case malformed = "token_malformed"
  /// `none`, or anything that no key of ours is for.
  case unsupportedAlgorithm = "unsupported_algorithm"
  /// A critical extension that we do not know.
  case unsupportedExtension = "unsupported_extension"
  /// No key of this name for this algorithm.
  case unknownKey = "unknown_key"
  /// The signature does not match.
  case badSignature = "bad_signature"
  /// Without `exp` it would be valid for ever.
  case noExpiration = "no_expiration"
  /// `exp` has passed.
  case expired = "token_expired"
  /// `nbf` has not come.
  case notYetValid = "token_not_yet_valid"
  /// Another issuer.
  case wrongIssuer = "wrong_issuer"
  /// For somebody else.
  case wrongAudience = "wrong_audience"
  /// No `sub`, or one that cannot be a tenant.
  case badSubject = "bad_subject"
}
