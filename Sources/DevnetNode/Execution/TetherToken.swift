import Tron

/// The USDT contract: what TetherToken answers to each call, without bytecode.
///
/// The energy of a call comes from ``ChainParameters``. `transfer` returns a zero word although it
/// succeeds: the contract on TRON has no return statement there, and clients must go by the event.
enum TetherToken {
  static let name = "Tether USD"
  static let symbol = "USDT"
  static let decimals: UInt64 = 6

  /// How a call ended, before energy limits are looked at.
  enum Outcome {
    case returned([UInt8], logs: [ContractLog], energy: Int64)
    case reverted(energy: Int64)
  }

  /// The functions, by the first four bytes of the call data.
  enum Function: UInt32 {
    case transfer = 0xa905_9cbb
    case transferFrom = 0x23b8_72dd
    case approve = 0x095e_a7b3
    case allowance = 0xdd62_ed3e
    case balanceOf = 0x70a0_8231
    case totalSupply = 0x1816_0ddd
    case name = 0x06fd_de03
    case symbol = 0x95d8_9b41
    case decimals = 0x313c_e567
    case owner = 0x8da5_cb5b
    case getOwner = 0x893d_20e8
    case paused = 0x5c97_5abb
    case isBlackListed = 0xe47d_6060
    case getBlackListStatus = 0x59bf_1abe
    case deprecated = 0x0e13_6b19
    case basisPointsRate = 0xdd64_4f72
    case maximumFee = 0x3539_0714
  }

  /// A call with its place: who calls, which contract this is, who owns it.
  struct Call {
    let caller: TronAddress
    let contract: TronAddress
    let owner: TronAddress
    let value: Int64
    let data: [UInt8]
  }

  static func run(_ call: Call, on state: inout some TokenState) -> Outcome {
    let parameters = state.globals.parameters
    let reverted = Outcome.reverted(energy: parameters.energyBeforeRevert)
    guard call.value == 0, call.data.count >= 4,
      let function = Function(rawValue: call.data[..<4].reduce(0) { $0 << 8 | UInt32($1) })
    else { return reverted }
    let arguments = Arguments(data: call.data[4...])
    switch function {
    case .transfer:
      guard let recipient = arguments.address(0), let amount = arguments.word(1) else {
        return reverted
      }
      return transfer(call, from: call.caller, to: recipient, amount, on: &state)
    case .transferFrom:
      guard let from = arguments.address(0), let recipient = arguments.address(1),
        let amount = arguments.word(2)
      else { return reverted }
      return transferFrom(call, from: from, to: recipient, amount, on: &state)
    case .approve:
      guard let spender = arguments.address(0), let amount = arguments.word(1) else {
        return reverted
      }
      return approve(call, spender: spender, amount, on: &state)
    case .allowance, .balanceOf, .totalSupply, .name, .symbol, .decimals, .owner, .getOwner,
      .paused, .isBlackListed, .getBlackListStatus, .deprecated, .basisPointsRate, .maximumFee:
      guard let answer = read(function, call, arguments, state) else { return reverted }
      return .returned(answer, logs: [], energy: parameters.energyOfRead)
    }
  }

  private static func transfer(
    _ call: Call, from: TronAddress, to recipient: TronAddress, _ amount: UInt256,
    on state: inout some TokenState
  ) -> Outcome {
    let parameters = state.globals.parameters
    let energy =
      state.holding(of: recipient).balance > 0
      ? parameters.energyToHolder : parameters.energyToNewHolder
    let sender = state.holding(of: from)
    guard !state.globals.isTokenPaused, !sender.isBlacklisted, !recipient.isZero,
      let micro = amount.int64, micro <= sender.balance,
      move(micro, from: from, to: recipient, on: &state)
    else { return .reverted(energy: parameters.energyBeforeRevert) }
    let event = TransferEvent(
      contract: call.contract, sender: from, recipient: recipient, value: amount)
    return .returned(UInt256.zero.bytes, logs: [event.log], energy: energy)
  }

