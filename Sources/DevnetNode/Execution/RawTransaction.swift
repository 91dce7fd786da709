import Tron

/// The parts of `raw_data` when the node itself writes it: for `createtransaction`,
/// `triggersmartcontract`, and for transactions that arrive as JSON.
struct RawTransaction: Sendable {
  var referenceBytes: [UInt8] = []
  var referenceNumber: Int64 = 0
  var referenceHash: [UInt8] = []
  var expirationMilliseconds: Int64 = 0
  var memo: [UInt8] = []
  var contracts: [Contract] = []
  var scripts: [UInt8] = []
  var timestampMilliseconds: Int64 = 0
  var feeLimit: Int64 = 0

  /// One contract with its parameter serialised.
  struct Contract: Sendable {
    var type: ContractType
    var typeURL: String
    var value: [UInt8]
    var permissionID: Int64 = 0
    var provider: [UInt8] = []
    var name: [UInt8] = []

    /// A TransferContract.
    static func transfer(owner: [UInt8], recipient: [UInt8], amount: Int64) -> Contract {
      var value = ProtobufMessage()
      value.bytes(1, owner)
      value.bytes(2, recipient)
      value.integer(3, amount)
      return Contract(
        type: .transfer, typeURL: ContractType.transfer.typeURL, value: value.encoded)
    }

    /// A TriggerSmartContract.
    static func trigger(_ call: TriggerParts) -> Contract {
      var value = ProtobufMessage()
      value.bytes(1, call.owner)
      value.bytes(2, call.contract)
      value.integer(3, call.callValue)
      value.bytes(4, call.data)
      value.integer(5, call.callTokenValue)
      value.integer(6, call.tokenID)
      return Contract(
        type: .triggerSmartContract, typeURL: ContractType.triggerSmartContract.typeURL,
        value: value.encoded)
    }

    fileprivate var encoded: [UInt8] {
      var parameter = ProtobufMessage()
      parameter.bytes(1, Array(typeURL.utf8))
      parameter.bytes(2, value)
      var contract = ProtobufMessage()
      contract.integer(1, Int64(type.rawValue))
      contract.message(2, parameter.encoded)
      contract.bytes(3, provider)
      contract.bytes(4, name)
      contract.integer(5, permissionID)
      return contract.encoded
    }
  }

  /// The fields of TriggerSmartContract.
  struct TriggerParts: Sendable {
    var owner: [UInt8]
    var contract: [UInt8]
    var data: [UInt8]
    var callValue: Int64 = 0
    var callTokenValue: Int64 = 0
    var tokenID: Int64 = 0
  }

  /// The serialised `raw_data`, as the node's own library writes it: ascending fields, defaults
  /// left out.
  var encoded: [UInt8] {
    var raw = ProtobufMessage()
    raw.bytes(1, referenceBytes)
    raw.integer(3, referenceNumber)
    raw.bytes(4, referenceHash)
    raw.integer(8, expirationMilliseconds)
    raw.bytes(10, memo)
    for contract in contracts { raw.message(11, contract.encoded) }
    raw.bytes(12, scripts)
    raw.integer(14, timestampMilliseconds)
    raw.integer(18, feeLimit)
    return raw.encoded
  }
}

/// Writes a protobuf message field by field, defaults left out.
struct ProtobufMessage {
  private(set) var encoded: [UInt8] = []

  mutating func integer(_ field: UInt64, _ value: Int64) {
    guard value != 0 else { return }
    varint(field << 3)
    varint(UInt64(bitPattern: value))
  }

  mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
    if !value.isEmpty { message(field, value) }
  }

  /// Written even when it is empty.
  mutating func message(_ field: UInt64, _ value: [UInt8]) {
    varint(field << 3 | 2)
    varint(UInt64(value.count))
    encoded += value
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      encoded.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    encoded.append(UInt8(rest))
  }
}
