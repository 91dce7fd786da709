import Tron

/// What a transaction did when it was executed: the receipt, before it has a block.
struct Execution: Equatable, Sendable {
  var result: ContractResult = .success
  /// Whether a contract ran; only then the receipt has a result.
  var isContractCall = false
  /// Sun for creating an account and for a memo, which the receipt does not itemise.
  var otherFees: Int64 = 0
  var netUsage: Int64 = 0
  var netFee: Int64 = 0
  /// Energy from stake.
  var energyUsage: Int64 = 0
  /// Sun for energy burned.
  var energyFee: Int64 = 0
  var energyUsageTotal: Int64 = 0
  var energyPenaltyTotal: Int64 = 0
  /// What the contract returned.
  var returned: [UInt8] = []
  var contractAddress: TronAddress?
  var logs: [ContractLog] = []
  /// Why it failed.
  var message: String?

  /// Everything the owner paid, in sun.
  var fee: Int64 { otherFees + netFee + energyFee }
}
