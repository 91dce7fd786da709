import Payouts
import Tron

extension MemoryStore: FirstRequestStore {
  func payout(
    of tenant: TenantID, idempotencyKey: String
  ) async throws(StoreError) -> Payout? {
    try check()
    return state.withLock { state in
      state.payouts.values.first {
        $0.tenant == tenant && $0.idempotency?.key == idempotencyKey
      }
    }
  }
}

extension MemoryStore: PayoutListStore, HourSumStore, SecretStore {
  func page(_ request: PayoutPageRequest) async throws(StoreError) -> PayoutPage {
    try check()
    let all = state.withLock { Array($0.payouts.values) }.filter(request.filter.matches)
    let below = all.map(\.id).filter { id in request.before.map { id < $0 } ?? true }
    let ids = PayoutPageIDs(merging: [below], for: request)
    return ids.page(
      of: all.filter { ids.ids.contains($0.id) }, filter: request.filter,
      count: request.countBound.map { PayoutCount(counted: all.count, bound: $0) })
  }

  func sums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum] {
    try check()
    let filter = PayoutFilter(scope: scope, from: from, until: until)
    state.withLock { $0.whenAdding }()
    let all = state.withLock { $0.payouts.values.filter(filter.matches) }
    var hours: [Int64: PayoutSums] = [:]
    for payout in all {
      let hour = payout.createdAt.value / HourSum.milliseconds * HourSum.milliseconds
      try hours[hour, default: PayoutSums()].add(
        PayoutSums.Sum(count: 1, amount: payout.request.amount),
        to: PayoutSums.Group(payout.request.router, payout.state))
    }
    return hours.map { HourSum(hour: UnixMilliseconds($0), sums: $1) }
  }

  func keptSums(
    of scope: PayoutScope, from: UnixMilliseconds, until: UnixMilliseconds
  ) async throws(StoreError) -> [HourSum] {
    try check()
    await passPause()
    return state.withLock { state in
      state.keptSums[scope, default: [:]].values.filter { from <= $0.hour && $0.hour < until }
    }
  }

  func keep(_ sums: [HourSum], of scope: PayoutScope) async throws(StoreError) {
    state.withLock { state in
      for sum in sums { state.keptSums[scope, default: [:]][sum.hour] = sum }
    }
  }

  func secret(
    _ name: SecretName, orFirst candidate: [UInt8]
  ) async throws(StoreError) -> [UInt8] {
    try check()
    return state.withLock { state in
      if let known = state.secrets[name] { return known }
      state.secrets[name] = candidate
      return candidate
    }
  }
}
