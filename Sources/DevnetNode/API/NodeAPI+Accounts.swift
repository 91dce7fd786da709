import Hummingbird
import Tron

extension NodeAPI {
  /// Empty for an account that is not on chain; `balance` is missing when it is 0.
  func account(_ call: Call) -> ByteBuffer {
    guard let address = call.parameters.address("address") else { return Self.empty }
    let isToken = node.read { state in state.rules.token.address == address }
    if isToken { return tokenAccount(address, call) }
    let found = node.read { state -> (Account, now: Int64)? in
      state.view(state.sight(call)).account(address).map { ($0, state.chain.head.timestamp) }
    }
    guard let (account, now) = found else { return Self.empty }
    let isVisible = call.parameters.isVisible
    return Self.body(capacity: 1024) { writer in
      writer.object { object in
        object.member("address", address: address, visible: isVisible)
        object.field("balance", integer: account.balance)
        object.field("create_time", integer: account.createTimeMilliseconds)
        object.field("latest_opration_time", integer: account.lastOperationMilliseconds)
        object.field("net_usage", integer: account.bandwidth.used(at: now))
        object.field("free_net_usage", integer: account.freeBandwidth.used(at: now))
        object.object("account_resource") {
          $0.field("energy_usage", integer: account.energy.used(at: now))
        }
        object.permissions(of: address, visible: isVisible)
        object.stakes(of: account)
      }
    }
  }

  private func tokenAccount(_ address: TronAddress, _ call: Call) -> ByteBuffer {
    Self.body { writer in
      writer.object { object in
        object.member("address", address: address, visible: call.parameters.isVisible)
        object.member("type", string: "Contract")
      }
    }
  }

  func accountResource(_ call: Call) -> ByteBuffer {
    guard let (account, now) = resources(call) else { return Self.empty }
    return Self.body { writer in
      writer.object { object in
        object.bandwidth(of: account, at: now)
        object.field("tronPowerLimit", integer: Stake.trx(forEnergy: account.energy.limit))
        object.field("EnergyUsed", integer: account.energy.used(at: now))
        object.field("EnergyLimit", integer: account.energy.limit)
        object.member("TotalEnergyLimit", integer: Stake.totalEnergyLimit)
        object.member("TotalEnergyWeight", integer: Stake.totalEnergyWeight)
      }
    }
  }

  func accountNet(_ call: Call) -> ByteBuffer {
    guard let (account, now) = resources(call) else { return Self.empty }
    return Self.body { $0.object { $0.bandwidth(of: account, at: now) } }
  }

  private func resources(_ call: Call) -> (Account, now: Int64)? {
    guard let address = call.parameters.address("address") else { return nil }
    return node.read { state in
      state.view(state.sight(call)).account(address).map { ($0, state.chain.head.timestamp) }
    }
  }

  func validateAddress(_ call: Call) -> ByteBuffer {
    let text = call.parameters.text("address") ?? ""
    let (isValid, message) = Self.validation(of: text)
    return Self.body { writer in
      writer.object {
        $0.member("result", bool: isValid)
        $0.member("message", string: message)
      }
    }
  }

  private static func validation(of text: String) -> (Bool, String) {
    switch text.utf8.count {
    case 42:
      let isValid = bytes(hex: text).map { $0[0] == TronAddress.prefix } ?? false
      return isValid ? (true, "Hex string format") : (false, "Invalid address")
    case 34:
      do {
        _ = try TronAddress(base58: text)
        return (true, "Base58check format")
      } catch {
        return (false, "Invalid address")
      }
    default:
      return (false, "Length error")
    }
  }
}

/// How much stake gives how much energy or bandwidth; figures like mainnet's, to print plausible
/// numbers.
enum Stake {
  static let totalEnergyLimit: Int64 = 180_000_000_000
  static let totalEnergyWeight: Int64 = 18_000_000_000
  static let totalNetLimit: Int64 = 43_200_000_000
  static let totalNetWeight: Int64 = 27_000_000_000

  /// TRX that must be staked for an amount of energy.
  static func trx(forEnergy energy: Int64) -> Int64 {
    energy / (totalEnergyLimit / totalEnergyWeight)
  }
}

extension JSONWriter {
  fileprivate mutating func bandwidth(of account: Account, at now: Int64) {
    field("freeNetUsed", integer: account.freeBandwidth.used(at: now))
    field("freeNetLimit", integer: account.freeBandwidth.limit)
    field("NetUsed", integer: account.bandwidth.used(at: now))
    field("NetLimit", integer: account.bandwidth.limit)
    member("TotalNetLimit", integer: Stake.totalNetLimit)
    member("TotalNetWeight", integer: Stake.totalNetWeight)
  }

  /// The permissions that a new account has.
  mutating func permissions(of address: TronAddress, visible: Bool) {
    object("owner_permission") { $0.ownerPermission(of: address, visible: visible) }
    array("active_permission") { array in
      array.object { $0.activePermission(of: address, visible: visible) }
    }
  }

  mutating func ownerPermission(of address: TronAddress, visible: Bool) {
    member("permission_name", string: "owner")
    member("threshold", integer: 1)
    keys(address, visible: visible)
  }

  mutating func activePermission(of address: TronAddress, visible: Bool) {
    member("type", string: "Active")
    member("id", integer: 2)
    member("permission_name", string: "active")
    member("threshold", integer: 1)
    member("operations", string: "7fff1fc0033efb0f" + String(repeating: "0", count: 48))
    keys(address, visible: visible)
  }

  private mutating func keys(_ address: TronAddress, visible: Bool) {
    array("keys") { array in
      array.object {
        $0.member("address", address: address, visible: visible)
        $0.member("weight", integer: 1)
      }
    }
  }

  fileprivate mutating func stakes(of account: Account) {
    array("frozenV2") { array in
      array.object { _ in }
      array.object {
        $0.field(
          "amount",
          integer: Stake.trx(forEnergy: account.energy.limit).multipliedClamped(by: 1_000_000))
        $0.member("type", string: "ENERGY")
      }
      array.object { $0.member("type", string: "TRON_POWER") }
    }
  }
}
