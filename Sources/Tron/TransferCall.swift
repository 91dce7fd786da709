/// A call of `transfer(address,uint256)`, the one method of the token that this system uses.
///
/// Encoded it is 68 bytes: the selector, the recipient and the amount as 32-byte words
/// (Solidity ABI).
public struct TransferCall: Hashable, Sendable {
  /// Who gets the tokens.
  public let recipient: TronAddress
  /// How many, in the token's smallest unit.
  public let amount: UInt256

  /// The first four bytes of Keccak-256 of `transfer(address,uint256)`.
  public static let selector: [UInt8] = [0xa9, 0x05, 0x9c, 0xbb]

  private static let length = 68

  /// A call that is to be encoded.
  public init(recipient: TronAddress, amount: UInt256) {
    self.recipient = recipient
    self.amount = amount
  }

  /// Reads call data as the contract does; `nil` when it is not a transfer.
  ///
  /// The contract takes the low 20 bytes of the address word, whatever is above them (many wallets
  /// leave the 0x41 there), and ignores what follows the second word.
  public init?(tolerantly data: [UInt8]) {
    guard data.count >= Self.length, Array(data[0..<4]) == Self.selector,
      let recipient = TronAddress(ifAccount: data[16..<36]),
      let amount = UInt256(bytes: data[36..<68])
    else { return nil }
    self.init(recipient: recipient, amount: amount)
  }

  /// Reads call data only if it is exactly what ``data`` writes.
  public init?(strictly data: [UInt8]) {
    self.init(tolerantly: data)
    guard self.data == data else { return nil }
  }

  /// The call data: selector and two words.
  public var data: [UInt8] {
    var data: [UInt8] = []
    data.reserveCapacity(Self.length)
    data += Self.selector
    data += repeatElement(0, count: 12)
    data += recipient.accountBytes
    data += amount.bytes
    return data
  }
}
