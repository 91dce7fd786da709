import Tron

/// Rebuilds a transaction from its JSON as the node does: from `raw_data` alone. `raw_data_hex` and
/// `txID` are ignored, so whatever the JSON cannot say (explicit zeros, unknown fields) is lost and
/// changes the id.
struct TransactionJSON {
  private let isVisible: Bool

  static func transaction(_ parameters: Parameters) throws(APIError) -> NodeTransaction {
    try TransactionJSON(isVisible: parameters.isVisible).transaction(parameters)
  }

  private func transaction(_ parameters: Parameters) throws(APIError) -> NodeTransaction {
    guard let rawData = parameters["raw_data"]?.members else { throw .null }
    let raw = try rawTransaction(rawData)
    var signatures: [[UInt8]] = []
    for signature in parameters["signature"]?.elements ?? [] {
      signatures.append(try hex(signature))
    }
    let bytes = SignedTransaction(rawData: raw.encoded, signatures: signatures).bytes
    do {
      return NodeTransaction(try DecodedTransaction(transaction: bytes))
    } catch {
      throw APIError("com.google.protobuf.InvalidProtocolBufferException", error.message)
    }
  }

  private func rawTransaction(
    _ members: [String: JSONValue]
  ) throws(APIError) -> RawTransaction {
    guard let contracts = members["contract"]?.elements else { throw .null }
    var raw = RawTransaction()
    raw.referenceBytes = try hex(members["ref_block_bytes"])
    raw.referenceNumber = try integer(members["ref_block_num"])
    raw.referenceHash = try hex(members["ref_block_hash"])
    raw.expirationMilliseconds = try integer(members["expiration"])
    raw.memo = try hex(members["data"])
    raw.scripts = try hex(members["scripts"])
    raw.timestampMilliseconds = try integer(members["timestamp"])
    raw.feeLimit = try integer(members["fee_limit"])
    for contract in contracts {
      if let contract = try self.contract(contract) { raw.contracts.append(contract) }
    }
    return raw
  }

  /// `nil` for a contract that the node skips: without a type that it knows.
  private func contract(_ json: JSONValue) throws(APIError) -> RawTransaction.Contract? {
    guard let name = json["type"]?.text, let parameter = json["parameter"],
      let value = parameter["value"]
    else { return nil }
    var contract: RawTransaction.Contract
    switch name {
    case "TransferContract":
      contract = .transfer(
        owner: try address(value["owner_address"]), recipient: try address(value["to_address"]),
        amount: try integer(value["amount"]))
    case "TriggerSmartContract":
      contract = .trigger(
        RawTransaction.TriggerParts(
          owner: try address(value["owner_address"]),
          contract: try address(value["contract_address"]), data: try hex(value["data"]),
          callValue: try integer(value["call_value"]),
          callTokenValue: try integer(value["call_token_value"]),
          tokenID: try integer(value["token_id"])))
    default:
      guard let type = ContractType(name: name) else { return nil }
      // Not executed here; the owner alone is enough to answer what the chain would say.
      var owned = ProtobufMessage()
      owned.bytes(1, try address(value["owner_address"]))
      contract = RawTransaction.Contract(type: type, typeURL: "", value: owned.encoded)
    }
    contract.typeURL = parameter["type_url"]?.text ?? ""
    contract.permissionID = try integer(json["Permission_id"])
    contract.provider = try hex(json["provider"])
    contract.name = try hex(json["ContractName"])
    return contract
  }

  private func hex(_ value: JSONValue?) throws(APIError) -> [UInt8] {
    guard let value, value != .null else { return [] }
    guard let text = value.text, let bytes = bytes(hex: text) else {
      throw APIError("org.tron.core.services.http.JsonFormat$ParseException", "INVALID hex String")
    }
    return bytes
  }

  private func integer(_ value: JSONValue?) throws(APIError) -> Int64 {
    guard let value, value != .null else { return 0 }
    guard let integer = value.integer else {
      throw APIError(
        "org.tron.core.services.http.JsonFormat$ParseException",
        "Couldn't parse integer: For input string: \"\(value.text ?? "")\"")
    }
    return integer
  }

  private func address(_ value: JSONValue?) throws(APIError) -> [UInt8] {
    guard isVisible, let text = value?.text else { return try hex(value) }
    do {
      return try TronAddress(base58: text).bytes
    } catch {
      throw APIError(
        "org.tron.core.services.http.JsonFormat$ParseException", "INVALID base58 String, \(text)")
    }
  }
}

extension ContractType {
  /// The type of a name, such as `TransferContract`.
  init?(name: String) {
    let numbers = Int32(0)...Int32(100)
    guard let number = numbers.first(where: { ContractType(rawValue: $0).name == name }) else {
      return nil
    }
    self.init(rawValue: number)
  }
}
