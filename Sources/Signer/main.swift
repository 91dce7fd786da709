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
    caps: SignerCaps(limits: settings.limits, counters: store.signerLimits, ledger: store))
  return [
    runtime.storeProbe(store),
    try runtime.brokerProbe(),
    // Again and again: a store that was restored must learn of the wallets again.
    PeriodicTask(name: "wallet_registration", interval: .seconds(30), context: runtime.loops) {
      try await stage.registerWallets()
    },
    runtime.sweeper("signer", stage.sweep),
  ] + (try lanes(runtime, store: store, stage: stage))
}

/// One loop for each lane; one of them works at a time.
func lanes(
  _ runtime: Runtime<SignerSettings>, store: MongoStore, stage: SignerStage
) throws -> ProcessServices {
  let gate = LaneGate()
  let clock = runtime.loops.clock
  return try Lane.allCases.map { lane in
    let lanes = LaneStage(
      lane, gate: gate, stage: stage, store: store,
      pause: {
        // A cancelled wait is a short one.
        do { try await clock.sleep(for: .milliseconds(50)) } catch {}
      }, time: { clock.now() })
    return try runtime.consumerLoop(
      [.ready(lane)], group: lane.group, from: .committed, to: lanes,
      limit: runtime.settings.batchLimit, isPaced: false)
  }
}
