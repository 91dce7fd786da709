import HTTPTypes
import Hummingbird
import Logging
import Payouts
import Service

/// `POST /payouts/{payout_id}/cancel` and `POST /payouts/batch/{batch_id}/cancel`.
///
/// 200 means that it is cancelled for ever. While the journal's record waits for a Confirmer the
/// answer is 202: repeating the call, or reading the payout, tells how it ended.
struct CancelPayouts: Sendable {
  private static let firstPause = Duration.milliseconds(25)
  private static let longestPause = Duration.milliseconds(400)

  let canceller: PayoutCanceller
  let payouts: any PayoutStore
  let batches: any BatchStore
  let transfers: any TransferStore
  let facts: FactsCache
  let kyc: KYCGate
  let patience: Duration
  let auditTrail: AuditTrail
  let logger: Logger

  /// Cancels one payout that the caller may see. Somebody else's does not exist.
  func payout(_ text: Substring, call: Call) async throws -> Response {
    let caller = try call.authenticated()
    guard let id = PayoutID(clientText: text) else { throw Self.payoutNotFound }
    return try await translatingErrors {
      guard let found = try await payouts.payouts([id]).first, caller.mayRead(found),
        try await isAccepted(found)
      else { throw Self.payoutNotFound }
      let outcome = try await cancel([id], call)[id] ?? .refused(.beingAssigned)
      if case .refused(let objection) = outcome { throw APIError(Self.refusal(objection)) }
      guard let payout = try await payouts.payouts([id]).first else { throw Self.payoutNotFound }
      let transfer = try await underWay([payout]).first
      let hold = try await kyc.standing(ofWaiting: [payout]).hold(of: payout)
      return PayoutAnswer.response(
        PayoutView(
          payout, transfer: transfer, head: facts.last?.head?.latest.number, hold: hold),
        status: payout.state == .cancelled ? .ok : .accepted, headers: Self.headers(payout.state))
    }
  }

  /// Cancels what can be cancelled of a batch: its counts tell how many that is.
  func batch(_ text: Substring, call: Call) async throws -> Response {
    let caller = try call.authenticated()
    guard let id = BatchID(clientText: text) else { throw Self.batchNotFound }
    return try await translatingErrors {
      guard case .committed(let batch) = try await batches.decisions(on: [id])[id],
        caller.mayRead(batch)
      else { throw Self.batchNotFound }
      let outcomes = try await cancel(batch.payoutIDs, call)
      guard outcomes.values.contains(where: { $0 == .cancelled || $0 == .underWay }) else {
        throw Self.noneCancellable
      }
      let members = try await payouts.payouts(batch.payoutIDs)
      let standing = try await kyc.standing(ofWaiting: members)
      let view = BatchView(
        batch, payouts: members, transfers: try await underWay(members),
        isHeld: members.contains { standing.hold(of: $0) != nil })
      let waits = outcomes.values.contains(.underWay)
      return BatchAnswer.response(
        view, status: waits ? .accepted : .ok,
        headers: waits ? [.retryAfter: Self.retrySeconds] : [:])
    }
  }

  /// Asks, and waits for what is under way, within a bound.
  ///
  /// The audit log has that it was asked for before anything happens, whatever becomes of us then, and at
  /// the end how far it is known what came of it: a cancellation may take effect although the answer is an
  /// error.
  private func cancel(
    _ ids: [PayoutID], _ call: Call
  ) async throws -> [PayoutID: Cancellation] {
    // No transfer is formed by settings that were not seen to fit the database.
    _ = try await facts.current()
    try await auditTrail.record(Self.entries("requested", ids, call))
    var outcomes: [PayoutID: Cancellation] = [:]
    do {
      try await cancel(ids, &outcomes)
    } catch {
      note("outcome_unknown", ids.filter { outcomes[$0].map { $0 == .underWay } ?? true }, call)
      report(outcomes, call)
      throw error
    }
    report(outcomes, call)
    return outcomes
  }

