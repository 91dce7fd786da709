import Payouts
import Tron

extension MemoryStore: CounterStore, ReservationStore {
  func counters(_ ids: [CounterID]) async throws(StoreError) -> [LimitCounter] {
    try check()
    return state.withLock { state in ids.compactMap { state.counters[$0] } }
  }

  func counters(
    from: UTCDay, through: UTCDay, after: CounterID?, limit: Int
  ) async throws(StoreError) -> [LimitCounter] {
    state.withLock { state in
      state.counters.values.sorted { $0.id < $1.id }
        .filter { counter in after.map { $0 < counter.id } ?? true }
    }
  }

  func open(_ counter: LimitCounter) async throws(StoreError) {
    state.withLock { if $0.counters[counter.id] == nil { $0.counters[counter.id] = counter } }
  }

  func apply(_ change: CounterChange) async throws(StoreError) -> Bool {
    try check()
    return state.withLock { state in
      guard let new = state.counters[change.counter]?.applying(change) else { return false }
      state.counters[change.counter] = new
      return true
    }
  }

  func reserved(
    by counter: CounterID, excluding excluded: [PayoutID]
  ) async throws(StoreError) -> [Int: Int64] {
    state.withLock { state in
      var hours: [Int: Int64] = [:]
      for payout in state.payouts.values
      where payout.state.isAdmitted && !excluded.contains(payout.id)
        && payout.request.router == counter.router && UTCDay(payout.createdAt) == counter.day
        && (counter.tenant == nil || counter.tenant == payout.tenant)
      {
        hours[UTCDay.hour(of: payout.createdAt), default: 0] += payout.request.amount.micro
      }
      return hours
    }
  }

  // What only the sweepers call.
  func dueForRelease(
    among ids: [PayoutID]?, limit: Int
  ) async throws(StoreError) -> [Payout] { [] }
  func releaseDone(_ ids: [PayoutID]) async throws(StoreError) {}
}
