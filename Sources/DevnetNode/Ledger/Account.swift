/// A TRON account: TRX and resources. USDT lies in the contract (``TokenHolding``), as on chain.
struct Account: Equatable, Sendable {
  /// Sun.
  var balance: Int64
  /// When the account came to be, in chain time.
  let createTimeMilliseconds: Int64
  /// Head time when the account last paid for a transaction.
  var lastOperationMilliseconds: Int64 = 0
  /// Energy from stake.
  var energy = Resource(limit: 0)
  /// Bandwidth from stake.
  var bandwidth = Resource(limit: 0)
  /// Bandwidth that every account has for nothing.
  var freeBandwidth: Resource

  init(balance: Int64, createTimeMilliseconds: Int64, freeBandwidth: Int64) {
    self.balance = balance
    self.createTimeMilliseconds = createTimeMilliseconds
    self.freeBandwidth = Resource(limit: freeBandwidth)
  }
}

/// What the USDT contract knows about an account, which needs no TRON account for it.
struct TokenHolding: Equatable, Sendable {
  /// Micro-USDT.
  var balance: Int64 = 0
  /// A blacklisted account cannot send; it can still receive.
  var isBlacklisted = false

  static let nothing = TokenHolding()
}
