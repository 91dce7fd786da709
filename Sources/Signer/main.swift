import KeyVault
import MongoStore
import Payouts
import Service
import Wiring

await Bootstrap.run(SignerSettings.self) { runtime in
  // Before the store is waited for: a key that cannot be opened is told at once.
  let wallets = try openWallets(runtime.settings, logger: runtime.logger)
  return try services(runtime, store: try await runtime.openStore(), wallets: wallets)
}

func services(
  _ runtime: Runtime<SignerSettings>, store: MongoStore,
  wallets: [RouterType: any TransferSigner]
) throws -> ProcessServices {
  let settings = runtime.settings
  let gate = BreakerGate(
    view: BreakerView(store: store, clock: runtime.clock),
    control: runtime.breakerControl(store, policy: settings.breaker))
  let stage = SignerStage(
    payouts: store, transfers: store, facts: store, log: try runtime.openProducer(),
    clock: runtime.clock, observer: runtime.observer, failpoints: runtime.failpoints,
    wallets: wallets,
    policy: SigningPolicy(
      contract: settings.usdtContract, validity: settings.validity, feeLimitCap: settings.feeLimit,
      transferCap: settings.maxTransfer), gate: gate,
    caps: SignerCaps(limits: settings.limits, counters: store.signerLimits))
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
