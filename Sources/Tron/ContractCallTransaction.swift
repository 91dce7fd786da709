/// A transaction that calls a smart contract and does nothing else: no memo, no call value, the
/// owner's own permission.
public struct ContractCallTransaction: Hashable, Sendable {
  /// Who calls, signs and pays.
  public let owner: TronAddress
  /// What is called.
  public let contract: TronAddress
  /// The call data.
  public let data: [UInt8]
  /// When it is valid.
  public let terms: TransactionTerms

  /// Collects the parts.
  public init(
    owner: TronAddress, contract: TronAddress, data: [UInt8], terms: TransactionTerms
  ) {
    self.owner = owner
    self.contract = contract
    self.data = data
    self.terms = terms
  }

  /// The serialised `raw_data`, whose SHA-256 is the transaction's id.
  public var rawData: [UInt8] {
    var raw = ProtobufWriter(capacity: 256)
    raw.bytes(1, terms.referenceBytes)
    raw.bytes(4, terms.referenceHash)
    raw.integer(8, terms.expiration.value)
    raw.message(11, contractMessage)
    raw.integer(14, terms.timestamp.value)
    raw.integer(18, terms.feeLimit.value)
    return raw.bytes
  }

  private var contractMessage: [UInt8] {
    var call = ProtobufWriter(capacity: 128)
    call.bytes(1, owner.bytes)
    call.bytes(2, contract.bytes)
    call.bytes(4, data)
    var parameter = ProtobufWriter(capacity: 192)
    parameter.bytes(1, Self.typeURL)
    parameter.bytes(2, call.bytes)
    var message = ProtobufWriter(capacity: 192)
    message.integer(1, Int64(ContractType.triggerSmartContract.rawValue))
    message.message(2, parameter.bytes)
    return message.bytes
  }

  private static let typeURL = Array(ContractType.triggerSmartContract.typeURL.utf8)
}
