import Payouts
import Tron

extension Payment: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("txid", txid)
    document.append("block_number", blockNumber)
    document.append("block_time", blockTime)
    document.append("fee_sun", fee)
    document.append("confirmed_at", confirmedAt)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      txid: try reader.value("txid"), blockNumber: try reader.value("block_number"),
      blockTime: try reader.value("block_time"), fee: try reader.value("fee_sun"),
      confirmedAt: try reader.value("confirmed_at"))
  }
}

extension Failure: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("reason", reason)
    document.append("message", message)
    document.append("txid", ifPresent: txid)
    document.append("fee_sun", ifPresent: fee)
    document.append("at", at)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      reason: try reader.value("reason"), message: try reader.value("message"),
      txid: try reader.optional("txid"), fee: try reader.optional("fee_sun"),
      at: try reader.value("at"))
  }
}
