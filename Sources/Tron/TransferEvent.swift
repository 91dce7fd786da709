/// The event `Transfer(address,address,uint256)` that a token emits for every move of tokens.
///
/// Only this event says what was paid: a token may keep a part of a transfer as its fee.
public struct TransferEvent: Hashable, Sendable {
  /// The token that says so.
  public let contract: TronAddress
  /// Who lost the tokens.
  public let sender: TronAddress
  /// Who got them.
  public let recipient: TronAddress
  /// How many, in the token's smallest unit.
  public let value: UInt256

  /// Keccak-256 of `Transfer(address,address,uint256)`, the first topic.
  public static let topic: [UInt8] = [
    0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa,
    0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
  ]

  /// An event that is to be written as a log.
  public init(
    contract: TronAddress, sender: TronAddress, recipient: TronAddress, value: UInt256
  ) {
    self.contract = contract
    self.sender = sender
    self.recipient = recipient
    self.value = value
  }

  /// Reads a log; `nil` when it is another event or is not formed like this one.
  public init?(_ log: ContractLog) {
    guard log.topics.count == 3, log.topics[0] == Self.topic,
      let contract = TronAddress(ifAccount: log.address),
      let sender = Self.account(log.topics[1]),
      let recipient = Self.account(log.topics[2]),
      let value = UInt256(bytes: log.data)
    else { return nil }
    self.init(contract: contract, sender: sender, recipient: recipient, value: value)
  }

  private static func account(_ word: [UInt8]) -> TronAddress? {
    guard word.count == 32, word[0..<12].allSatisfy({ $0 == 0 }) else { return nil }
    return TronAddress(ifAccount: word[12...])
  }

  /// What was moved, or `nil` when the number is beyond any USDT amount (it does not fit 63 bits).
  public var amount: USDTAmount? { value.int64.map(USDTAmount.init(micro:)) }

  /// The log that the token writes.
  public var log: ContractLog {
    let padding = [UInt8](repeating: 0, count: 12)
    return ContractLog(
      address: Array(contract.accountBytes),
      topics: [Self.topic, padding + sender.accountBytes, padding + recipient.accountBytes],
      data: value.bytes)
  }
}
