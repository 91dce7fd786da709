import Tron

/// Executes one transaction on the ledger and charges for it, in the order of the real node:
/// bandwidth, memo, contract.
///
/// A refusal leaves the ledger as it was. A contract that fails keeps what it cost and nothing
/// else.
struct Executor {
  let token: TetherContract
  /// Time of the block before the one that executes: the clock of resources.
  let headMilliseconds: Int64

  /// Where the USDT contract lives and who its owner is.
  struct TetherContract: Sendable {
    let address: TronAddress
    let owner: TronAddress
  }

  func execute(
    _ transaction: NodeTransaction, on ledger: inout Ledger
  ) throws(Refusal) -> Execution {
    let contracts = transaction.decoded.contracts
    guard contracts.count == 1, let contract = contracts.first else {
      throw .other("Contract size should be exactly 1, this is \(contracts.count)")
    }
    let mark = ledger.mark
    do throws(Refusal) {
      var execution = Execution()
      let owner = try payBandwidth(transaction, contract, on: &ledger, &execution)
      try payMemo(transaction, owner: owner, on: &ledger, &execution)
      switch contract.content {
      case .transfer(let recipient, let amount):
        try transfer(from: owner, to: recipient, amount.value, on: &ledger, &execution)
      case .call(let call):
        try trigger(transaction, call, from: owner, on: &ledger, &execution)
      case .assetTransfer, .other:
        throw Refusal.contract("\(contract.type) is not supported by this devnet")
      }
      return execution
    } catch {
      ledger.rollBack(to: mark)
      throw error
    }
  }

  // MARK: Bandwidth and memo

  private func payBandwidth(
    _ transaction: NodeTransaction, _ contract: DecodedContract, on ledger: inout Ledger,
    _ execution: inout Execution
  ) throws(Refusal) -> TronAddress {
    guard let owner = contract.owner, var account = ledger.accounts[owner] else {
      throw .contract("account [\(contract.owner?.base58 ?? "")] does not exist")
    }
    let bytes = Int64(transaction.size) + Int64(Limits.resultBytes)
    account.lastOperationMilliseconds = headMilliseconds
    let parameters = ledger.globals.parameters
    if case .transfer(.some(let recipient), _) = contract.content,
      ledger.accounts[recipient] == nil
    {
      try payForNewAccount(bytes, &account, parameters, &execution)
    } else if account.bandwidth.left(at: headMilliseconds) >= bytes {
      account.bandwidth.use(bytes, at: headMilliseconds)
      execution.netUsage = bytes
    } else if account.freeBandwidth.left(at: headMilliseconds) >= bytes {
      account.freeBandwidth.use(bytes, at: headMilliseconds)
      execution.netUsage = bytes
    } else {
      let fee = bytes.multipliedClamped(by: parameters.transactionFee)
      guard account.balance >= fee else { throw .bandwidth }
      account.balance -= fee
      execution.netFee = fee
    }
    ledger.set(account, for: owner)
    return owner
  }

  private func payForNewAccount(
    _ bytes: Int64, _ account: inout Account, _ parameters: ChainParameters,
    _ execution: inout Execution
  ) throws(Refusal) {
    if account.bandwidth.left(at: headMilliseconds) >= bytes {
      account.bandwidth.use(bytes, at: headMilliseconds)
      execution.netUsage = bytes
      return
    }
    guard account.balance >= parameters.createAccountFee else { throw .bandwidth }
    account.balance -= parameters.createAccountFee
    execution.netFee = parameters.createAccountFee
  }

  private func payMemo(
    _ transaction: NodeTransaction, owner: TronAddress, on ledger: inout Ledger,
    _ execution: inout Execution
  ) throws(Refusal) {
    let fee = ledger.globals.parameters.memoFee
    guard !transaction.decoded.memo.isEmpty, fee > 0, var account = ledger.accounts[owner] else {
      return
    }
    guard account.balance >= fee else { throw .bandwidth }
    account.balance -= fee
    ledger.set(account, for: owner)
    execution.otherFees += fee
  }

  // MARK: TransferContract

