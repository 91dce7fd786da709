import Payouts
import Tron

extension Breaker.State: BSONText {}
extension Breaker.Cause: BSONText {}

extension Breaker: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", Self.documentID)
    document.append("state", state)
    document.append("cause", ifPresent: cause)
    document.append("reason", reason)
    document.append("since", since)
    document.append("by", by)
    document.append("rev", rev)
    document.append("trials", trials)
    document.append("spends", spends)
    document.append("unlogged", ifPresent: unlogged)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init()
    state = try reader.value("state")
    cause = try reader.optional("cause")
    reason = try reader.value("reason")
    since = try reader.value("since")
    by = try reader.value("by")
    rev = try reader.value("rev")
    trials = try reader.value("trials")
    spends = try reader.optional("spends") ?? []
    unlogged = try reader.optional("unlogged")
  }

  /// The `_id` of the only document.
  static let documentID = "breaker"
}

extension Trial: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("transfer_id", transfer)
    document.append("attempt", attempt)
    document.append("at", at)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      transfer: try reader.value("transfer_id"), attempt: try reader.value("attempt"),
      at: try reader.value("at"))
  }
}

extension KYCRecord: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", recipient)
    document.append("level", level)
    document.append("expires_at", expiresAt)
    document.append("reference_hash", referenceHash)
    document.append("revocation", ifPresent: revocation)
    document.append("rev", rev)
    document.append("by", by)
    document.append("at", at)
    document.append("unlogged", ifPresent: unlogged)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      recipient: try reader.value("_id"), level: try reader.value("level"),
      expiresAt: try reader.value("expires_at"),
      referenceHash: try reader.value("reference_hash"), by: try reader.value("by"),
      at: try reader.value("at"))
    revocation = try reader.optional("revocation")
    rev = try reader.value("rev")
    unlogged = try reader.optional("unlogged")
  }
}

extension KYCRecord.Revocation: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("reason", reason)
    document.append("by", by)
    document.append("at", at)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      reason: try reader.value("reason"), by: try reader.value("by"), at: try reader.value("at"))
  }
}