  private static func move(
    _ micro: Int64, from: TronAddress, to recipient: TronAddress, on state: inout some TokenState
  ) -> Bool {
    var sender = state.holding(of: from)
    sender.balance -= micro
    state.set(sender, for: from)
    var receiver = state.holding(of: recipient)
    let (sum, overflow) = receiver.balance.addingReportingOverflow(micro)
    guard !overflow else { return false }
    receiver.balance = sum
    state.set(receiver, for: recipient)
    return true
  }

  private static func transferFrom(
    _ call: Call, from: TronAddress, to recipient: TronAddress, _ amount: UInt256,
    on state: inout some TokenState
  ) -> Outcome {
    let key = Ledger.Allowance(owner: from, spender: call.caller)
    let allowed = state.allowance(key)
    guard let left = allowed.subtracting(amount) else {
      return .reverted(energy: state.globals.parameters.energyBeforeRevert)
    }
    let outcome = transfer(call, from: from, to: recipient, amount, on: &state)
    guard case .returned(_, let logs, let energy) = outcome else { return outcome }
    // The contract leaves the greatest allowance as it is.
    if allowed != .max { state.set(left, for: key) }
    return .returned(UInt256(1).bytes, logs: logs, energy: energy)
  }

  private static func approve(
    _ call: Call, spender: TronAddress, _ amount: UInt256, on state: inout some TokenState
  ) -> Outcome {
    guard !state.globals.isTokenPaused else {
      return .reverted(energy: state.globals.parameters.energyBeforeRevert)
    }
    state.set(amount, for: Ledger.Allowance(owner: call.caller, spender: spender))
    let log = ContractLog(
      address: Array(call.contract.accountBytes),
      topics: [approvalTopic, padded(call.caller), padded(spender)],
      data: amount.bytes)
    let energy = state.globals.parameters.energyOfOtherCall
    return .returned(UInt256(1).bytes, logs: [log], energy: energy)
  }

  private static func read(
    _ function: Function, _ call: Call, _ arguments: Arguments, _ state: some TokenState
  ) -> [UInt8]? {
    switch function {
    case .balanceOf:
      return arguments.address(0).map { word(state.holding(of: $0).balance) }
    case .isBlackListed, .getBlackListStatus:
      return arguments.address(0).map { word(state.holding(of: $0).isBlacklisted ? 1 : 0) }
    case .allowance:
      guard let owner = arguments.address(0), let spender = arguments.address(1) else { return nil }
      return state.allowance(Ledger.Allowance(owner: owner, spender: spender)).bytes
    case .totalSupply: return word(state.globals.tokenSupply)
    case .name: return text(name)
    case .symbol: return text(symbol)
    case .decimals: return UInt256(decimals).bytes
    case .owner, .getOwner: return padded(call.owner)
    case .paused: return word(state.globals.isTokenPaused ? 1 : 0)
    case .deprecated, .basisPointsRate, .maximumFee: return UInt256.zero.bytes
    case .transfer, .transferFrom, .approve: return nil
    }
  }

  private static func word(_ value: Int64) -> [UInt8] {
    UInt256(UInt64(clamping: value)).bytes
  }

  private static func text(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let padding = [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    return UInt256(32).bytes + UInt256(UInt64(bytes.count)).bytes + bytes + padding
  }

  private static func padded(_ address: TronAddress) -> [UInt8] {
    [UInt8](repeating: 0, count: 12) + address.accountBytes
  }

  /// Keccak-256 of `Approval(address,address,uint256)`.
  private static let approvalTopic = keccak256(Array("Approval(address,address,uint256)".utf8))

  /// The 32-byte words behind the selector.
  private struct Arguments {
    let data: ArraySlice<UInt8>

    func word(_ index: Int) -> UInt256? {
      let start = data.startIndex + 32 * index
      guard start + 32 <= data.endIndex else { return nil }
      return UInt256(bytes: data[start..<start + 32])
    }

    /// The low 20 bytes of a word: wallets that leave the 0x41 in front are understood, as on
    /// chain.
    func address(_ index: Int) -> TronAddress? {
      let start = data.startIndex + 32 * index
      guard start + 32 <= data.endIndex else { return nil }
      return try? TronAddress(accountBytes: data[start + 12..<start + 32])
    }
  }
}
