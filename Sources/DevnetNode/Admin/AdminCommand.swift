import Tron

/// A command of the operator, from the admin API or from a script.
enum AdminCommand: Equatable, Sendable {
  case addFault(FaultRule)
  case removeFault(Int64)
  case removeAllFaults
  case fork(Fork)
  case holdSolidity(Chain.SolidityHold)
  case production(isRunning: Bool?, offlineWitnesses: [Int]?)
  case produce(blocks: Int64, advanceMilliseconds: Int64)
  case edit([LedgerEdit])
  case dropFromPool(TransactionID?)
  case resetCounters
  case status
  case arrivals
}

/// Why a command was not carried out.
struct AdminError: Error, Equatable, Sendable {
  enum Code: Int, Sendable {
    case malformed = 400
    case unknown = 404
    case conflict = 409
    case failed = 500
  }

  let code: Code
  let message: String
}

extension AdminCommand {
  /// LIMIT: blocks that one command may produce.
  private static let blocksPerCommand: Int64 = 100_000
  /// LIMIT: time that one command may skip (a week).
  private static let skipMilliseconds: Int64 = 7 * 86_400_000

  /// Understands a request: the path behind `/devnet/` and the JSON body.
  init(isDelete: Bool, path: [String], body: JSONValue) throws(AdminError) {
    let command: AdminCommand?
    do throws(ConfigurationError) {
      command =
        try isDelete ? Self.deletion(path) : Self.posting(path.joined(separator: "/"), body)
    } catch {
      throw AdminError(code: .malformed, message: error.description)
    }
    guard let command else { throw AdminError(code: .unknown, message: "no such command") }
    self = command
  }

  private static func deletion(_ path: [String]) throws(ConfigurationError) -> AdminCommand? {
    switch (path.first, path.count) {
    case ("faults", 1): return .removeAllFaults
    case ("faults", 2):
      guard let id = Int64(path[1]) else {
        throw ConfigurationError("faults: the id is a number")
      }
      return .removeFault(id)
    case ("counters", 1): return .resetCounters
    default: return nil
    }
  }

  private static func posting(
    _ name: String, _ body: JSONValue
  ) throws(ConfigurationError) -> AdminCommand? {
    switch name {
    case "faults": .addFault(try FaultRule(json: body))
    case "fork": .fork(try Fork(json: body))
    case "solidity": .holdSolidity(try solidity(body))
    case "production": try production(body)
    case "produce": try produce(body)
    case "accounts": .edit(try Genesis.account(body, "account"))
    case "contract":
      .edit([.setTokenPaused(try Members(body, "contract", known: ["paused"]).flag("paused"))])
    case "parameters": try parameters(body)
    case "pool": try pool(body)
    default: nil
    }
  }

  private static func solidity(
    _ body: JSONValue
  ) throws(ConfigurationError) -> Chain.SolidityHold {
    let members = try Members(body, "solidity", known: ["hold", "blocks"])
    switch members["hold"]?.text {
    case "none": return .none
    case "stop": return .stopped
    case "lag": return .lag(try members.integer("blocks", 1...1_000_000) ?? 1)
    default: throw ConfigurationError("solidity.hold: expected none, stop or lag")
    }
  }

  private static func production(_ body: JSONValue) throws(ConfigurationError) -> AdminCommand {
    let members = try Members(body, "production", known: ["running", "offline_witnesses"])
    var offline: [Int]?
    if let list = members["offline_witnesses"] {
      let indexes = (list.elements ?? [.null]).map { $0.integer.flatMap { Int(exactly: $0) } }
      guard indexes.allSatisfy({ $0.map { $0 >= 0 } ?? false }) else {
        throw ConfigurationError("production.offline_witnesses: expected indexes of witnesses")
      }
      offline = indexes.compactMap { $0 }
    }
    let isRunning = members["running"] == nil ? nil : try members.flag("running")
    return .production(isRunning: isRunning, offlineWitnesses: offline)
  }

  private static func produce(_ body: JSONValue) throws(ConfigurationError) -> AdminCommand {
    let members = try Members(body, "produce", known: ["blocks", "advance_ms"])
    return .produce(
      blocks: try members.integer("blocks", 0...blocksPerCommand) ?? 1,
      advanceMilliseconds: try members.integer("advance_ms", 0...skipMilliseconds) ?? 0)
  }

  private static func parameters(_ body: JSONValue) throws(ConfigurationError) -> AdminCommand {
    let members = try Members(body, "parameters", known: ["energy_fee"])
    guard let fee = try members.integer("energy_fee", 1...Members.amounts.upperBound) else {
      throw ConfigurationError("parameters.energy_fee: missing")
    }
    return .edit([.setEnergyFee(fee)])
  }

  private static func pool(_ body: JSONValue) throws(ConfigurationError) -> AdminCommand {
    let members = try Members(body, "pool", known: ["drop"])
    let text = members["drop"]?.text ?? ""
    if text == "all" { return .dropFromPool(nil) }
    guard let id = TransactionID(hex: text) else {
      throw ConfigurationError("pool.drop: expected \"all\" or a txID")
    }
    return .dropFromPool(id)
  }
}
