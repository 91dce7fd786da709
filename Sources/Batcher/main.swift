import MongoStore
import Payouts
import Service
import Wiring

await Bootstrap.run(BatcherSettings.self) { runtime in
  try services(runtime, store: try await runtime.openStore())
}

func services(
  _ runtime: Runtime<BatcherSettings>, store: MongoStore
) throws -> ProcessServices {
  let log = try runtime.openProducer()
  let kyc = KYCGate(store: store, clock: runtime.clock)
  let stage = BatcherStage(
    payouts: store, transfers: store, log: log, clock: runtime.clock,
    observer: runtime.observer, failpoints: runtime.failpoints,
    partitions: runtime.settings.common.kafka.partitions, kyc: kyc)
  let held = HeldPayouts(payouts: store, gate: kyc, log: log, observer: runtime.observer)
  return [
    runtime.storeProbe(store),
    try runtime.brokerProbe(),
    try runtime.consumerLoop(
      [.requested], from: .committed, to: stage, limit: runtime.settings.batchLimit),
    runtime.sweeper("batcher", stage.sweep),
    PeriodicTask(
      name: "kyc", interval: runtime.settings.common.sweepInterval, context: runtime.loops
    ) { try await held.look() },
    QueueDepth.task(payouts: store, transfers: store, context: runtime.loops),
  ]
}
