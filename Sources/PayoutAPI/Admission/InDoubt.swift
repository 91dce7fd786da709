import Payouts

// LIMIT: a write in doubt is repeated (it writes the same ids) before the client is told so, but not
// after a call that took so long that the client may have gone.
private let retryDelays: [Duration] = [.milliseconds(50), .milliseconds(250)]
private let retryWindow = Duration.seconds(5)

/// Repeats a write that may be repeated while its outcome is in doubt; throws the last failure, in
/// doubt if any of the tries was.
func repeatedWhileInDoubt<Value: Sendable>(
  _ write: () async throws(StoreError) -> Value
) async throws(StoreError) -> Value {
  var delays = retryDelays.makeIterator()
  let deadline = ContinuousClock.now + retryWindow
  var doubt: StoreError?
  while true {
    do {
      return try await write()
    } catch {
      if error.effect == .inDoubt { doubt = error }
      // A later try that did not happen says nothing about an earlier one that may have.
      guard error.effect == .inDoubt, ContinuousClock.now < deadline,
        let delay = delays.next(), await rest(delay)
      else { throw doubt ?? error }
    }
  }
}

/// `false` when the process is being stopped.
private func rest(_ delay: Duration) async -> Bool {
  do {
    try await Task.sleep(for: delay)
    return true
  } catch {
    return false
  }
}

extension APIError {
  /// Whether it is not known what came of the request.
  var isOutcomeUnknown: Bool {
    refusal.details.contains { $0.name == "reason" && $0.value.text == "outcome_unknown" }
  }

  /// A creation that may have happened, or happened before with the same key.
  ///
  /// With a key only its repetition finds out: the key may belong to an earlier payout, so the id of
  /// this try proves nothing. Without one, the id proves acceptance once it can be read, and nothing
  /// before; and nobody is told to try again, for that may pay twice.
  static func outcomeUnknown(_ what: String, _ field: String, _ id: String, hasKey: Bool)
    -> APIError
  {
    let unknown = "Whether the \(what) was accepted is not known. "
    guard !hasKey else {
      return .unavailable(
        "store", reason: "outcome_unknown",
        message: unknown + "Repeat the request with the same Idempotency-Key to find out; one with "
          + "another key may pay twice")
    }
    var answer = APIError.unavailable(
      "store", reason: "outcome_unknown",
      message: unknown + "It was when \(field) can be read, now or later; until then a new request "
        + "may pay twice")
    answer.refusal.details.append(JSONMember(field, .string(id)))
    answer.headers[.retryAfter] = nil
    return answer
  }
}
