import Payouts
import Tron

/// A `TransactionInfo`. Nodes leave out what is zero or empty.
struct ReceiptFields: JSONFields {
  private var id: [UInt8]?
  private var blockNumber: Int64?
  private var blockTime: Int64?
  private var fee: Int64 = 0
  private var result: String?
  private var resources = ResourceFields()
  private var logs: [LogFields] = []

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "id": id = try reader.hex()
    case "blockNumber": blockNumber = try reader.int64()
    case "blockTimeStamp": blockTime = try reader.int64()
    case "fee": fee = try reader.int64()
    case "result": result = try reader.string()
    case "receipt": resources = try reader.fields()
    case "log": logs = try reader.list()
    default: try reader.skip()
    }
  }

  func receipt() throws(AnswerFault) -> ChainReceipt {
    guard let txid = TransactionID(bytes: try id.required("id")) else {
      throw AnswerFault(malformed: "a transaction id is not 32 bytes")
    }
    let block = BlockNumber(try blockNumber.required("blockNumber"))
    let time = UnixMilliseconds(try blockTime.required("blockTimeStamp"))
    guard block.isPlausible, time.isPlausible, (0..<1 << 53).contains(fee) else {
      throw AnswerFault(malformed: "an impossible block, time or fee")
    }
    return ChainReceipt(
      txid: txid, blockNumber: block, blockTime: time, fee: Sun(fee),
      result: result, receiptResult: resources.result, energyUsed: resources.energy,
      logs: try logs.map { log throws(AnswerFault) in try log.log() })
  }
}

private struct ResourceFields: JSONFields {
  private(set) var result: String?
  private(set) var energy: Int64 = 0

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "result": result = try reader.string()
    case "energy_usage_total": energy = try reader.int64()
    default: try reader.skip()
    }
  }
}

private struct LogFields: JSONFields {
  private var address: [UInt8]?
  private var topics: [[UInt8]] = []
  private var data: [UInt8] = []

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "address": address = try reader.hex()
    case "topics":
      topics = []
      try reader.array { reader throws(AnswerFault) in topics.append(try reader.hex()) }
    case "data": data = try reader.hex()
    default: try reader.skip()
    }
  }

  /// Nodes print the contract as 20 bytes, some with the prefix of an address. Lengths are not
  /// checked here: one odd event must not hide a whole block.
  func log() throws(AnswerFault) -> ContractLog {
    var address = try address.required("log.address")
    if address.count == 21, address.first == TronAddress.prefix { address.removeFirst() }
    return ContractLog(address: address, topics: topics, data: data)
  }
}
