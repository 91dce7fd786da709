import Payouts
import Tron

/// A block: its id, its header and, of its transactions, ids and owners.
struct BlockFields: JSONFields {
  private var id: [UInt8]?
  private var header: HeaderFields?
  private var transactions: [TransactionFields] = []

  /// Root of a block without transactions.
  private static let emptyRoot = [UInt8](repeating: 0, count: 32)

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "blockID": id = try reader.hex()
    case "block_header": header = try reader.fields(Wrapped<HeaderFields>.self).content
    case "transactions": transactions = try reader.list()
    default: try reader.skip()
    }
  }

  /// The block, when id, number, time and parent agree with each other, and the list of
  /// transactions with their root.
  ///
  /// Time decides whether transactions are dead, so a block without it is no block. So does the
  /// absence of a transaction: nodes leave out an empty list, and an answer that lost its list must
  /// not pass for a block without transactions.
  func block() throws(AnswerFault) -> ChainBlock {
    let header = try header.required("block_header.raw_data")
    let id = try blockID(try id.required("blockID"))
    let parent = try blockID(try header.parent.required("parentHash"))
    let number = header.number
    guard id.number.value == number else {
      throw AnswerFault(malformed: "block \(number) has the id of block \(id.number.value)")
    }
    guard number == 0 || parent.number.value == number - 1 else {
      throw AnswerFault(malformed: "block \(number) has parent \(parent.number.value)")
    }
    guard id.number.isPlausible else { throw AnswerFault(malformed: "block \(number)") }
    let time = UnixMilliseconds(header.time)
    guard number == 0 || header.time > 0, time.isPlausible else {
      throw AnswerFault(malformed: "no timestamp, or an impossible one")
    }
    let root = try header.root.required("txTrieRoot")
    guard root.count == 32, (root == Self.emptyRoot) == transactions.isEmpty else {
      throw AnswerFault(
        malformed: "block \(number) has \(transactions.count) transactions and another root")
    }
    return ChainBlock(
      id: id, parent: parent, time: time,
      transactions: try transactions.map { fields throws(AnswerFault) in
        try fields.transaction()
      })
  }

  private func blockID(_ bytes: [UInt8]) throws(AnswerFault) -> BlockID {
    guard let id = BlockID(bytes: bytes) else {
      throw AnswerFault(malformed: "a block id is not 32 bytes")
    }
    return id
  }
}

/// Several blocks: `{"block": [...]}`.
struct BlockListFields: JSONFields {
  private var list: [BlockFields]?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "block": list = try reader.list()
    default: try reader.skip()
    }
  }

  func blocks() throws(AnswerFault) -> [ChainBlock] {
    let list = try list.required("block")
    return try list.map { fields throws(AnswerFault) in try fields.block() }
  }
}

/// `raw_data` of a header. Nodes leave out a number that is zero.
private struct HeaderFields: JSONFields {
  var number: Int64 = 0
  var time: Int64 = 0
  var parent: [UInt8]?
  var root: [UInt8]?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "number": number = try reader.int64()
    case "timestamp": time = try reader.int64()
    case "parentHash": parent = try reader.hex()
    case "txTrieRoot": root = try reader.hex()
    default: try reader.skip()
    }
  }
}

/// A transaction in a block: id, and owner of the first contract where it can be read.
private struct TransactionFields: JSONFields {
  private var id: [UInt8]?
  private var raw = RawFields()

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "txID": id = try reader.hex()
    case "raw_data": raw = try reader.fields()
    default: try reader.skip()
    }
  }

  func transaction() throws(AnswerFault) -> ChainTransaction {
    guard let txid = TransactionID(bytes: try id.required("txID")) else {
      throw AnswerFault(malformed: "a transaction id is not 32 bytes")
    }
    return ChainTransaction(txid: txid, owner: raw.owner, contract: raw.contract)
  }
}

private struct RawFields: JSONFields {
  private(set) var owner: TronAddress?
  private(set) var contract: String?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "contract":
      let contracts = try reader.list(of: ContractFields.self)
      owner = contracts.first?.owner
      contract = contracts.first?.type
    default: try reader.skip()
    }
  }
}

private struct ContractFields: JSONFields {
  private(set) var owner: TronAddress?
  private(set) var type: String?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "type": type = try reader.string()
    case "parameter": owner = try reader.fields(ParameterFields.self).owner
    default: try reader.skip()
    }
  }
}

private struct ParameterFields: JSONFields {
  private(set) var owner: TronAddress?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "value": owner = try reader.fields(OwnerFields.self).owner
    default: try reader.skip()
    }
  }
}

private struct OwnerFields: JSONFields {
  private var text: String?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "owner_address": text = try reader.string()
    default: try reader.skip()
    }
  }

  /// An owner that cannot be read is no fault of the block.
  var owner: TronAddress? {
    guard let text, let bytes = Tron.bytes(hex: text) else { return nil }
    do { return try TronAddress(bytes: bytes) } catch { return nil }
  }
}

/// An object of which only `raw_data` matters.
private struct Wrapped<Content: JSONFields>: JSONFields {
  private(set) var content: Content?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "raw_data": content = try reader.fields()
    default: try reader.skip()
    }
  }
}
