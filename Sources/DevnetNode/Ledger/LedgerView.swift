import Tron

/// What the USDT contract reads and writes.
protocol TokenState {
  var globals: Ledger.Globals { get }
  func holding(of address: TronAddress) -> TokenHolding
  func allowance(_ allowance: Ledger.Allowance) -> UInt256
  mutating func set(_ holding: TokenHolding, for address: TronAddress)
  mutating func set(_ amount: UInt256, for allowance: Ledger.Allowance)
}

extension Ledger: TokenState {
  func holding(of address: TronAddress) -> TokenHolding { holdings[address] ?? .nothing }

  func allowance(_ allowance: Allowance) -> UInt256 { allowances[allowance] ?? .zero }
}

/// The ledger as it was at an earlier block, for the solidity view and for constant calls; writes
/// stay in the view.
///
/// The value of an entry at block B is the first one that a block after B replaced, or else the
/// present one. So nothing is copied, however many accounts there are.
struct LedgerView: TokenState {
  private let ledger: Ledger
  /// What the blocks after the viewed one replaced, oldest first, and the pending layer last.
  private let undos: [LedgerUndo]
  private var written: [TronAddress: TokenHolding] = [:]
  private var writtenAllowances: [Ledger.Allowance: UInt256] = [:]

  init(_ ledger: Ledger, undos: [LedgerUndo] = []) {
    self.ledger = ledger
    self.undos = undos
  }

  var globals: Ledger.Globals {
    for undo in undos { if let old = undo.globals { return old } }
    return ledger.globals
  }

  func account(_ address: TronAddress) -> Account? {
    for undo in undos { if let old = undo.accounts[address] { return old } }
    return ledger.accounts[address]
  }

  func holding(of address: TronAddress) -> TokenHolding {
    if let holding = written[address] { return holding }
    for undo in undos { if let old = undo.holdings[address] { return old ?? .nothing } }
    return ledger.holding(of: address)
  }

  func allowance(_ allowance: Ledger.Allowance) -> UInt256 {
    if let amount = writtenAllowances[allowance] { return amount }
    for undo in undos { if let old = undo.allowances[allowance] { return old ?? .zero } }
    return ledger.allowance(allowance)
  }

  mutating func set(_ holding: TokenHolding, for address: TronAddress) {
    written[address] = holding
  }

  mutating func set(_ amount: UInt256, for allowance: Ledger.Allowance) {
    writtenAllowances[allowance] = amount
  }
}
