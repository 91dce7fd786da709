import KeyVault
import Payouts
import Service
import Wiring

await Bootstrap.run(SignerSettings.self) { runtime in
  let settings = runtime.settings
  let wallets = try openWallets(settings, logger: runtime.logger)
  let store = try await runtime.openStore()
  let stage = SignerStage(
    payouts: store, transfers: store, facts: store, log: try runtime.openProducer(),
    clock: runtime.clock, observer: runtime.observer, failpoints: runtime.failpoints,
    wallets: wallets,
    policy: SigningPolicy(
      contract: settings.usdtContract, validity: settings.validity, feeLimitCap: settings.feeLimit,
      transferCap: settings.maxTransfer))
  return [
    runtime.storeProbe(store),
    try runtime.brokerProbe(),
    // Again and again: a store that was restored must learn of the wallets again.
    PeriodicTask(name: "wallet_registration", interval: .seconds(30), context: runtime.loops) {
      try await stage.registerWallets()
    },
    try runtime.consumerLoop(
      Lane.allCases.map { .ready($0) }, from: .committed, to: stage, limit: settings.batchLimit),
    runtime.sweeper("signer", stage.sweep),
  ]
}
