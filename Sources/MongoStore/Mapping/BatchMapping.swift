import Payouts
import Tron

/// The decision of one batch, as stored: a whole batch, or nothing but the fact that there is none.
struct BatchDocument: BSONRecord {
  let id: BatchID
  let decision: BatchDecision

  private enum Word: String, BSONText {
    case committed, aborted
  }

  init(id: BatchID, decision: BatchDecision) {
    self.id = id
    self.decision = decision
  }

  func write(to document: borrowing BSONDocument) {
    document.append("_id", id)
    switch decision {
    case .committed(let batch):
      document.append("decision", Word.committed)
      batch.write(to: document)
    case .aborted(let at):
      document.append("decision", Word.aborted)
      document.append("decided_at", at)
    }
  }

  init(from reader: BSONReader) throws(BSONFault) {
    id = try reader.value("_id")
    switch try reader.value("decision", as: Word.self) {
    case .committed: decision = .committed(try Batch(id: id, from: reader))
    case .aborted: decision = .aborted(at: try reader.value("decided_at"))
    }
  }
}

extension Batch {
  /// All but the id.
  fileprivate func write(to document: borrowing BSONDocument) {
    document.append("tenant", tenant)
    document.append("request_id", requestID)
    document.append("payout_ids", payoutIDs)
    document.append("total_payouts", payoutIDs.count)
    document.append("total_micro", totalAmount)
    document.append("router", router)
    document.append("priority", priority)
    document.append("batch_type", batchType)
    document.append("idempotency", ifPresent: idempotency)
    document.append("created_at", createdAt)
    document.append("estimated_completion", ifPresent: estimatedCompletion)
  }

  fileprivate init(id: BatchID, from reader: BSONReader) throws(BSONFault) {
    self.init(
      id: id, tenant: try reader.value("tenant"), requestID: try reader.value("request_id"),
      payoutIDs: try reader.value("payout_ids"), totalAmount: try reader.value("total_micro"),
      router: try reader.value("router"), priority: try reader.value("priority"),
      batchType: try reader.value("batch_type"), idempotency: try reader.optional("idempotency"),
      createdAt: try reader.value("created_at"),
      estimatedCompletion: try reader.optional("estimated_completion"))
  }
}
