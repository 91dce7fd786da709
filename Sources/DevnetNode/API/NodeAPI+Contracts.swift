import Hummingbird
import Tron

extension NodeAPI {
  /// The contract with its ABI. Any other address is a null pointer, as on the real node.
  func contract(_ call: Call) throws(APIError) -> ByteBuffer {
    let token = node.read { state in state.rules.token }
    guard call.parameters.address("value") == token.address else { throw .null }
    let isVisible = call.parameters.isVisible
    return Self.body(capacity: 8192) { $0.object { $0.contract(token, visible: isVisible) } }
  }

  func contractInfo(_ call: Call) throws(APIError) -> ByteBuffer {
    let (token, parameters) = node.read { state in
      (state.rules.token, state.ledger.globals.parameters)
    }
    guard call.parameters.address("value") == token.address else { throw .null }
    let isVisible = call.parameters.isVisible
    return Self.body(capacity: 8192) { writer in
      writer.object { object in
        object.object("smart_contract") { $0.contract(token, visible: isVisible) }
        object.member("runtimecode", hex: TetherABI.bytecode)
        object.object("contract_state") {
          $0.field("energy_factor", integer: parameters.energyFactor)
          $0.member("update_cycle", integer: 1)
        }
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func contract(_ token: Executor.TetherContract, visible: Bool) {
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
