import Tron

// How a batch becomes accepted as a whole or not at all, without a transaction over many documents
// (rules N1 to N5 of docs/protocol.md): its payouts are prepared, one inserted document decides, and
// whoever finds prepared payouts acts upon that decision.
//
// | what happens | what is left | what follows |
// |---|---|---|
// | the creator dies before or while preparing | some prepared | swept: abort is inserted, they are deleted |
// | it dies after preparing | all prepared | the same |
// | it dies after the commit | a commit, all prepared | swept: admitted, announced |
// | it dies while admitting | a commit, some prepared | the same; admitting twice is admitting once |
// | it dies after admitting | all accepted | announced again as every payout is |
// | it sleeps before the commit, is aborted, wakes | an abort | its commit finds the abort: 503, nothing accepted |
// | it sleeps after the commit | a commit | swept and perhaps paid; it finds nothing left to admit |
// | its late insert arrives after the abort | an abort, some prepared | swept: deleted |
// | its late insert arrives after the commit | all there | refused as duplicates of themselves |
// | two sweepers, or a sweeper and the creator | one decision | the insert that came first stands for all |
// | a sweeper sleeps with an old reading | a decision | acts upon the one that stands; both acts touch prepared payouts only |
// | the store falls back to before the decision | all prepared, or some | undecided again: decided again |
// | the store falls back to before the admission | a commit, prepared | admitted again; what the journal knows is put back as of any payout |

/// What the creator of a batch does after preparing its payouts.
public enum BatchStep: Hashable, Sendable {
  /// All are prepared: decide.
  case commit
  /// The same request came before: this batch is the answer, if it was committed.
  case repeated(BatchID)
  /// It cannot be granted; what was prepared is to be discarded.
  case refuse(Refusal)

  /// Reads the store's answer.
  public init(_ preparation: BatchPreparation, of batch: Batch) {
    switch preparation {
    case .prepared: self = .commit
    case .refused(_, .inserted): self = .refuse(Refusal(.internalError))  // no duplicate at all
    case .refused(_, .duplicateKey(let existing)):
      guard existing.idempotency?.requestHash == batch.idempotency?.requestHash,
        let first = existing.batchID
      else {
        self = .refuse(.keyReused)
        return
      }
      self = .repeated(first)
    case .refused(let index, .duplicateReference(let existing)):
      self = .refuse(.referenceUsed(by: existing, index: index))
    }
  }
}

extension Refusal {
  /// A `client_reference` that another payout has; while that one's batch is not decided, neither
  /// is this.
  static func referenceUsed(by existing: Payout, index: Int? = nil) -> Refusal {
    let index = index.map { [JSONMember("index", .number(String($0)))] } ?? []
    guard existing.state.isAdmitted else {
      return Refusal(
        .requestInProgress,
        message: "The client_reference belongs to a batch that is not decided yet",
        details: [JSONMember("reason", .string("client_reference_undecided"))] + index)
    }
    return Refusal(
      .idempotencyConflict,
      message: "The client_reference was used for another payout",
      details: [
        JSONMember("reason", .string("client_reference_used")),
        JSONMember("payout_id", .string(existing.id.text)),
      ] + index)
  }

  /// A request whose first occurrence has no answer yet.
  public static var firstStillRunning: Refusal {
    Refusal(.requestInProgress, reason: "first_still_running")
  }
}

/// What is to be done with payouts that were prepared long ago.
public enum BatchRecovery: Hashable, Sendable {
  /// Insert an abort, and look again at the decision that then stands.
  case decide
  /// Admit them and announce them.
  case admit(Batch)
  /// Delete them: their key and references become free.
  case discard

  /// A function of the decision alone; nobody's age, owner or memory plays a part.
  public init(_ decision: BatchDecision?) {
    switch decision {
    case nil: self = .decide
    case .committed(let batch): self = .admit(batch)
    case .aborted: self = .discard
    }
  }
}
