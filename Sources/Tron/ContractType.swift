/// What a transaction does (`Transaction.Contract.ContractType`).
public struct ContractType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// Number on the wire.
  public let rawValue: Int32

  /// Any number; a newer chain may know it.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Moves TRX.
  public static let transfer = ContractType(rawValue: 1)
  /// Moves a TRC-10 token.
  public static let transferAsset = ContractType(rawValue: 2)
  /// Calls a smart contract.
  public static let triggerSmartContract = ContractType(rawValue: 31)

  /// The name, such as `TriggerSmartContract`; `nil` for a number that has none.
  public var name: String? { Self.names[rawValue] }

  /// The type URL that goes with the number; of no use when the number has no name.
  public var typeURL: String { "type.googleapis.com/protocol.\(description)" }

  /// The name, or `UnknownContract` and the number.
  public var description: String { name ?? "UnknownContract\(rawValue)" }

  private static let names: [Int32: String] = [
    0: "AccountCreateContract", 1: "TransferContract", 2: "TransferAssetContract",
    3: "VoteAssetContract", 4: "VoteWitnessContract", 5: "WitnessCreateContract",
    6: "AssetIssueContract", 8: "WitnessUpdateContract", 9: "ParticipateAssetIssueContract",
    10: "AccountUpdateContract", 11: "FreezeBalanceContract", 12: "UnfreezeBalanceContract",
    13: "WithdrawBalanceContract", 14: "UnfreezeAssetContract", 15: "UpdateAssetContract",
    16: "ProposalCreateContract", 17: "ProposalApproveContract", 18: "ProposalDeleteContract",
    19: "SetAccountIdContract", 20: "CustomContract", 30: "CreateSmartContract",
    31: "TriggerSmartContract", 32: "GetContract", 33: "UpdateSettingContract",
    41: "ExchangeCreateContract", 42: "ExchangeInjectContract", 43: "ExchangeWithdrawContract",
    44: "ExchangeTransactionContract", 45: "UpdateEnergyLimitContract",
    46: "AccountPermissionUpdateContract", 48: "ClearABIContract", 49: "UpdateBrokerageContract",
    51: "ShieldedTransferContract", 52: "MarketSellAssetContract",
    53: "MarketCancelOrderContract", 54: "FreezeBalanceV2Contract",
    55: "UnfreezeBalanceV2Contract", 56: "WithdrawExpireUnfreezeContract",
    57: "DelegateResourceContract", 58: "UnDelegateResourceContract",
    59: "CancelAllUnfreezeV2Contract",
  ]

  /// Whether the message names its owner in field 2 (all others that we know: in field 1).
  var ownerIsSecondField: Bool { rawValue == 10 || rawValue == 19 }
}
