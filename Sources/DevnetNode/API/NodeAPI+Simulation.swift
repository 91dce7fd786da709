import Hummingbird
import Tron

extension NodeAPI {
  /// Runs a call without changing anything. A revert is a success here, marked in the transaction.
  func constantCall(_ call: Call) throws(APIError) -> ByteBuffer {
    let request: ContractRequest
    do throws(APIError) {
      request = try ContractRequest(call.parameters)
    } catch {
      return Self.failure(.otherError, error.text, call)
    }
    guard let simulation = simulate(request, call) else { return Self.noSuchContract(call) }
    let isVisible = call.parameters.isVisible
    let transaction = try unsigned(request.contract)
    return Self.body(capacity: 2048) { writer in
      writer.object { object in
        object.object("result") { result in
          result.member("result", bool: true)
          if simulation.isReverted { result.message(Simulation.revert, visible: isVisible) }
        }
        object.simulation(simulation, visible: isVisible)
        object.key("transaction")
        object.transaction(
          transaction, simulation: simulation.isReverted ? .failed : .passed, visible: isVisible)
      }
    }
  }

  /// The energy that a call needs; exact here, where the real node searches for a fee limit.
  func estimateEnergy(_ call: Call) -> ByteBuffer {
    let request: ContractRequest
    do throws(APIError) {
      request = try ContractRequest(call.parameters)
    } catch {
      return Self.failure(.otherError, error.text, call)
    }
    guard let simulation = simulate(request, call) else { return Self.noSuchContract(call) }
    if simulation.isReverted {
      return Self.failure(.contractExecutionError, Simulation.revert, call)
    }
    return Self.body { writer in
      writer.object { object in
        object.object("result") { $0.member("result", bool: true) }
        object.field("energy_required", integer: simulation.energy)
      }
    }
  }

  static func noSuchContract(_ call: Call) -> ByteBuffer {
    failure(.contractValidateError, "Smart contract is not exist.", call)
  }

  /// How calls of contracts report a failure.
  static func failure(_ code: BroadcastCode, _ message: String, _ call: Call) -> ByteBuffer {
    body { writer in
      writer.object { object in
        object.object("result") { result in
          result.member("code", string: code.name)
          result.message(message, visible: call.parameters.isVisible)
        }
      }
    }
  }

  /// What a call would do; `nil` when there is no such contract.
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
      return Simulation(outcome, view.globals.parameters)
    }
  }
}

/// What a call would do.
private struct Simulation {
  static let revert = "REVERT opcode executed"

  let isReverted: Bool
  let returned: [UInt8]
  let logs: [ContractLog]
  let energy: Int64
  let penalty: Int64

  init(_ outcome: TetherToken.Outcome, _ parameters: ChainParameters) {
    switch outcome {
    case .returned(let bytes, let logs, let energy):
      (isReverted, returned, self.logs, self.energy) = (false, bytes, logs, energy)
    case .reverted(let energy):
      (isReverted, returned, logs, self.energy) = (true, [], [], energy)
    }
    penalty = parameters.penalty(of: energy)
  }
}

extension JSONWriter {
  fileprivate mutating func simulation(_ simulation: Simulation, visible: Bool) {
    field("energy_used", integer: simulation.energy)
    field("energy_penalty", integer: simulation.penalty)
    array("constant_result") { $0.hex(simulation.returned) }
    guard !simulation.logs.isEmpty else { return }
    array("logs") { array in
      for log in simulation.logs { array.log(log, visible: visible) }
    }
  }
}
