import Payouts
import PayoutAPI
import Service
import Wiring

await Bootstrap.run(IngestSettings.self) { runtime in
  let settings = runtime.settings
  let credentials = try openCredentials(settings)
  let store = try await runtime.openStore()
  let log = try runtime.openProducer()
  var configuration = APIConfiguration(
    network: settings.common.network.rawValue, usdtContract: settings.usdtContract)
  configuration.publishWait = settings.publishWait
  let facts = FactsCache(store: store, clock: runtime.clock)
  let sweeper = RequestedSweeper(
    store: store, log: log, clock: runtime.clock, observer: runtime.observer)
  return [
    runtime.storeProbe(store),
    try runtime.brokerProbe(),
    try await PayoutServer(
      configuration: configuration,
      ports: APIPorts(
        payouts: store, transfers: store, facts: store, log: log, clock: runtime.clock,
        failpoints: runtime.failpoints),
      credentials: credentials, facts: facts, ops: runtime.opsRoutes, address: settings.http,
      logger: runtime.logger("http")),
    PeriodicTask(name: "facts", interval: .seconds(1), context: runtime.loops) {
      try await facts.refresh()
    },
    PeriodicTask(
      name: "ingest_sweeper", interval: settings.common.sweepInterval, context: runtime.loops
    ) { _ = try await sweeper.sweep() },
  ]
}
