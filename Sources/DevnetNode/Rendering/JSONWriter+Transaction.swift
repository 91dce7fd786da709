import Tron

extension JSONWriter {
  /// How a transaction that was only simulated ended.
  enum SimulationEnd { case passed, failed }

  /// A transaction as the node prints it; `result` where it has been executed.
  mutating func transaction(
    _ transaction: DecodedTransaction, result: ContractResult? = nil,
    simulation: SimulationEnd? = nil, visible: Bool, marksVisible: Bool = false
  ) {
    object { writer in
      if let result {
        writer.array("ret") { $0.object { $0.member("contractRet", string: result.name) } }
      }
      if let simulation {
        writer.array("ret") { array in
          array.object { if simulation == .failed { $0.member("ret", string: "FAILED") } }
        }
      }
      if !transaction.signatures.isEmpty {
        writer.array("signature") { array in
          for signature in transaction.signatures { array.hex(signature) }
        }
      }
      if marksVisible || simulation != nil { writer.member("visible", bool: visible) }
      writer.member("txID", hex: transaction.txid.bytes)
      writer.object("raw_data") { $0.rawData(transaction, visible: visible) }
      writer.member("raw_data_hex", hex: transaction.rawData)
    }
  }

  /// The members of `raw_data`, contracts with their parameters decoded.
  private mutating func rawData(_ transaction: DecodedTransaction, visible: Bool) {
    array("contract") { array in
      for contract in transaction.contracts { array.contract(contract, visible: visible) }
    }
    rawDataFields(transaction)
  }

  private mutating func rawDataFields(_ transaction: DecodedTransaction) {
    field("ref_block_bytes", hex: transaction.referenceBytes)
    field("ref_block_hash", hex: transaction.referenceHash)
    field("expiration", integer: transaction.expiration.value)
    field("data", hex: transaction.memo)
    field("fee_limit", integer: transaction.feeLimit.value)
    field("timestamp", integer: transaction.timestamp.value)
  }

  private mutating func contract(_ contract: DecodedContract, visible: Bool) {
    object { writer in
      writer.object("parameter") { parameter in
        parameter.object("value") { $0.contractValue(contract, visible: visible) }
        parameter.member("type_url", string: contract.typeURL)
      }
      writer.member("type", string: contract.type.description)
      if contract.permissionID > 0 {
        writer.member("Permission_id", integer: Int64(contract.permissionID))
      }
    }
  }

  private mutating func contractValue(_ contract: DecodedContract, visible: Bool) {
    switch contract.content {
    case .transfer(let recipient, let amount):
      field("amount", integer: amount.value)
      field("owner_address", address: contract.owner, visible: visible)
      field("to_address", address: recipient, visible: visible)
    case .assetTransfer(let asset, let recipient, let amount):
      field("amount", integer: amount)
      field("asset_name", hex: asset)
      field("owner_address", address: contract.owner, visible: visible)
      field("to_address", address: recipient, visible: visible)
    case .call(let call):
      field("data", hex: call.data)
      field("owner_address", address: contract.owner, visible: visible)
      field("contract_address", address: call.contract, visible: visible)
      field("call_value", integer: call.callValue.value)
      field("call_token_value", integer: call.callTokenValue)
      field("token_id", integer: call.tokenID)
    case .other:
      field("owner_address", address: contract.owner, visible: visible)
    }
  }

  /// Left out when there is none.
  mutating func field(_ name: StaticString, address: TronAddress?, visible: Bool) {
    if let address { member(name, address: address, visible: visible) }
  }

  /// A transaction as protobuf's plain JSON: parameters stay bytes. `broadcasthex` echoes it in
  /// this form.
  mutating func plainTransaction(_ transaction: DecodedTransaction) {
    object { writer in
      writer.object("raw_data") { rawData in
        rawData.array("contract") { array in
          for contract in transaction.contracts { array.plainContract(contract) }
        }
        rawData.rawDataFields(transaction)
      }
      writer.array("signature") { array in
        for signature in transaction.signatures { array.hex(signature) }
      }
    }
  }

  private mutating func plainContract(_ contract: DecodedContract) {
    object { writer in
      if contract.type.rawValue != 0 {
        writer.member("type", string: contract.type.description)
      }
      writer.object("parameter") { parameter in
        parameter.member("type_url", string: contract.typeURL)
        parameter.field("value", hex: contract.parameter)
      }
      writer.field("Permission_id", integer: Int64(contract.permissionID))
    }
  }
}
