import KafkaLog
import MongoStore
import Payouts
import Service
import Synchronization
import Tron
import TronNode
import Wiring

await Bootstrap.run(ConfirmerSettings.self) { runtime in
  let nodes = try ConfirmerNodes(runtime.settings.nodes)
  let store = try await runtime.openStore()
  // Read before this process writes it.
  let seen = try await store.chainHead()?.solidified.number
  let floors = JournalFloors(try await store.journalPositions())
  return try services(runtime, store: store, nodes: nodes, floors: floors, resumeAfter: seen)
}

func services(
  _ runtime: Runtime<ConfirmerSettings>, store: MongoStore, nodes: ConfirmerNodes,
  floors: JournalFloors, resumeAfter: BlockNumber?
) throws -> ProcessServices {
  let settings = runtime.settings
  let context = ConfirmerContext(
    store: store, log: try runtime.openProducer(), clock: runtime.clock,
    observer: runtime.observer, failpoints: runtime.failpoints,
    policy: ConfirmingPolicy(
      contract: settings.usdtContract, deathProofNodes: settings.deathProofNodes,
      broadcastInterval: settings.broadcastInterval, journalRewind: settings.journalRewind,
      attempts: AttemptPolicy(maximumAttempts: settings.maxAttempts),
      foreignSpendGrace: settings.foreignSpendGrace), floors: floors)
  let toSend = nodes.full.map { _ in WakeSignal() }
  let journal = JournalStage(context: context) { for signal in toSend { signal.wake() } }
  let judge = Judge(context: context, nodes: nodes.solidity)
  let head = HeadWatch(context: context, full: nodes.full, solidity: nodes.solidity) {
    (0..<32).map { _ in UInt8.random(in: .min ... .max) }
  }
  let broadcaster = Broadcaster(context: context, nodes: nodes.full)
  let watches = nodes.solidity.map {
    SolidityWatch(context: context, node: $0, resumeAfter: resumeAfter)
  }
  let sweeper = ConfirmerSweeper(context: context, watches: watches, stage: journal)
  let control = runtime.breakerControl(store, policy: settings.breaker)
  let keeper = BreakerKeeper(
    control: control, store: store, transfers: store, clock: runtime.clock)
  let foreign = ForeignSpendWatch(context: context, store: store, control: control)
  // Shown before the first one, so that an alert sees the change.
  MetricNames.foreignSpends.counter().increment(by: 0)
  let prices = Latest<HeadWatch.Prices>()
  let loops = runtime.loops
  return [
    runtime.storeProbe(store),
    try runtime.brokerProbe(),
    try runtime.consumerLoop(
      [.signed], from: .rewind(settings.journalRewind), floor: floors.offset, to: journal,
      limit: settings.batchLimit),
    PeriodicTask(name: "chain_head", interval: settings.scanInterval, context: loops) {
      prices.value = try await head.advance(prices.value)
    },
    PeriodicTask(name: "judge", interval: settings.scanInterval, context: loops) {
      try await judge.judge()
    },
    // What the store says is armed is watched and sent from here, also while the journal is read again.
    runtime.sweeper("confirmer", waitsForTopics: false, sweeper.sweep),
    // However much is open: the time in which a store that fell back is noticed is part of what keeps
    // our own payments from being taken for foreign ones.
    PeriodicTask(
      name: "confirmer_healing", interval: settings.common.sweepInterval, context: loops
    ) { try await sweeper.heal() },
    PeriodicTask(name: "breaker", interval: .seconds(1), context: loops) {
      try await keeper.look()
    },
    PeriodicTask(name: "foreign_spends", interval: .seconds(1), context: loops) {
      try await foreign.look()
    },
  ]
    + watches.map { watch in
      PeriodicTask(
        name: "solidity_\(watch.name)", interval: settings.scanInterval, context: loops
      ) { _ = try await watch.advance() }
    }
    + zip(nodes.full.indices, toSend).map { index, signal in
      PeriodicTask(
        name: "broadcaster_\(nodes.full[index].name)", interval: .seconds(1), context: loops,
        signal: signal
      ) { if await broadcaster.sendDue(to: index) { signal.wake() } }
    }
}
