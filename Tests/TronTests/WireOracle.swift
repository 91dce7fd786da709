import Foundation
import SwiftProtobuf

@testable import Tron

/// Writes a vector's `raw_data` with the generated code alone.
func wireBytes(_ vector: TransactionVector) throws -> [UInt8] {
  let contract = vector.rawData.contract[0]
  let value = contract.parameter.value
  let type = try wireType(contract.type)
  var parameter = WireParameter()
  parameter.typeURL = contract.parameter.typeUrl
  parameter.value =
    type == .transfer
    ? try WireTransferContract.with {
      $0.ownerAddress = Data(try hex(value.ownerAddress ?? ""))
      $0.toAddress = Data(try hex(value.toAddress ?? ""))
      $0.amount = value.amount ?? 0
    }.serializedData()
    : try WireTriggerSmartContract.with {
      $0.ownerAddress = Data(try hex(value.ownerAddress ?? ""))
      $0.contractAddress = Data(try hex(value.contractAddress ?? ""))
      $0.data = Data(try hex(value.data ?? ""))
    }.serializedData()
  return try WireRawTransaction.with {
    $0.refBlockBytes = Data(try hex(vector.rawData.refBlockBytes))
    $0.refBlockHash = Data(try hex(vector.rawData.refBlockHash))
    $0.expiration = vector.rawData.expiration ?? 0
    $0.timestamp = vector.rawData.timestamp ?? 0
    $0.feeLimit = vector.rawData.feeLimit ?? 0
    $0.data = Data(try hex(vector.rawData.data ?? ""))
    $0.contract = [
      .with {
        $0.type = type.rawValue
        $0.parameter = parameter
        $0.permissionID = contract.permissionId ?? 0
      }
    ]
  }.serializedBytes()
}

/// Writes a contract call with the generated code alone.
func wireBytes(_ transaction: ContractCallTransaction) throws -> [UInt8] {
  let call = WireTriggerSmartContract.with {
    $0.ownerAddress = Data(transaction.owner.bytes)
    $0.contractAddress = Data(transaction.contract.bytes)
    $0.data = Data(transaction.data)
  }
  let parameter = try WireParameter.with {
    $0.typeURL = "type.googleapis.com/protocol.TriggerSmartContract"
    $0.value = try call.serializedData()
  }
  return try WireRawTransaction.with {
    $0.refBlockBytes = Data(transaction.terms.referenceBytes)
    $0.refBlockHash = Data(transaction.terms.referenceHash)
    $0.expiration = transaction.terms.expiration.value
    $0.timestamp = transaction.terms.timestamp.value
    $0.feeLimit = transaction.terms.feeLimit.value
    $0.contract = [
      .with {
        $0.type = 31
        $0.parameter = parameter
      }
    ]
  }.serializedBytes()
}

private func wireType(_ name: String) throws -> ContractType {
  switch name {
  case "TransferContract": .transfer
  case "TriggerSmartContract": .triggerSmartContract
  default: throw UnknownKind(name: name)
  }
}

struct UnknownKind: Error { var name: String }
