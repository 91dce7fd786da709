import Tron

/// Why an address cannot be paid.
public struct RecipientFault: Error, Hashable, Sendable {
  /// A stable word for programs.
  public var reason: String
  /// A sentence for people.
  public var message: String

  init(_ reason: String, _ message: String) {
    self.reason = reason
    self.message = message
  }

  init(_ error: AddressError) {
    switch error {
    case .wrongLength: self.init(error.rawValue, "must have 34 characters")
    case .notBase58: self.init(error.rawValue, "must be base58 text")
    case .wrongChecksum: self.init(error.rawValue, "has a checksum that does not match: a typo")
    case .wrongPrefix: self.init(error.rawValue, "is not a TRON address: it must begin with T")
    }
  }
}

/// Who may be paid: any TRON account but nobody, the token itself and ourselves.
public struct RecipientPolicy: Sendable {
  /// USDT sent to its own contract is lost.
  public var usdtContract: TronAddress
  /// The wallets that we pay from.
  public var ownWallets: Set<TronAddress>

  /// Collects the parts.
  public init(usdtContract: TronAddress, ownWallets: Set<TronAddress>) {
    self.usdtContract = usdtContract
    self.ownWallets = ownWallets
  }

  /// Reads an address and checks it.
  public func recipient(_ text: String) throws(RecipientFault) -> TronAddress {
    let address: TronAddress
    do {
      address = try TronAddress(base58: text)
    } catch {
      throw RecipientFault(error)
    }
    if address.isZero { throw RecipientFault("zero_address", "is the address of nobody") }
    if address == usdtContract {
      throw RecipientFault("usdt_contract", "is the USDT contract: the money would be lost")
    }
    if ownWallets.contains(address) {
      throw RecipientFault("own_wallet", "is a wallet that payouts are made from")
    }
    return address
  }
}
