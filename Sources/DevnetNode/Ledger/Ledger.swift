import Tron

/// All state that transactions change, with an undo journal: accounts, USDT holdings and
/// allowances, and what is global.
///
/// Every change writes the value it replaces into the journal. A failed transaction rolls back to
/// its mark, the pending layer rolls back to the head block, and a sealed block gives its part of
/// the journal away as a ``LedgerUndo``, which takes exactly that block back when the chain forks.
struct Ledger: Sendable {
  private(set) var accounts: [TronAddress: Account] = [:]
  private(set) var holdings: [TronAddress: TokenHolding] = [:]
  private(set) var allowances: [Allowance: UInt256] = [:]
  private(set) var globals: Globals
  private var journal: [Change] = []

  /// Whose USDT somebody else may spend.
  struct Allowance: Hashable, Sendable {
    let owner: TronAddress
    let spender: TronAddress
  }

  /// State that belongs to no account.
  struct Globals: Equatable, Sendable {
    var parameters: ChainParameters
    var isTokenPaused = false
    /// Micro-USDT in existence.
    var tokenSupply: Int64 = 0
  }

  private enum Change {
    case account(TronAddress, Account?)
    case holding(TronAddress, TokenHolding?)
    case allowance(Allowance, UInt256?)
    case globals(Globals)
  }

  init(parameters: ChainParameters) { globals = Globals(parameters: parameters) }

  mutating func set(_ account: Account, for address: TronAddress) {
    journal.append(.account(address, accounts.updateValue(account, forKey: address)))
  }

  mutating func set(_ holding: TokenHolding, for address: TronAddress) {
    journal.append(.holding(address, holdings.updateValue(holding, forKey: address)))
  }

  mutating func set(_ amount: UInt256, for allowance: Allowance) {
    journal.append(.allowance(allowance, allowances.updateValue(amount, forKey: allowance)))
  }

  mutating func set(_ globals: Globals) {
    journal.append(.globals(self.globals))
    self.globals = globals
  }

  /// A place in the journal to roll back to; 0 is the head block.
  var mark: Int { journal.count }

  /// Takes back everything since a mark.
  mutating func rollBack(to mark: Int) {
    while journal.count > mark, let change = journal.popLast() { restore(change) }
  }

  private mutating func restore(_ change: Change) {
    switch change {
    case .account(let address, let old): accounts[address] = old
    case .holding(let address, let old): holdings[address] = old
    case .allowance(let allowance, let old): allowances[allowance] = old
    case .globals(let old): globals = old
    }
  }

  /// Everything since the last seal, to be taken back by ``undo(_:)``; the journal is empty
  /// afterwards.
  mutating func seal() -> LedgerUndo {
    let undo = pendingUndo
    journal.removeAll(keepingCapacity: true)
    return undo
  }

  /// The journal folded to the value that each changed entry had first.
  var pendingUndo: LedgerUndo {
    var undo = LedgerUndo()
    for change in journal.reversed() {
      switch change {
      case .account(let address, let old): undo.accounts.updateValue(old, forKey: address)
      case .holding(let address, let old): undo.holdings.updateValue(old, forKey: address)
      case .allowance(let allowance, let old): undo.allowances.updateValue(old, forKey: allowance)
      case .globals(let old): undo.globals = old
      }
    }
    return undo
  }

  /// Takes a sealed block back; the journal must be empty and later blocks taken back already.
  mutating func undo(_ undo: LedgerUndo) {
    precondition(journal.isEmpty, "roll the pending layer back before undoing a block")
    for (address, old) in undo.accounts { accounts[address] = old }
    for (address, old) in undo.holdings { holdings[address] = old }
    for (allowance, old) in undo.allowances { allowances[allowance] = old }
    if let old = undo.globals { globals = old }
  }
}

/// The values that one block replaced.
struct LedgerUndo: Sendable {
  var accounts: [TronAddress: Account?] = [:]
  var holdings: [TronAddress: TokenHolding?] = [:]
  var allowances: [Ledger.Allowance: UInt256?] = [:]
  var globals: Ledger.Globals?
}
