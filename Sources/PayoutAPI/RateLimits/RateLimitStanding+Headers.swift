import HTTPTypes
import Payouts

extension RateLimitStanding {
  /// What every answer of a counted request says.
  func write(to headers: inout HTTPFields) {
    headers[.rateLimitLimit] = String(limit)
    headers[.rateLimitRemaining] = String(remaining)
    headers[.rateLimitReset] = String(resetSeconds)
  }

  /// The answer to one request too many.
  var refusal: APIError {
    let details = [
      JSONMember("limit", .number(String(limit))),
      JSONMember("window_seconds", .number(String(RateWindow.length))),
      JSONMember("retry_after_seconds", .number(String(retryAfterSeconds))),
    ]
    var headers: HTTPFields = [
      .retryAfter: String(retryAfterSeconds), .rateLimitRetryAfter: String(retryAfterSeconds),
    ]
    write(to: &headers)
    return APIError(Refusal(.rateLimitExceeded, details: details), headers: headers)
  }
}