  private func cancel(
    _ ids: [PayoutID], _ outcomes: inout [PayoutID: Cancellation]
  ) async throws {
    outcomes = try await canceller.cancel(ids)
    let deadline = ContinuousClock.now + patience
    var pause = Self.firstPause
    while ContinuousClock.now < deadline {
      let open = outcomes.filter { $0.value == .underWay }.map(\.key)
      let busy = outcomes.filter { $0.value == .refused(.beingAssigned) }.map(\.key)
      guard !open.isEmpty || !busy.isEmpty else { break }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, Self.longestPause)
      if !busy.isEmpty {
        outcomes.merge(try await canceller.cancel(busy)) { $1 }
      }
      for payout in try await payouts.payouts(open) where payout.state.isFinal {
        outcomes[payout.id] = Cancellation(final: payout)
      }
    }
  }

  /// Payouts of a batch that is committed are, even before each of them says so.
  private func isAccepted(_ payout: Payout) async throws(StoreError) -> Bool {
    guard !payout.state.isAdmitted else { return true }
    guard let batch = payout.batchID,
      case .committed? = try await batches.decisions(on: [batch])[batch]
    else { return false }
    return true
  }

  private func underWay(_ payouts: [Payout]) async throws(StoreError) -> [Transfer] {
    try await transfers.transfers(
      payouts.filter { $0.state == .assigned }.compactMap(\.transferID))
  }

  private func report(_ outcomes: [PayoutID: Cancellation], _ call: Call) {
    for (word, some) in Dictionary(grouping: outcomes, by: \.value.word) {
      note(word, some.map(\.key), call)
    }
    for (id, outcome) in outcomes {
      logger.info(
        "cancelling was asked for",
        metadata: [
          "payout_id": .string(id.text), "outcome": .string(outcome.word),
          "request_id": .string(call.id.text), "trace_id": .string(call.trace.traceID),
        ])
    }
  }

  private func note(_ word: String, _ ids: [PayoutID], _ call: Call) {
    for entry in Self.entries(word, ids, call) { auditTrail.note(entry) }
  }

  /// Entries for the audit log, as many as the payouts need.
  private static func entries(_ word: String, _ ids: [PayoutID], _ call: Call) -> [AuditEntry] {
    let subjects = ids.map(\.text).sorted()
    return stride(from: 0, to: subjects.count, by: AuditEntry.maximumSubjects).map { first in
      let part = subjects[first..<min(first + AuditEntry.maximumSubjects, subjects.count)]
      return AuditEntry(
        .cancel, word, at: call.receivedAt, by: call.actor, subjects: Array(part),
        count: Int64(part.count))
    }
  }

  private func translatingErrors(
    _ body: () async throws -> Response
  ) async throws -> Response {
    do { return try await body() } catch let error as StoreError {
      throw APIError(error)
    } catch is LogError {
      // It is on its way to be cancelled, and a sweeper finishes it; nothing is certain yet.
      throw APIError.unavailable(
        "log", reason: "outcome_unknown",
        message: "Whether it will be cancelled is not known. Repeat the call, or read it later")
    }
  }

  private static func headers(_ state: PayoutState) -> HTTPFields {
    state == .cancelled ? [:] : [.retryAfter: retrySeconds]
  }

  private static let retrySeconds = "1"

  private static func refusal(_ objection: Cancellation.Objection) -> Refusal {
    Refusal(.notCancellable, reason: objection.rawValue, message: objection.sentence)
  }

  private static let noneCancellable = APIError(
    Refusal(
      .notCancellable, message: "No payout of the batch can be cancelled any more",
      details: [
        JSONMember("resource", .string("batch")),
        JSONMember("reason", .string("none_cancellable")),
      ]))

  private static let payoutNotFound = APIError(Refusal(.payoutNotFound))
  private static let batchNotFound = APIError(
    Refusal(
      .payoutNotFound, message: "Batch not found",
      details: [JSONMember("resource", .string("batch"))]))
}

extension Cancellation {
  fileprivate var word: String {
    switch self {
    case .cancelled: "cancelled"
    case .underWay: "under_way"
    case .refused(let objection): objection.rawValue
    }
  }
}

extension Cancellation.Objection {
  fileprivate var sentence: String {
    switch self {
    case .paid: "The payout is paid"
    case .failed: "The payout failed already"
    case .planned: "A transaction of the payout is planned; it may be on its way"
    case .beingAssigned: "The payout is just being handed on; repeat the call"
    }
  }
}
