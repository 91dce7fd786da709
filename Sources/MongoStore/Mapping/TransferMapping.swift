import Payouts
import Tron

extension Transfer: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", id)
    document.append("members", members)
    document.append("recipient", recipient)
    document.append("amount_micro", amount)
    document.append("router", router)
    document.append("lane", lane)
    document.append("partition", partition)
    document.append("state", state)
    document.append("hold", ifPresent: hold)
    document.append("rev", rev)
    document.append("token", token)
    document.append("next_attempt", nextAttempt)
    document.append("attempts", attempts)
    document.append("payment", ifPresent: payment)
    document.append("failure", ifPresent: failure)
    if !withdrawn.isEmpty { document.append("withdrawn", withdrawn) }
    document.append("closed", closed)
    document.append("created_at", createdAt)
    document.append("updated_at", updatedAt)
    document.append("traceparent", ifPresent: trace)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      id: try reader.value("_id"), members: try reader.value("members"),
      recipient: try reader.value("recipient"), amount: try reader.value("amount_micro"),
      router: try reader.value("router"), lane: try reader.value("lane"),
      partition: try reader.value("partition"), createdAt: try reader.value("created_at"))
    state = try reader.value("state")
    hold = try reader.optional("hold")
    rev = try reader.value("rev")
    token = try reader.value("token")
    nextAttempt = try reader.value("next_attempt")
    attempts = try reader.value("attempts")
    payment = try reader.optional("payment")
    failure = try reader.optional("failure")
    withdrawn = try reader.optional("withdrawn") ?? []
    closed = try reader.value("closed")
    updatedAt = try reader.value("updated_at")
    trace = try reader.optional("traceparent", as: ShownTrace.self)?.trace
  }
}

extension Hold: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("reason", reason)
    document.append("since", since)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(reason: try reader.value("reason"), since: try reader.value("since"))
  }
}

extension Attempt: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("number", number)
    document.append("epoch", epoch)
    document.append("owner", owner)
    document.append("raw_data", BSONBinary(rawData))
    document.append("txid", txid)
    document.append("reference_block", referenceBlock)
    document.append("expiration", expiration)
    document.append("signature", ifPresent: signature.map(BSONBinary.init))
    document.append("armed", armed)
    document.append("included", ifPresent: included)
    document.append("death", ifPresent: death)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    let rawData: BSONBinary = try reader.value("raw_data")
    let signature: BSONBinary? = try reader.optional("signature")
    self.init(
      number: try reader.value("number"), epoch: try reader.value("epoch"),
      owner: try reader.value("owner"), rawData: rawData.bytes, txid: try reader.value("txid"),
      referenceBlock: try reader.value("reference_block"),
      expiration: try reader.value("expiration"))
    self.signature = signature?.bytes
    armed = try reader.value("armed")
    included = try reader.optional("included")
    death = try reader.optional("death")
  }
}

extension DeathProof: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("kind", kind)
    document.append("block", block)
    document.append("block_id", blockID)
    document.append("block_time", blockTime)
    document.append("nodes", nodes)
    document.append("result", ifPresent: result)
    document.append("fee_sun", ifPresent: fee)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      kind: try reader.value("kind"), block: try reader.value("block"),
      blockID: try reader.value("block_id"), blockTime: try reader.value("block_time"),
      nodes: try reader.value("nodes"), result: try reader.optional("result"),
      fee: try reader.optional("fee_sun"))
  }
}
