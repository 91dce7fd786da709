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
  let settings = runtime.settings
  let log = try runtime.openProducer()
  let kyc = KYCGate(store: store, clock: runtime.clock, facts: store)
  let context = BatcherContext(
    store: store, log: log, clock: runtime.clock, observer: runtime.observer,
    failpoints: runtime.failpoints, kyc: kyc, partitions: settings.common.kafka.partitions)
  let duty = ClosingDuty()
  let stage = BatcherStage(context, duty: duty)
  let closing = WindowClosing(
    context, facts: store, calendar: settings.windows.calendar, netting: settings.netting.policy,
    duty: duty)
  let held = HeldPayouts(payouts: store, gate: kyc, log: log, observer: runtime.observer)
  return [
    runtime.storeProbe(store),
    try runtime.brokerProbe(),
    try runtime.consumerLoop(
      [.requested], from: .committed, to: stage, limit: settings.batchLimit),
    PeriodicTask(name: "urgent", interval: .milliseconds(150), context: runtime.loops) {
      try await stage.formUrgent()
    },
    PeriodicTask(name: "window_closing", interval: .seconds(1), context: runtime.loops) {
      try await closing.turn()
    },
    runtime.sweeper("batcher", stage.sweep),
    PeriodicTask(
      name: "kyc", interval: runtime.settings.common.sweepInterval, mostShare: 0.1,
      context: runtime.loops
    ) { try await held.look() },
    QueueDepth.task(payouts: store, transfers: store, context: runtime.loops),
  ]
}