  private func transfer(
    from owner: TronAddress, to recipient: TronAddress?, _ amount: Int64, on ledger: inout Ledger,
    _ execution: inout Execution
  ) throws(Refusal) {
    guard let recipient else { throw .contract("Invalid toAddress!") }
    guard recipient != owner else { throw .contract("Cannot transfer TRX to yourself.") }
    guard var sender = ledger.accounts[owner] else {
      throw .contract("Validate TransferContract error, no OwnerAccount.")
    }
    guard amount > 0 else { throw .contract("Amount must be greater than 0.") }
    guard recipient != token.address else {
      throw .contract("Cannot transfer TRX to a smartContract.")
    }
    let parameters = ledger.globals.parameters
    let fee = ledger.accounts[recipient] == nil ? parameters.createNewAccountFee : 0
    guard sender.balance >= amount.addingClamped(fee) else {
      throw .contract("Validate TransferContract error, balance is not sufficient.")
    }
    var receiver =
      ledger.accounts[recipient]
      ?? Account(
        balance: 0, createTimeMilliseconds: headMilliseconds,
        freeBandwidth: parameters.freeNetLimit)
    let (sum, overflow) = receiver.balance.addingReportingOverflow(amount)
    guard !overflow else { throw .contract("long overflow") }
    sender.balance -= amount
    sender.balance -= fee
    receiver.balance = sum
    ledger.set(sender, for: owner)
    ledger.set(receiver, for: recipient)
    execution.otherFees += fee
  }

  // MARK: TriggerSmartContract

  private func trigger(
    _ transaction: NodeTransaction, _ call: SmartContractCall, from owner: TronAddress,
    on ledger: inout Ledger, _ execution: inout Execution
  ) throws(Refusal) {
    let parameters = ledger.globals.parameters
    guard call.contract == token.address else {
      throw .contract("No contract or not a smart contract")
    }
    guard (0...parameters.maximumFeeLimit).contains(transaction.decoded.feeLimit.value) else {
      throw .contract("feeLimit must be >= 0 and <= \(parameters.maximumFeeLimit)")
    }
    guard call.callValue.value >= 0 else { throw .contract("callValue must be >= 0") }
    guard call.callTokenValue >= 0 else { throw .contract("tokenValue must be >= 0") }
    guard call.callTokenValue == 0, call.tokenID == 0 else {
      throw .contract(
        "invalid arguments with tokenValue = \(call.callTokenValue), tokenId = \(call.tokenID)")
    }
    guard var account = ledger.accounts[owner] else {
      throw .contract("account [\(owner.base58)] does not exist")
    }
    guard account.balance >= call.callValue.value else {
      throw .contract("Validate InternalTransfer error, balance is not sufficient.")
    }
    let staked = account.energy.left(at: headMilliseconds)
    let affordable = staked.addingClamped(
      (account.balance - call.callValue.value) / parameters.energyFee)
    let limit = min(affordable, transaction.decoded.feeLimit.value / parameters.energyFee)
    run(call, from: owner, energyLimit: limit, on: &ledger, &execution)

    execution.energyUsage = min(staked, execution.energyUsageTotal)
    execution.energyFee =
      (execution.energyUsageTotal - execution.energyUsage) * parameters.energyFee
    account.energy.use(execution.energyUsage, at: headMilliseconds)
    account.balance -= execution.energyFee
    ledger.set(account, for: owner)
  }

  private func run(
    _ call: SmartContractCall, from owner: TronAddress, energyLimit: Int64,
    on ledger: inout Ledger, _ execution: inout Execution
  ) {
    let mark = ledger.mark
    let outcome = TetherToken.run(
      TetherToken.Call(
        caller: owner, contract: token.address, owner: token.owner, value: call.callValue.value,
        data: call.data),
      on: &ledger)
    execution.isContractCall = true
    execution.contractAddress = token.address
    let parameters = ledger.globals.parameters
    switch outcome {
    case .returned(let bytes, let logs, let energy) where energy <= energyLimit:
      execution.energyUsageTotal = energy
      execution.returned = bytes
      execution.logs = logs
    case .reverted(let energy) where energy <= energyLimit:
      ledger.rollBack(to: mark)
      execution.energyUsageTotal = energy
      execution.result = .revert
      execution.message = "REVERT opcode executed"
    case .returned, .reverted:
      ledger.rollBack(to: mark)
      execution.energyUsageTotal = energyLimit
      execution.result = .outOfEnergy
      execution.message = Self.outOfEnergyMessage(limit: energyLimit)
    }
    execution.energyPenaltyTotal = parameters.penalty(of: execution.energyUsageTotal)
  }

  private static func outOfEnergyMessage(limit: Int64) -> String {
    "Not enough energy for 'SSTORE' operation executing: curInvokeEnergyLimit[\(limit)],"
      + " curOpEnergy[20000], penaltyEnergy[68000], usedEnergy[\(max(0, limit - 1))]"
  }
}
