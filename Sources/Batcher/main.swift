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
  let stage = BatcherStage(
    payouts: store, transfers: store, log: try runtime.openProducer(), clock: runtime.clock,
    observer: runtime.observer, failpoints: runtime.failpoints,
    partitions: runtime.settings.common.kafka.partitions)
  return [
    runtime.storeProbe(store),
    try runtime.brokerProbe(),
    try runtime.consumerLoop(
      [.requested], from: .committed, to: stage, limit: runtime.settings.batchLimit),
    runtime.sweeper("batcher", stage.sweep),
    QueueDepth.task(payouts: store, transfers: store, context: runtime.loops),
  ]
}
