import Payouts
import Synchronization
import Tron

/// Counters and payouts of one simulated store, as several copies of Ingest see it.
final class LimitDocuments: Sendable {
  struct Contents {
    var counters: [CounterID: LimitCounter] = [:]
    var payouts: [PayoutID: Payout] = [:]
    /// Ended unpaid, and not given back yet.
    var due: Set<PayoutID> = []
  }

  let contents = Mutex(Contents())

  /// What the payouts alone add up to, those left out that ended unpaid.
  func recomputed(_ id: CounterID) -> [Int: Int64] {
    contents.withLock { contents in Self.reserved(by: id, excluding: contents.due, contents) }
  }

  static func reserved(
    by id: CounterID, excluding excluded: Set<PayoutID>, _ contents: Contents
  ) -> [Int: Int64] {
    var hours: [Int: Int64] = [:]
    for payout in contents.payouts.values where !excluded.contains(payout.id) {
      let isOurs =
        UTCDay(payout.createdAt) == id.day && payout.request.router == id.router
        && (id.tenant == nil || id.tenant == payout.tenant)
      let counts =
        switch payout.state {
        case .accepted, .scheduled, .assigned, .paid: true
        case .failed, .cancelled: contents.due.contains(payout.id)
        case .prepared: false
        }
      guard isOurs, counts else { continue }
      hours[UTCDay.hour(of: payout.createdAt), default: 0] += payout.request.amount.micro
    }
    return hours
  }
}

/// The ports of one process; it may die at every call, and calls may end in doubt.
struct SimulatedLimits: CounterStore, ReservationStore {
  let process: SimulatedProcess
  let documents: LimitDocuments
  /// Whether an answer is lost on its way.
  let losesAnswer: @Sendable () -> Bool

  private func call<Answer: Sendable>(
    _ body: @escaping @Sendable (inout LimitDocuments.Contents) -> Answer
  ) async throws(StoreError) -> Answer {
    let answer = try await process.storeCall { () throws(StoreError) in
      documents.contents.withLock { contents in body(&contents) }
    }
    guard !losesAnswer() else {
      throw StoreError(code: .unavailable, effect: .inDoubt, message: "the answer was lost")
    }
    return answer
  }

  func counters(_ ids: [CounterID]) async throws(StoreError) -> [LimitCounter] {
    try await call { contents in ids.compactMap { contents.counters[$0] } }
  }

  func counters(
    from: UTCDay, through: UTCDay, after: CounterID?, limit: Int
  ) async throws(StoreError) -> [LimitCounter] {
    try await call { contents in
      let all = contents.counters.values.sorted { $0.id < $1.id }
        .filter { from <= $0.id.day && $0.id.day <= through }
      return Array(all.filter { counter in after.map { $0 < counter.id } ?? true }.prefix(limit))
    }
  }

  func open(_ counter: LimitCounter) async throws(StoreError) {
    try await call { contents in
      if contents.counters[counter.id] == nil { contents.counters[counter.id] = counter }
    }
  }

  func apply(_ change: CounterChange) async throws(StoreError) -> Bool {
    try await call { contents in
      guard let new = contents.counters[change.counter]?.applying(change) else { return false }
      contents.counters[change.counter] = new
      return true
    }
  }

  func reserved(
    by counter: CounterID, excluding excluded: [PayoutID]
  ) async throws(StoreError) -> [Int: Int64] {
    try await call { contents in
      LimitDocuments.reserved(by: counter, excluding: Set(excluded), contents)
    }
  }

  func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] {
    try await call { contents in ids.compactMap { contents.payouts[$0] } }
  }

  func dueForRelease(
    among ids: [PayoutID]?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    try await call { contents in
      let due = contents.due.filter { ids?.contains($0) ?? true }.sorted().prefix(limit)
      return due.compactMap { contents.payouts[$0] }
    }
  }

  func releaseDone(_ ids: [PayoutID]) async throws(StoreError) {
    try await call { contents in contents.due.subtract(ids) }
  }

  /// As the store inserts; what comes too late is as if the process had given up, which is what the
  /// bounds of time-outs promise.
  func insert(
    _ payouts: [Payout], before deadline: UnixMilliseconds,
    now: @escaping @Sendable () -> UnixMilliseconds
  ) async throws(StoreError) {
    let isDone = try await call { contents in
      guard now() <= deadline else { return false }
      for payout in payouts where contents.payouts[payout.id] == nil {
        contents.payouts[payout.id] = payout
      }
      return true
    }
    if !isDone { throw StoreError(code: .unavailable, effect: .none, message: "too late") }
  }
}
