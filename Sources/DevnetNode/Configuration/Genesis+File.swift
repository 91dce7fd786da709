import Foundation
import Tron

extension Genesis {
  /// Reads a genesis file; without a path, a chain without accounts.
  static func read(_ path: String?) throws(ConfigurationError) -> Genesis {
    guard let path else { return Genesis() }
    let bytes: [UInt8]
    do {
      bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw ConfigurationError("DEVNET_GENESIS_FILE: cannot read \(path)")
    }
    do throws(ConfigurationError) {
      return try Genesis(json: bytes)
    } catch {
      throw ConfigurationError("DEVNET_GENESIS_FILE: \(path): \(error)")
    }
  }

  /// Reads the text of a genesis file; unknown members are refused, so that a typing error is not a
  /// silent default.
  init(json bytes: [UInt8]) throws(ConfigurationError) {
    seed = sha256(bytes)
    let object: JSONValue
    do {
      object = try JSONParser.parse(bytes)
    } catch {
      throw ConfigurationError("not JSON: \(error.reason) at byte \(error.offset)")
    }
    let file = try Members(object, "the file", known: ["accounts", "parameters"])
    if let parameters = file["parameters"] {
      self.parameters = try Self.parameters(parameters)
    }
    guard let accounts = (file["accounts"] ?? .array([])).elements else {
      throw ConfigurationError("accounts: expected an array")
    }
    for (index, account) in accounts.enumerated() {
      edits += try Self.account(account, "accounts[\(index)]")
    }
    let supply = edits.reduce((sun: Int64(0), micro: Int64(0))) { sum, edit in
      switch edit {
      case .setSun(_, let sun): (sum.sun.addingClamped(sun), sum.micro)
      case .setMicroUSDT(_, let micro): (sum.sun, sum.micro.addingClamped(micro))
      default: sum
      }
    }
    guard supply.sun < .max, supply.micro < .max else {
      throw ConfigurationError("accounts: the balances together do not fit 63 bits")
    }
  }

  static func account(
    _ json: JSONValue, _ place: String
  ) throws(ConfigurationError) -> [LedgerEdit] {
    let members = try Members(
      json, place,
      known: ["address", "trx_sun", "usdt_micro", "energy", "bandwidth", "blacklisted"])
    let address: TronAddress
    do {
      address = try TronAddress(base58: members["address"]?.text ?? "")
    } catch {
      throw ConfigurationError("\(place).address: not a TRON address (\(error.rawValue))")
    }
    var edits: [LedgerEdit] = []
    if let sun = try members.amount("trx_sun") { edits.append(.setSun(address, sun)) }
    if let micro = try members.amount("usdt_micro") {
      edits.append(.setMicroUSDT(address, micro))
    }
    if let energy = try members.amount("energy") {
      edits.append(.setStakedEnergy(address, energy))
    }
    if let bandwidth = try members.amount("bandwidth") {
      edits.append(.setStakedBandwidth(address, bandwidth))
    }
    if let flag = members["blacklisted"] {
      guard case .bool(let isBlacklisted) = flag else {
        throw ConfigurationError("\(place).blacklisted: expected true or false")
      }
      edits.append(.setBlacklisted(address, isBlacklisted))
    }
    return edits
  }

  private static func parameters(
    _ json: JSONValue
  ) throws(ConfigurationError) -> ChainParameters {
    let fields: [String: WritableKeyPath<ChainParameters, Int64>] = [
      "energy_fee": \.energyFee, "transaction_fee": \.transactionFee,
      "free_net_limit": \.freeNetLimit, "memo_fee": \.memoFee,
      "max_fee_limit": \.maximumFeeLimit, "create_account_fee": \.createAccountFee,
      "create_new_account_fee": \.createNewAccountFee,
      "energy_to_holder": \.energyToHolder, "energy_to_new_holder": \.energyToNewHolder,
      "energy_of_other_call": \.energyOfOtherCall, "energy_of_read": \.energyOfRead,
      "energy_before_revert": \.energyBeforeRevert, "energy_factor": \.energyFactor,
    ]
    let members = try Members(json, "parameters", known: Set(fields.keys))
    var parameters = ChainParameters()
    for (name, path) in fields {
      if let value = try members.amount(name) { parameters[keyPath: path] = value }
    }
    guard parameters.energyFee > 0 else {
      throw ConfigurationError("parameters.energy_fee: must be at least 1")
    }
    return parameters
  }
}

/// The members of an object, all of them known.
struct Members {
  /// LIMIT: highest amount of anything, far above what exists.
  static let amounts = Int64(0)...1_000_000_000_000_000_000

  private let members: [String: JSONValue]
  private let place: String

  init(_ json: JSONValue, _ place: String, known: Set<String>) throws(ConfigurationError) {
    guard let members = json.members else {
      throw ConfigurationError("\(place): expected an object")
    }
    if let unknown = members.keys.filter({ !known.contains($0) }).min() {
      throw ConfigurationError(
        "\(place): unknown member \"\(unknown)\", known are"
          + " \(known.sorted().joined(separator: ", "))")
    }
    self.members = members
    self.place = place
  }

  subscript(name: String) -> JSONValue? { members[name] }

  func amount(_ name: String) throws(ConfigurationError) -> Int64? {
    try integer(name, Self.amounts)
  }

  func integer(
    _ name: String, _ range: ClosedRange<Int64>
  ) throws(ConfigurationError) -> Int64? {
    guard let value = members[name] else { return nil }
    guard let integer = value.integer, range.contains(integer) else {
      throw ConfigurationError(
        "\(place).\(name): expected a whole number from \(range.lowerBound) to"
          + " \(range.upperBound)")
    }
    return integer
  }
}
