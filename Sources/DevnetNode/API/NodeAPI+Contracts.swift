import Hummingbird
import Tron

extension NodeAPI {
  /// The contract with its ABI; an error for any other address, as the real node answers.
  func contract(_ call: Call) throws(APIError) -> ByteBuffer {
    let token = node.read { state in state.rules.token }
    guard call.parameters.address("value") == token.address else { throw .null }
    let isVisible = call.parameters.isVisible
    return Self.body(capacity: 8192) { writer in
      writer.object { object in
        object.contractMembers(token, visible: isVisible)
      }
    }
  }

  func contractInfo(_ call: Call) throws(APIError) -> ByteBuffer {
    let (token, parameters) = node.read { state in
      (state.rules.token, state.ledger.globals.parameters)
    }
    guard call.parameters.address("value") == token.address else { throw .null }
    let isVisible = call.parameters.isVisible
    return Self.body(capacity: 8192) { writer in
      writer.object { object in
        object.object("smart_contract") { $0.contractMembers(token, visible: isVisible) }
        object.member("runtimecode", hex: TetherABI.bytecode)
        object.object("contract_state") { state in
          state.member("energy_usage", integer: 0)
          state.field("energy_factor", integer: parameters.energyFactor)
          state.member("update_cycle", integer: 1)
        }
      }
    }
  }

  /// Runs a call without changing anything. A revert is a success here, marked in the transaction.
  func constantCall(_ call: Call) -> ByteBuffer {
    let request: ContractRequest
    do throws(APIError) {
      request = try ContractRequest(call.parameters)
    } catch {
      return Self.badRequest(error, call)
    }
    guard let simulation = simulate(request, call) else { return Self.noSuchContract(call) }
    return Self.body(capacity: 2048) { writer in
      writer.object { object in
        object.object("result") { result in
          result.member("result", bool: true)
          if simulation.isReverted {
            result.message("REVERT opcode executed", visible: call.parameters.isVisible)
          }
        }
        object.field("energy_used", integer: simulation.energy)
        object.field("energy_penalty", integer: simulation.penalty)
        object.array("constant_result") { $0.hex(simulation.returned) }
        if !simulation.logs.isEmpty {
          object.array("logs") { array in
            for log in simulation.logs { array.log(log, visible: call.parameters.isVisible) }
          }
        }
        object.key("transaction")
        let transaction = unsigned(request.contract, feeLimit: 0)
        object.simulatedTransaction(
          transaction, isReverted: simulation.isReverted, visible: call.parameters.isVisible)
      }
    }
  }

  /// The energy that a call needs; exact here, where the real node searches for a fee limit.
  func estimateEnergy(_ call: Call) -> ByteBuffer {
    let request: ContractRequest
    do throws(APIError) {
      request = try ContractRequest(call.parameters)
    } catch {
      return Self.badRequest(error, call)
    }
    guard let simulation = simulate(request, call) else { return Self.noSuchContract(call) }
    return Self.body { writer in
      writer.object { object in
        object.object("result") { result in
          if simulation.isReverted {
            result.member("code", string: BroadcastCode.contractExecutionError.name)
            result.message("REVERT opcode executed", visible: call.parameters.isVisible)
          } else {
            result.member("result", bool: true)
          }
        }
        if !simulation.isReverted { object.field("energy_required", integer: simulation.energy) }
      }
    }
  }

  private static func noSuchContract(_ call: Call) -> ByteBuffer {
    body { writer in
      writer.object { object in
        object.object("result") { result in
          result.member("code", string: BroadcastCode.contractValidateError.name)
          result.message("Smart contract is not exist.", visible: call.parameters.isVisible)
        }
      }
    }
  }

  /// Calls of contracts report a bad request in their own form.
  private static func badRequest(_ error: APIError, _ call: Call) -> ByteBuffer {
    body { writer in
      writer.object { object in
        object.object("result") { result in
          result.member("code", string: BroadcastCode.otherError.name)
          result.message(error.text, visible: call.parameters.isVisible)
        }
      }
    }
  }

  private struct Simulation {
    var isReverted = false
    var returned: [UInt8] = []
    var logs: [ContractLog] = []
    var energy: Int64 = 0
    var penalty: Int64 = 0
  }

  private func simulate(_ request: ContractRequest, _ call: Call) -> Simulation? {
    node.read { state -> Simulation? in
      let token = state.rules.token
      guard request.address == token.address else { return nil }
      var view = state.view(state.sight(call))
      let outcome = TetherToken.run(
        TetherToken.Call(
          caller: request.owner, contract: token.address, owner: token.owner,
          value: request.callValue, data: request.data),
        on: &view)
      var simulation = Simulation()
      switch outcome {
      case .returned(let bytes, let logs, let energy):
        simulation.returned = bytes
        simulation.logs = logs
        simulation.energy = energy
      case .reverted(let energy):
        simulation.isReverted = true
        simulation.energy = energy
      }
      simulation.penalty = view.globals.parameters.penalty(of: simulation.energy)
      return simulation
    }
  }

