import Payouts

extension AuditEntry.Kind: BSONText {}

extension AuditBlock: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", number)
    document.append("at", at)
    document.append("writer", writer)
    document.append("entries", entries)
    document.append("dropped", dropped)
    document.append("previous", previous)
    document.append("hash", hash)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      number: try reader.value("_id"), at: try reader.value("at"),
      writer: try reader.value("writer"), entries: try reader.value("entries"),
      dropped: try reader.value("dropped"), previous: try reader.value("previous"),
      hash: try reader.value("hash"))
  }
}

extension AuditEntry: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("kind", kind)
    document.append("action", action)
    document.append("at", at)
    document.append("who", ifPresent: actor.who)
    document.append("role", ifPresent: actor.role)
    document.append("from", ifPresent: actor.from)
    document.append("request_id", ifPresent: actor.requestID)
    document.append("subjects", subjects)
    document.append("note", ifPresent: note)
    document.append("count", count)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      try reader.value("kind"), try reader.value("action"), at: try reader.value("at"),
      by: AuditActor(), count: try reader.value("count"))
    // As they are: what is read must have the hash that it has.
    actor.who = try reader.optional("who")
    actor.role = try reader.optional("role")
    actor.from = try reader.optional("from")
    actor.requestID = try reader.optional("request_id")
    subjects = try reader.value("subjects")
    note = try reader.optional("note")
  }
}
