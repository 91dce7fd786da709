import Tron

/// A change of state that no transaction made: what an operator of the devnet asks for.
///
/// Edits take effect at once in the pending layer and become part of the next block, ahead of its
/// transactions, so that forks, the solidity view and a replay of the block file treat them like
/// everything else on chain.
enum LedgerEdit: Equatable, Sendable {
  case setSun(TronAddress, Int64)
  case setMicroUSDT(TronAddress, Int64)
  case setStakedEnergy(TronAddress, Int64)
  case setStakedBandwidth(TronAddress, Int64)
  case setBlacklisted(TronAddress, Bool)
  case setTokenPaused(Bool)
  case setEnergyFee(Int64)

  /// Applies the edit; an account that it names comes to be.
  func apply(to ledger: inout Ledger, atMilliseconds now: Int64) {
    switch self {
    case .setSun(let address, let sun):
      Self.changeAccount(address, in: &ledger, now) { $0.balance = sun }
    case .setStakedEnergy(let address, let energy):
      Self.changeAccount(address, in: &ledger, now) { $0.energy.limit = energy }
    case .setStakedBandwidth(let address, let bandwidth):
      Self.changeAccount(address, in: &ledger, now) { $0.bandwidth.limit = bandwidth }
    case .setMicroUSDT(let address, let micro):
      var holding = ledger.holding(of: address)
      let change = micro.addingClamped(-holding.balance)
      Self.changeGlobals(in: &ledger) { $0.tokenSupply = $0.tokenSupply.addingClamped(change) }
      holding.balance = micro
      ledger.set(holding, for: address)
    case .setBlacklisted(let address, let isBlacklisted):
      var holding = ledger.holding(of: address)
      holding.isBlacklisted = isBlacklisted
      ledger.set(holding, for: address)
    case .setTokenPaused(let isPaused):
      Self.changeGlobals(in: &ledger) { $0.isTokenPaused = isPaused }
    case .setEnergyFee(let sun):
      Self.changeGlobals(in: &ledger) { $0.parameters.energyFee = sun }
    }
  }

  private static func changeAccount(
    _ address: TronAddress, in ledger: inout Ledger, _ now: Int64, _ change: (inout Account) -> Void
  ) {
    var account =
      ledger.accounts[address]
      ?? Account(
        balance: 0, createTimeMilliseconds: now,
        freeBandwidth: ledger.globals.parameters.freeNetLimit)
    change(&account)
    ledger.set(account, for: address)
  }

  private static func changeGlobals(
    in ledger: inout Ledger, _ change: (inout Ledger.Globals) -> Void
  ) {
    var globals = ledger.globals
    change(&globals)
    ledger.set(globals)
  }
}
