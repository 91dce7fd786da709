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

  private typealias Answer = Result<PayoutInsertion, StoreError>

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
  private let announcer: RequestAnnouncer
  private let failpoints: any Failpoints
  private let metrics: APIMetrics
  private let groups: Mutex<GroupCommit<Entry>>

  init(
    ports: APIPorts, configuration: APIConfiguration, announcer: RequestAnnouncer,
    metrics: APIMetrics
  ) {
    store = ports.payouts
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
    case .failure(let error): throw Self.refusal(error, payout)
    }
  }

  /// Commits a group, wakes the next one, announces what is new and tells the followers; answers
  /// for the first entry, whose task this is.
  private func commit(_ group: [Entry]) async -> Answer {
    let answers = await insert(group.map(\.payout))
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

  /// As many answers as payouts.
  private func insert(_ payouts: [Payout]) async -> [Answer] {
    failpoints.reach(.ingestBeforeInsert)
    do {
      let insertions = try await repeatedWhileInDoubt { () async throws(StoreError) in
        try await store.insert(payouts)
      }
      failpoints.reach(.ingestAfterInsert)
      guard insertions.count == payouts.count else {
        let error = StoreError(
          code: .corrupt, effect: .inDoubt, message: "as many answers as payouts are expected")
        return payouts.map { _ in .failure(error) }
      }
      return insertions.map { .success($0) }
    } catch {
      return payouts.map { _ in .failure(error) }
    }
  }

  private static func refusal(_ error: StoreError, _ payout: Payout) -> APIError {
    guard error.effect == .inDoubt else { return APIError(error) }
    return .outcomeUnknown(
      "payout", "payout_id", payout.id.text, hasKey: payout.idempotency != nil)
  }
}
