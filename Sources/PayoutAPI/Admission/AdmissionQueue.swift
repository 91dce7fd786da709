import Logging
import Payouts
import Synchronization

/// Brings payouts into the store, many concurrent ones in one commit, and into the log.
final class AdmissionQueue: Sendable {
  /// A payout on its way into the store.
  private struct Entry: Sendable {
    var payout: Payout
    var trace: TraceContext
    var turn: CheckedContinuation<Turn, Never>
  }

  typealias Answer = Result<PayoutInsertion, AdmissionFailure>

  /// What becomes of an entry.
  private enum Turn: Sendable {
    /// Commit this group; the entry is its first.
    case lead([Entry])
    /// Somebody else committed it.
    case done(Answer)
    /// Too many wait.
    case full
  }

  private let store: any PayoutStore
  private let clock: any WallClock
  private let announcer: RequestAnnouncer
  private let limits: AmountLimiter?
  private let failpoints: any Failpoints
  private let metrics: APIMetrics
  private let groups: Mutex<GroupCommit<Entry>>

  init(
    ports: APIPorts, configuration: APIConfiguration, announcer: RequestAnnouncer,
    metrics: APIMetrics
  ) {
    clock = ports.clock
    store = ports.payouts
    limits = ports.limits
    failpoints = ports.failpoints
    self.announcer = announcer
    self.metrics = metrics
    groups = Mutex(
      GroupCommit(
        maximumGroup: configuration.maximumGroup,
        maximumUnderWay: configuration.maximumGroupsUnderWay,
        capacity: configuration.maximumWaiting))
  }

  /// Returns when the payout is in the store and, if the broker answers in time, in the log.
  func admit(
    _ payout: Payout, trace: TraceContext
  ) async throws(APIError) -> PayoutInsertion {
    let turn = await withCheckedContinuation { turn in
      let entry = Entry(payout: payout, trace: trace, turn: turn)
      switch groups.withLock({ $0.submitted(entry) }) {
      case .lead: turn.resume(returning: .lead([entry]))
      case .wait: break
      case .refuse: turn.resume(returning: .full)
      }
    }
    let answer: Answer
    switch turn {
    case .lead(let group): answer = await commit(group)
    case .done(let told): answer = told
    case .full:
      throw .unavailable("admission", reason: "overloaded", message: "Too many requests wait")
    }
    switch answer {
    case .success(let insertion): return insertion
    case .failure(.limit(let refusal)): throw APIError(refusal, now: clock.now())
    case .failure(.store(let error)): throw Self.refusal(error, payout)
    }
  }

  /// Commits a group, wakes the next one, announces what is new and tells the followers; answers
  /// for the first entry, whose task this is.
  private func commit(_ group: [Entry]) async -> Answer {
    let answers = await insertWithinLimits(group.map(\.payout))
    metrics.groupSize.record(group.count)
    let next = groups.withLock { $0.committed() }
    next.first?.turn.resume(returning: .lead(next))
    await announce(zip(group, answers))
    for (entry, answer) in zip(group, answers).dropFirst() {
      entry.turn.resume(returning: .done(answer))
    }
    return answers[0]
  }

  private func announce(_ answers: Zip2Sequence<[Entry], [Answer]>) async {
    let records = answers.compactMap { entry, answer -> OutgoingRecord? in
      guard case .success(.inserted) = answer else { return nil }
      return LogMessages.requested(entry.payout, traceparent: entry.trace.traceparent)
    }
    guard !records.isEmpty else { return }
    await announcer.announce(records)
    failpoints.reach(.ingestAfterAppend)
  }

  /// Reserves what the payouts ask for, inserts those that fit, and tells the limiter which came
  /// into the store. As many answers as payouts.
  private func insertWithinLimits(_ payouts: [Payout]) async -> [Answer] {
    guard let limits else { return await insert(payouts) }
    let reservation: Reservation
    do {
      reservation = try await limits.reserve(payouts.map { [$0] })
    } catch {
      return payouts.map { _ in .failure(.store(error)) }
    }
    failpoints.reach(.ingestAfterReserve)
    let refusals = reservation.refusals
    let fitting = payouts.enumerated().filter { refusals[$0.offset] == nil }.map(\.element)
    guard reservation.isValid(at: clock.now()) || fitting.isEmpty else {
      await limits.end(reservation, inserted: [])
      return payouts.map { _ in .failure(.store(.tooSlow)) }
    }
    let inserted = fitting.isEmpty ? [] : await insert(fitting)
    await end(reservation, limits, zip(fitting, inserted))
    var rest = inserted.makeIterator()
    return payouts.indices.map { index in
      if let refusal = refusals[index] { return .failure(.limit(refusal)) }
      return rest.next() ?? .failure(.store(.miscounted))
    }
  }

  /// Nothing is ended while any insert is in doubt: the repair looks, later.
  private func end(
    _ reservation: Reservation, _ limits: AmountLimiter, _ answers: Zip2Sequence<[Payout], [Answer]>
  ) async {
    var inserted: Set<PayoutID> = []
    for (payout, answer) in answers {
      switch answer {
      case .success(.inserted): inserted.insert(payout.id)
      case .success(.duplicateKey), .success(.duplicateReference), .failure(.limit): continue
      case .failure(.store(let error)): if error.effect == .inDoubt { return }
      }
    }
    await limits.end(reservation, inserted: inserted)
  }

  /// As many answers as payouts.
  private func insert(_ payouts: [Payout]) async -> [Answer] {
    failpoints.reach(.ingestBeforeInsert)
    do {
      let insertions = try await repeatedWhileInDoubt { () async throws(StoreError) in
        try await store.insert(payouts)
      }
      failpoints.reach(.ingestAfterInsert)
      guard insertions.count == payouts.count else {
        return payouts.map { _ in .failure(.store(.miscounted)) }
      }
      return insertions.map { .success($0) }
    } catch {
      return payouts.map { _ in .failure(.store(error)) }
    }
  }

  private static func refusal(_ error: StoreError, _ payout: Payout) -> APIError {
    guard error.effect == .inDoubt else { return APIError(error) }
    return .outcomeUnknown(
      "payout", "payout_id", payout.id.text, hasKey: payout.idempotency != nil)
  }
}
