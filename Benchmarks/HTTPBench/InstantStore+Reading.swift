import Payouts
import Tron

// What the benchmark never asks for.

extension InstantStore: FirstRequestStore {
  func payout(
    of tenant: TenantID, idempotencyKey: String
  ) async throws(StoreError) -> Payout? { nil }
}

extension InstantStore: PayoutListStore, HourSumStore, SecretStore {
  func page(_ request: PayoutPageRequest) async throws(StoreError) -> PayoutPage {
    PayoutPage(payouts: [], last: nil, hasMore: false)
  }

  func sums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum] { [] }

  func keptSums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum] { [] }

  func keep(_ sums: [HourSum], of scope: PayoutScope) async throws(StoreError) {}

  func secret(
    _ name: SecretName, orFirst candidate: [UInt8]
  ) async throws(StoreError) -> [UInt8] { candidate }
}
