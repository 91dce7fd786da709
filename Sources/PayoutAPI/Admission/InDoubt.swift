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
  /// A creation that may have happened.
  static func outcomeUnknown(_ what: String, _ field: String, _ id: String) -> APIError {
    var answer = APIError.unavailable(
      "store", reason: "outcome_unknown",
      message: "Whether the \(what) was accepted is not known. Repeat the request with the same "
        + "Idempotency-Key, or read \(field), to find out; a new request may pay twice")
    answer.refusal.details.append(JSONMember(field, .string(id)))
    return answer
  }
}
