import HTTPTypes
import Hummingbird
import Payouts

/// Decides whether a request comes as far as its route, before its body is read: who calls, and
/// whether not too often.
struct Doorkeeper: Sendable {
  /// What is known of a request that was let in.
  struct Pass: Sendable {
    /// Who calls, where that matters.
    var caller: Caller?
    /// Where the caller stands, where requests are counted.
    var standing: RateLimitStanding?
  }

  let authenticator: Authenticator
  let limiter: RateLimiter

  /// Lets a request in, or says why not.
  func admit(
    _ route: Route, _ headers: HTTPFields, call: Call, context: CallContext
  ) async throws(APIError) -> Pass {
    switch route.access {
    case .open: return Pass()
    case .house:
      try authenticator.requireInternal(headers)
      return Pass()
    case .anybody(let kind):
      // Not what a header says: whoever sends it chooses it.
      let peer = PeerAddress.subject(context.peer)
      return Pass(standing: try await count(kind, peer, call))
    case .callers(let kind):
      let caller = try await authenticator.caller(headers, now: call.receivedAt)
      return Pass(caller: caller, standing: try await count(kind, caller.tenant.text, call))
    case .admins(let kind):
      let caller = try await authenticator.caller(headers, now: call.receivedAt)
      let standing = try await count(kind, caller.tenant.text, call)
      do { try caller.checkMayAdministrate() } catch { throw APIError(error) }
      return Pass(caller: caller, standing: standing)
    }
  }

  private func count(
    _ kind: RateLimitClass, _ subject: String, _ call: Call
  ) async throws(APIError) -> RateLimitStanding? {
    let standing = await limiter.admit(kind, subject: subject, at: call.receivedAt)
    if let standing, !standing.isGranted { throw standing.refusal }
    return standing
  }
}
