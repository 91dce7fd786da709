import MongoStore
import PayoutAPI
import Payouts
import Service
import Wiring

await Bootstrap.run(IngestSettings.self) { runtime in
  let settings = runtime.settings
  let mongo = settings.common.mongo
  // Not waited for: while the store is away, clients are told so.
  let store = try MongoStore.open(
    uri: mongo.uri.text, database: mongo.database, logger: runtime.logger("store"))
  let log = try runtime.openProducer()
  let facts = FactsCache(store: store, clock: runtime.clock) {
    try await runtime.checkPartitions(store)
  }

  var configuration = APIConfiguration(
    network: settings.common.network.rawValue, usdtContract: settings.usdtContract)
  configuration.journalPartitions = settings.common.kafka.partitions
  configuration.publishWait = settings.publishWait
  configuration.allowedOrigins = settings.allowedOrigins
  configuration.breaker = settings.breaker
  configuration.auditWriter = settings.common.kafka.groupInstanceID ?? "ingest"
  configuration.windows = settings.windows.calendar
  var ports = APIPorts(
    payouts: store, batches: store, transfers: store, reading: store, guards: store, facts: store,
    log: log,
    clock: runtime.clock, failpoints: runtime.failpoints)
  let limits = AmountLimiter(
    policy: settings.limits, counters: store.limits, reservations: store, clock: runtime.clock)
  ports.limits = limits
  let upkeep = LimitUpkeep(
    limits: limits, counters: store.limits, reservations: store, clock: runtime.clock,
    observer: runtime.observer, logger: runtime.logger("limits"))
  switch settings.rateLimits {
  case .off: ports.rateLimiting = .off
  case .local: ports.rateLimiting = .local
  case .shared: ports.rateLimiting = .shared(store)
  }
  ports.brokerIsAway = { if case .disconnected = log.connection { true } else { false } }
  let server = try await PayoutServer(
    configuration: configuration, ports: ports, credentials: APICredentials(settings),
    facts: facts, ops: runtime.opsRoutes, address: settings.http, logger: runtime.logger("api"))
  let sweeper = RequestedSweeper(
    store: store, log: log, clock: runtime.clock, observer: runtime.observer)
  let batchSweeper = BatchSweeper(
    payouts: store, batches: store, log: log, clock: runtime.clock, observer: runtime.observer)
  let register = KYCRegister(store: store, audit: server.auditTrail, clock: runtime.clock)
  let admissions = AdmissionAudit(
    log: store, records: store, batches: store, audit: server.auditTrail, clock: runtime.clock)
  let sweeps = runtime.logger("sweeper")

  var tasks = [
    runtime.storeProbe(store),
    PeriodicTask(name: "breaker", interval: .milliseconds(500), context: runtime.loops) {
      try await server.watchBreaker()
    },
    PeriodicTask(
      name: "audit_log", interval: .seconds(1), context: runtime.loops,
      signal: server.auditTrail.signal
    ) { try await server.auditTrail.gatherAndFlush() },
    PeriodicTask(name: "kyc_log", interval: .seconds(30), context: runtime.loops) {
      try await register.settleLog()
    },
    PeriodicTask(name: "audit_writer", interval: .seconds(5), context: runtime.loops) {
      try await server.auditTrail.beat()
    },
    PeriodicTask(
      name: "admission_log", interval: .seconds(60), mostShare: 0.1, context: runtime.loops
    ) {
      do {
        let entered = try await admissions.settle()
        guard entered > 0 else { return }
        sweeps.notice(
          "admissions entered into the audit log later", metadata: ["entries": "\(entered)"])
      } catch let error as StoreError {
        // Admission does not depend on it, so it is no lack of readiness.
        sweeps.warning(
          "admissions were not compared with the audit log", metadata: ["error": "\(error)"])
      }
    },
    PeriodicTask(name: "facts", interval: .seconds(2), context: runtime.loops) {
      try await facts.refresh()
    },
    PeriodicTask(
      name: "ingest_sweeper", interval: settings.common.sweepInterval, mostShare: 0.1,
      context: runtime.loops
    ) {
      do {
        try await sweeper.sweep()
      } catch let error as LogError {
        // Payouts are accepted without the broker, so its absence is no lack of readiness.
        sweeps.warning("nothing can be announced again", metadata: ["error": "\(error)"])
      }
    },
    PeriodicTask(
      name: "batch_sweeper", interval: settings.common.sweepInterval, mostShare: 0.1,
      context: runtime.loops
    ) {
      do {
        try await batchSweeper.sweep()
      } catch let error as LogError {
        sweeps.warning("batches were not announced", metadata: ["error": "\(error)"])
      }
    },
  ]
  if let refresh = server.refreshKeys {
    tasks.append(
      PeriodicTask(
        name: "token_keys", interval: .seconds(300), context: runtime.loops, body: refresh))
  }
  return [server] + tasks + upkeep.tasks(context: runtime.loops)
}
