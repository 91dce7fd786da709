import HTTPTypes
import Payouts
import Tron

/// What is asked before a payout is admitted, beyond the request itself: whether the circuit breaker
/// lets anything through, and whether recipients have KYC records.
struct AdmissionGuards: Sendable {
  let breaker: BreakerView
  let kyc: KYCGate
  let pause: Duration
  let clock: any WallClock

  // Seconds after which it makes sense to ask again when a person has to close the breaker.
  private static let patience: Int64 = 60

  /// The KYC records of the recipients, where the router asks for them and the caller may use it.
  func standing(
    of requests: [PayoutRequest], _ caller: Caller
  ) async throws(APIError) -> KYCStanding {
    do {
      return try await kyc.standing(
        of: requests.filter { caller.role.mayCreate(through: $0.router) })
    } catch {
      throw APIError(error)
    }
  }

  /// Refuses everything while the breaker is open. Why it is open is nobody's business but ours.
  ///
  /// Throws a refusal, so that a repeated request still gets its first answer.
  func checkBreaker() async throws {
    let breaker: Breaker
    do throws(StoreError) { breaker = try await self.breaker.current() } catch {
      throw APIError(error)
    }
    guard breaker.state == .open else { return }
    let now = clock.now()
    let isAutomatic = breaker.cause?.needsPerson == false
    let again = breaker.since.advanced(milliseconds: pause.milliseconds)
    let seconds =
      isAutomatic ? max(1, (again.value - now.value + 999) / 1000) : Self.patience
    throw Refusal(
      .circuitBreakerOpen,
      details: [
        JSONMember("reason", .string("breaker_open")),
        // Those of the other refusals with this code; the breaker knows no amounts.
        JSONMember("limit", .null), JSONMember("used", .null), JSONMember("requested", .null),
        JSONMember("available_at", isAutomatic ? .string(again.iso8601) : .null),
        JSONMember("retry_after_seconds", .number(String(seconds))),
      ])
  }
}
