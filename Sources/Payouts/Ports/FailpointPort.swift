/// A named point between two steps of the protocol, where tests let the process die.
public enum Failpoint: String, CaseIterable, Sendable {
  case ingestAfterReserve = "ingest.after_reserve"
  case ingestBeforeInsert = "ingest.before_insert"
  case ingestAfterInsert = "ingest.after_insert"
  case ingestAfterAppend = "ingest.after_append"
  case ingestBatchAfterReserve = "ingest.batch_after_reserve"
  case ingestBatchAfterPrepare = "ingest.batch_after_prepare"
  case ingestBatchAfterCommit = "ingest.batch_after_commit"
  case ingestBatchAfterFlip = "ingest.batch_after_flip"
  case cancelAfterAssign = "ingest.cancel_after_assign"
  case cancelAfterVoiding = "ingest.cancel_after_voiding"
  case cancelAfterRecord = "ingest.cancel_after_record"
  case batcherBeforeAssign = "batcher.before_assign"
  case batcherAfterAssign = "batcher.after_assign"
  case batcherAfterInsert = "batcher.after_insert"
  case batcherAfterHint = "batcher.after_hint"
  case signerBeforePlan = "signer.before_plan"
  case signerAfterPlan = "signer.after_plan"
  case signerAfterSign = "signer.after_sign"
  case signerAfterJournal = "signer.after_journal"
  case confirmerAfterRecord = "confirmer.after_record"
  case confirmerBeforeArm = "confirmer.before_arm"
  case confirmerAfterArm = "confirmer.after_arm"
  case confirmerAfterBroadcast = "confirmer.after_broadcast"
  case confirmerAfterPaid = "confirmer.after_paid"
  case confirmerAfterMembers = "confirmer.after_members"
  case confirmerAfterSettled = "confirmer.after_settled"
  case confirmerAfterClose = "confirmer.after_close"
  case confirmerAfterDeath = "confirmer.after_death"
  case confirmerAfterReady = "confirmer.after_ready"
  case confirmerAfterFailing = "confirmer.after_failing"
  case confirmerAfterFailingRecord = "confirmer.after_failing_record"
  case confirmerAfterFailed = "confirmer.after_failed"
}

/// Told whenever a failpoint is passed; may end the process there and then.
public protocol Failpoints: Sendable {
  /// The point was reached.
  func reach(_ point: Failpoint)
}

/// Never dies.
public struct NoFailpoints: Failpoints {
  /// Makes one.
  public init() {}
  /// Passes.
  public func reach(_ point: Failpoint) {}
}