  /// An unsigned call; not simulated.
  func triggerContract(_ call: Call) throws(APIError) -> ByteBuffer {
    let request: ContractRequest
    do throws(APIError) {
      request = try ContractRequest(call.parameters)
    } catch {
      return Self.badRequest(error, call)
    }
    let isToken = node.read { state in state.rules.token.address == request.address }
    guard isToken else { return Self.noSuchContract(call) }
    var contract = request.contract
    contract.permissionID = try call.parameters.integer("Permission_id")
    let transaction = unsigned(contract, feeLimit: try call.parameters.integer("fee_limit"))
    return Self.body(capacity: 2048) { writer in
      writer.object { object in
        object.object("result") { $0.member("result", bool: true) }
        object.key("transaction")
        object.unsignedTransaction(transaction, visible: call.parameters.isVisible)
      }
    }
  }

  /// An unsigned transfer of TRX that refers to the solidified block and expires a minute after the head.
  func createTransaction(_ call: Call) throws(APIError) -> ByteBuffer {
    guard let owner = call.parameters.address("owner_address") else {
      throw APIError(
        "org.tron.core.exception.ContractValidateException", "Invalid ownerAddress!")
    }
    guard let recipient = call.parameters.address("to_address") else {
      throw APIError("org.tron.core.exception.ContractValidateException", "Invalid toAddress!")
    }
    let amount = try call.parameters.integer("amount")
    var contract = RawTransaction.Contract.transfer(
      owner: owner.bytes, recipient: recipient.bytes, amount: amount)
    contract.permissionID = try call.parameters.integer("Permission_id")
    let transaction = unsigned(
      contract, feeLimit: 0, memo: Array((call.parameters.text("extra_data") ?? "").utf8))
    if let refusal = trial(of: transaction) {
      throw APIError("org.tron.core.exception.ContractValidateException", refusal)
    }
    return Self.body(capacity: 2048) {
      $0.unsignedTransaction(transaction, visible: call.parameters.isVisible)
    }
  }

  /// Why the node would not build a transfer, or `nil`.
  private func trial(of transaction: DecodedTransaction?) -> String? {
    guard let transaction else { return "null" }
    let refusal = node.update { state, _ in state.trial(of: NodeTransaction(transaction)) }
    guard let refusal, refusal.code == .contractValidateError else { return nil }
    return refusal.message.replacing(Refusal.contract("").message, with: "")
  }

  private func unsigned(
    _ contract: RawTransaction.Contract, feeLimit: Int64, memo: [UInt8] = []
  ) -> DecodedTransaction? {
    let raw = node.update { state, now in
      let reference = state.chain.solid.id.reference
      let expiration = state.chain.head.timestamp + Limits.defaultExpirationMilliseconds
      var raw = RawTransaction()
      raw.referenceBytes = reference.bytes
      raw.referenceHash = reference.hash
      raw.expirationMilliseconds = expiration
      raw.timestampMilliseconds = now
      return raw
    }
    var complete = raw
    complete.contracts = [contract]
    complete.feeLimit = feeLimit
    complete.memo = memo
    do {
      return try DecodedTransaction(rawData: complete.encoded)
    } catch {
      return nil
    }
  }
}

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

extension JSONWriter {
  fileprivate mutating func unsignedTransaction(_ transaction: DecodedTransaction?, visible: Bool) {
    guard let transaction else {
      object { _ in }
      return
    }
    self.transaction(transaction, visible: visible, marksVisible: true)
  }

  fileprivate mutating func simulatedTransaction(
    _ transaction: DecodedTransaction?, isReverted: Bool, visible: Bool
  ) {
    guard let transaction else {
      object { _ in }
      return
    }
    self.transaction(
      transaction, simulation: isReverted ? .failed : .passed, visible: visible)
  }

  fileprivate mutating func contractMembers(_ token: Executor.TetherContract, visible: Bool) {
    member("bytecode", hex: TetherABI.bytecode)
    member("name", string: "TetherToken")
    member("origin_address", address: token.owner, visible: visible)
    key("abi")
    raw(TetherABI.json.utf8)
    member("origin_energy_limit", integer: 10_000_000)
    member("consume_user_resource_percent", integer: 100)
    member("contract_address", address: token.address, visible: visible)
    member("code_hash", hex: keccak256(TetherABI.bytecode))
  }
}
