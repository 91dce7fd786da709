import Payouts
import Tron

/// A full node's `wallet` methods.
public struct TronFullNode: FullNode {
  private let client: NodeClient

  /// A node at an address, over a shared transport.
  public init(url: NodeURL, key: NodeAPIKey? = nil, transport: NodeTransport) {
    client = NodeClient(url: url, key: key, transport: transport)
  }

  /// Host and port.
  public var name: String { client.name }

  /// Hands over a signed transaction (`broadcasthex`). A failure is always in doubt: the node may
  /// have taken it before the answer was lost.
  public func broadcast(_ transaction: [UInt8]) async throws(ChainError) -> BroadcastAnswer {
    try await client.call(
      "wallet/broadcasthex", ["transaction": .bytes(transaction)], effect: .inDoubt
    ) { reader throws(AnswerFault) in
      try reader.fields(Answer<BroadcastFields>.self).required().answer()
    }
  }

  /// The head block (`getnowblock`).
  public func head() async throws(ChainError) -> ChainBlock {
    try await client.head("wallet/getnowblock")
  }

  /// A block of the node's present chain (`getblockbynum`); `nil` beyond the head.
  public func block(_ number: BlockNumber) async throws(ChainError) -> ChainBlock? {
    try await client.block("wallet/getblockbynum", number)
  }

  /// Prices from `getchainparameters`, where a zero is a key without a value.
  public func prices() async throws(ChainError) -> (energy: Sun, bandwidth: Sun) {
    let parameters = try await client.call("wallet/getchainparameters") {
      reader throws(AnswerFault) in
      let answer = try reader.fields(Answer<ParameterListFields>.self).required()
      return (
        energy: try answer.value(of: "getEnergyFee"),
        bandwidth: try answer.value(of: "getTransactionFee")
      )
    }
    return (energy: Sun(parameters.energy), bandwidth: Sun(parameters.bandwidth))
  }

  /// Staked energy that an account has left (`getaccountresource`); none without an account.
  public func energyLeft(of account: TronAddress) async throws(ChainError) -> Int64 {
    try await client.call("wallet/getaccountresource", ["address": .bytes(account.bytes)]) {
      reader throws(AnswerFault) in
      try reader.fields(Answer<AccountResourceFields>.self).checked()?.energyLeft() ?? 0
    }
  }

  /// The energy of a transfer by simulation (`triggerconstantcontract`); `nil` when it reverted.
  public func transferEnergy(
    contract: TronAddress, from owner: TronAddress, to recipient: TronAddress, amount: USDTAmount
  ) async throws(ChainError) -> Int64? {
    let call = TransferCall(recipient: recipient, amount: UInt256(UInt64(clamping: amount.micro)))
    return try await client.call(
      "wallet/triggerconstantcontract",
      [
        "owner_address": .bytes(owner.bytes),
        "contract_address": .bytes(contract.bytes),
        "function_selector": .text("transfer(address,uint256)"),
        "parameter": .bytes(Array(call.data.dropFirst(TransferCall.selector.count))),
      ]
    ) { reader throws(AnswerFault) in
      let answer = try reader.fields(Answer<ConstantCallFields>.self).required()
      return try answer.hasReverted() ? nil : try answer.energy.required("energy_used")
    }
  }
}

extension NodeClient {
  /// The head of the chain that a method shows.
  func head(_ method: StaticString) async throws(ChainError) -> ChainBlock {
    try await call(method) { reader throws(AnswerFault) in
      try reader.fields(Answer<BlockFields>.self).required().block()
    }
  }

  /// A block by number; `nil` when the node says that it has none.
  func block(
    _ method: StaticString, _ number: BlockNumber
  ) async throws(ChainError) -> ChainBlock? {
    try await call(method, ["num": .number(number.value)]) { reader throws(AnswerFault) in
      guard let block = try reader.fields(Answer<BlockFields>.self).checked()?.block() else {
        return nil
      }
      guard block.number == number else {
        throw AnswerFault(
          malformed: "asked for block \(number.value), got \(block.number.value)")
      }
      return block
    }
  }
}

private struct BroadcastFields: JSONFields {
  private var code: String?
  private var message = ""

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "code": code = try reader.string()
    case "message": message = try reader.string()
    default: try reader.skip()
    }
  }

  func answer() throws(AnswerFault) -> BroadcastAnswer {
    // LIMIT: the words are for people; they are stored and logged.
    BroadcastAnswer(code: try code.required("code"), message: String(message.prefix(500)))
  }
}

private struct ParameterListFields: JSONFields {
  private struct Parameter: JSONFields {
    var key = ""
    var value: Int64 = 0

    mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
      switch key {
      case "key": self.key = try reader.string()
      case "value": value = try reader.int64()
      default: try reader.skip()
      }
    }
  }

  private var parameters: [Parameter] = []

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "chainParameter": parameters = try reader.list()
    default: try reader.skip()
    }
  }

  func value(of key: String) throws(AnswerFault) -> Int64 {
    try parameters.first { $0.key == key }.required(key).value
  }
}

private struct AccountResourceFields: JSONFields {
  private var limit: Int64 = 0
  private var used: Int64 = 0
  private var isAccount = false

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "EnergyLimit": limit = try reader.int64()
    case "EnergyUsed": used = try reader.int64()
    case "TotalEnergyLimit", "TotalNetLimit", "freeNetLimit":
      isAccount = true
      try reader.skip()
    default: try reader.skip()
    }
  }

  /// Zeros are left out, so something else must say that this is an account at all.
  func energyLeft() throws(AnswerFault) -> Int64 {
    guard isAccount else { throw AnswerFault(malformed: "no limits") }
    return max(0, limit - used)
  }
}
