/// Every error code of the API, in one place: number, HTTP status and standard message.
///
/// 2001 to 2010 are the specification's; the others are ours. 2024 stays free: a missing batch is
/// 2005 with `details.resource`.
public enum ErrorCode: Int, CaseIterable, Sendable {
  case invalidAddress = 2001
  case dailyLimitExceeded = 2002
  case circuitBreakerOpen = 2003
  case invalidRouter = 2004
  case payoutNotFound = 2005
  case networkError = 2006
  case insufficientBalance = 2007
  case transactionFailed = 2008
  case rateLimitExceeded = 2009
  case insufficientPermissions = 2010
  case unauthenticated = 2011
  case invalidField = 2012
  case malformedJSON = 2013
  case payloadTooLarge = 2014
  case unsupportedMediaType = 2015
  case notFound = 2016
  case methodNotAllowed = 2017
  case idempotencyConflict = 2018
  case requestInProgress = 2019
  case notCancellable = 2020
  case invalidCursor = 2021
  case dependencyUnavailable = 2022
  case internalError = 2023
  case requestTimeout = 2025

  /// As written on the wire: `LUCID_ERR_2001`.
  public var text: String { "LUCID_ERR_\(rawValue)" }

  /// The HTTP status that it comes with.
  public var status: Int {
    switch self {
    case .invalidAddress, .dailyLimitExceeded, .circuitBreakerOpen, .invalidRouter, .invalidField,
      .malformedJSON, .invalidCursor:
      400
    case .unauthenticated: 401
    case .insufficientPermissions: 403
    case .payoutNotFound, .notFound: 404
    case .methodNotAllowed: 405
    case .requestTimeout: 408
    case .requestInProgress, .notCancellable: 409
    case .payloadTooLarge: 413
    case .unsupportedMediaType: 415
    case .idempotencyConflict: 422
    case .rateLimitExceeded: 429
    case .networkError, .insufficientBalance, .transactionFailed, .internalError: 500
    case .dependencyUnavailable: 503
    }
  }

  /// The standard message; the same for every occurrence unless an error brings its own.
  public var message: String {
    switch self {
    case .invalidAddress: "Invalid TRON address format"
    case .dailyLimitExceeded: "Amount exceeds daily limit"
    case .circuitBreakerOpen: "Circuit breaker open"
    case .invalidRouter: "Invalid router type"
    case .payoutNotFound: "Payout not found"
    case .networkError: "TRON network error"
    case .insufficientBalance: "Insufficient balance"
    case .transactionFailed: "Transaction failed"
    case .rateLimitExceeded: "Rate limit exceeded"
    case .insufficientPermissions: "Insufficient permissions"
    case .unauthenticated: "Missing or invalid credentials"
    case .invalidField: "Invalid field"
    case .malformedJSON: "Malformed JSON"
    case .payloadTooLarge: "Payload too large"
    case .unsupportedMediaType: "Unsupported media type"
    case .notFound: "Not found"
    case .methodNotAllowed: "Method not allowed"
    case .idempotencyConflict: "Idempotency conflict"
    case .requestInProgress: "Request in progress"
    case .notCancellable: "Payout cannot be cancelled any more"
    case .invalidCursor: "Invalid cursor"
    case .dependencyUnavailable: "A dependency is unavailable"
    case .internalError: "Internal error"
    case .requestTimeout: "Request timeout"
    }
  }
}
