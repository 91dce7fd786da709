import Tron

/// A call of a contract as the API describes it.
struct ContractRequest: Sendable {
  let owner: TronAddress
  let address: TronAddress
  let data: [UInt8]
  let callValue: Int64

  init(_ parameters: Parameters) throws(APIError) {
    guard let owner = parameters.address("owner_address") else {
      throw Self.invalid("owner_address isn't set.")
    }
    guard let address = parameters.address("contract_address") else {
      throw Self.invalid("contract_address isn't set.")
    }
    self.owner = owner
    self.address = address
    callValue = try parameters.integer("call_value")
    if let selector = parameters.text("function_selector"), !selector.isEmpty {
      data = keccak256(Array(selector.utf8))[..<4] + (try parameters.hex("parameter"))
    } else {
      guard parameters["data"] != nil else {
        throw Self.invalid("At least one of function_selector and data must be set.")
      }
      data = try parameters.hex("data")
    }
  }

  private static func invalid(_ message: String) -> APIError {
    APIError("java.security.InvalidParameterException", message)
  }

  var contract: RawTransaction.Contract {
    .trigger(
      RawTransaction.TriggerParts(
        owner: owner.bytes, contract: address.bytes, data: data, callValue: callValue))
  }
}
