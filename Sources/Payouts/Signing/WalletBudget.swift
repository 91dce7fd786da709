import Tron

/// What a wallet can still pay: its solidified funds less everything planned and not yet paid.
///
/// Conservative on purpose: what is short is held, not sent to fail. In-flight transfers must be
/// read before the funds, because the Confirmer marks a block's transfers paid only when the funds
/// in the store are as of that block or a later one.
struct WalletBudget {
  private(set) var usdt: Int64
  /// Worst-case transfers that TRX and energy still cover.
  private(set) var transfers: Int64

  /// - Parameter inFlight: what is planned or armed and may still leave the wallet.
  init(
    funds: Wallet.Funds, inFlight: (count: Int, amount: USDTAmount), head: ChainHead
  ) {
    usdt = funds.usdt.micro.saturatingSubtract(inFlight.amount.micro)
    transfers = Self.capacity(funds, head).saturatingSubtract(Int64(inFlight.count))
  }

  /// How many worst-case transfers TRX and staked energy pay for. Bandwidth is counted as burned.
  private static func capacity(_ funds: Wallet.Funds, _ head: ChainHead) -> Int64 {
    let energy = max(1, head.transferEnergy)
    let bandwidth = max(0, head.bandwidthPrice.value).saturatingMultiply(Self.transferBytes)
    let burned = energy.saturatingMultiply(max(0, head.energyPrice.value)).saturatingAdd(bandwidth)
    guard burned > 0 else { return .max / 2 }
    let (energyLeft, trx) = (max(0, funds.energy), max(0, funds.trx.value))
    let staked = min(energyLeft / energy, bandwidth > 0 ? trx / bandwidth : .max / 2)
    return staked.saturatingAdd((trx - staked * bandwidth) / burned)
  }

  // Size of a one-signature USDT transfer as bandwidth counts it, bytes.
  private static let transferBytes: Int64 = 347

  /// Sets the transfer's share aside, or says what is missing.
  mutating func reserve(_ transfer: Transfer) -> Hold.Reason? {
    guard transfer.amount.micro <= usdt else { return .insufficientUSDT }
    guard transfers >= 1 else { return .insufficientEnergy }
    usdt -= transfer.amount.micro
    transfers -= 1
    return nil
  }
}
