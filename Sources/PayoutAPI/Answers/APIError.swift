import HTTPTypes
import Payouts

/// An answer that is not the one asked for: a refusal, and the headers that go with it.
struct APIError: Error, Sendable {
  var refusal: Refusal
  var headers: HTTPFields = [:]

  init(_ refusal: Refusal, headers: HTTPFields = [:]) {
    self.refusal = refusal
    self.headers = headers
    if refusal.code == .circuitBreakerOpen,
      case .number(let seconds)? = refusal.details.first(where: { $0.name == "retry_after_seconds" }
      )?
      .value
    {
      self.headers[.retryAfter] = seconds
    }
    if refusal.code == .requestInProgress { self.headers[.retryAfter] = "1" }
  }

  /// Something that we depend on does not answer; repeating may help.
  static func unavailable(
    _ dependency: String, reason: String, message: String? = nil, retryAfterSeconds: Int = 1
  ) -> APIError {
    APIError(
      Refusal(
        .dependencyUnavailable, message: message,
        details: [
          JSONMember("dependency", .string(dependency)), JSONMember("reason", .string(reason)),
        ]),
      headers: [.retryAfter: String(retryAfterSeconds)])
  }

  /// A store that could not be read or written with certainty that nothing was written.
  init(_ error: StoreError) {
    switch error.code {
    case .unavailable: self = .unavailable("store", reason: "unreachable")
    case .tooSlow: self = .unavailable("store", reason: "overloaded")
    case .notInitialised: self = .unavailable("store", reason: "not_initialised")
    case .server where error.effect != .refused: self = .unavailable("store", reason: "error")
    case .server, .corrupt: self.init(Refusal(.internalError))
    }
  }
}
