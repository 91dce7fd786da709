import Foundation

/// What a transaction does, as far as this project understands it.
public struct DecodedContract: Hashable, Sendable {
  /// Kind.
  public let type: ContractType
  /// The parameter's type URL as it came.
  public let typeURL: String
  /// The parameter's bytes as they came.
  public let parameter: [UInt8]
  /// Which permission of the owner signs; 0 is the owner's own.
  public let permissionID: Int32
  /// Whose transaction it is; `nil` when that is not an address or is not known for this kind.
  public let owner: TronAddress?
  /// The parameter.
  public let content: Content

  /// The parameter of the kinds that this project knows.
  public enum Content: Hashable, Sendable {
    /// Moves TRX.
    case transfer(recipient: TronAddress?, amount: Sun)
    /// Moves a TRC-10 token.
    case assetTransfer(asset: [UInt8], recipient: TronAddress?, amount: Int64)
    /// Calls a smart contract.
    case call(SmartContractCall)
    /// Anything else, and parameters that are not what their kind demands.
    case other
  }

  init(_ wire: WireContract) {
    type = ContractType(rawValue: wire.type)
    typeURL = wire.parameter.typeURL
    parameter = [UInt8](wire.parameter.value)
    permissionID = wire.permissionID
    (owner, content) = Self.decode(type, typeURL, parameter) ?? (nil, .other)
  }

  /// `nil` when the parameter is not what the kind demands.
  private static func decode(
    _ type: ContractType, _ typeURL: String, _ parameter: [UInt8]
  ) -> (TronAddress?, Content)? {
    guard type.name == nil || typeURL.hasSuffix("/protocol.\(type)") else { return nil }
    do {
      switch type {
      case .transfer:
        let wire = try WireTransferContract(serializedBytes: parameter)
        let recipient = TronAddress(ifAddress: wire.toAddress)
        let content = Content.transfer(recipient: recipient, amount: Sun(wire.amount))
        return (TronAddress(ifAddress: wire.ownerAddress), content)
      case .transferAsset:
        let wire = try WireTransferAssetContract(serializedBytes: parameter)
        let recipient = TronAddress(ifAddress: wire.toAddress)
        let content = Content.assetTransfer(
          asset: [UInt8](wire.assetName), recipient: recipient, amount: wire.amount)
        return (TronAddress(ifAddress: wire.ownerAddress), content)
      case .triggerSmartContract:
        let wire = try WireTriggerSmartContract(serializedBytes: parameter)
        return (TronAddress(ifAddress: wire.ownerAddress), .call(SmartContractCall(wire)))
      default:
        let wire = try WireOwnedContract(serializedBytes: parameter)
        let owner = type.ownerIsSecondField ? wire.second : wire.first
        return (TronAddress(ifAddress: owner), .other)
      }
    } catch {
      return nil
    }
  }
}

/// A call of a smart contract.
public struct SmartContractCall: Hashable, Sendable {
  /// What is called; `nil` when that is not an address.
  public let contract: TronAddress?
  /// The call data.
  public let data: [UInt8]
  /// TRX that go with the call.
  public let callValue: Sun
  /// TRC-10 tokens that go with the call.
  public let callTokenValue: Int64
  /// Which TRC-10 token.
  public let tokenID: Int64

  init(_ wire: WireTriggerSmartContract) {
    contract = TronAddress(ifAddress: wire.contractAddress)
    data = [UInt8](wire.data)
    callValue = Sun(wire.callValue)
    callTokenValue = wire.callTokenValue
    tokenID = wire.tokenID
  }

  /// The call as a transfer of tokens, if it is one.
  public var transfer: TransferCall? { TransferCall(tolerantly: data) }
}
