import Payouts
import Tron

@testable import MongoStore

/// 2026-01-01T00:00:00Z.
let newYear = UnixMilliseconds(1_767_225_600_000)

/// A payout of a time, whose id has that time.
func timedPayout(
  _ createdAt: UnixMilliseconds, tenant: String = "alice", state: PayoutState = .accepted,
  router: RouterType = .v0, micro: Int64 = 5_500_000, serial: UInt64? = nil
) throws -> Payout {
  var payout = try samplePayout("", tenant: tenant, createdAt: createdAt.value)
  payout.id = PayoutID(
    createdAt: createdAt, high: 0, low: serial ?? .random(in: .min ... .max))
  payout.state = state
  payout.request.router = router
  payout.request.amount = USDTAmount(micro: micro)
  return payout
}

/// Payouts of a few tenants in any state, some of the same millisecond.
func randomPayouts(
  _ count: Int, within milliseconds: Int64, tenants: [String] = ["alice", "bob", "al"]
) throws -> [Payout] {
  var random = SystemRandomNumberGenerator()
  return try (0..<count).map { _ in
    try timedPayout(
      newYear.advanced(milliseconds: -.random(in: 0..<milliseconds, using: &random)),
      tenant: tenants.randomElement(using: &random) ?? "alice",
      state: PayoutState.allCases.randomElement(using: &random) ?? .accepted,
      router: RouterType.allCases.randomElement(using: &random) ?? .v0,
      micro: .random(in: 10_000...10_000_000_000, using: &random))
  }
}
