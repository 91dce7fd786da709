import Logging
import Payouts
import Tron

// MARK: Breaker, foreign spends, KYC

extension StageEventReporter {
  func reportGuards(_ event: StageEvent) {
    switch event {
    case .breakerChanged(let breaker):
      MetricNames.circuitBreakerOpen.gauge().set(breaker.state == .open ? 1 : 0)
      logger.log(
        level: breaker.state == .closed ? .notice : .error,
        "the circuit breaker is \(breaker.state.rawValue)",
        metadata: [
          "cause": "\(breaker.cause?.rawValue ?? "none")", "reason": "\(breaker.reason)",
          "by": "\(breaker.by)", "rev": "\(breaker.rev)",
        ])
    case .foreignTransaction(let txid, let wallet, let contract, let isSpend):
      if isSpend { MetricNames.foreignSpends.counter().increment() }
      logger.log(
        level: isSpend ? .critical : .notice,
        isSpend
          ? "FOREIGN SPEND: somebody else uses the wallet's key"
          : "a transaction of the wallet was not made by this system",
        metadata: ["txid": "\(txid)", "wallet": "\(wallet)", "contract": "\(contract)"])
    case .heldForKYC(let count):
      MetricNames.heldForKYC.gauge().set(count)
    default: break
    }
  }
}
