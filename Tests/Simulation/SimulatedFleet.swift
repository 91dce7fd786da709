import Payouts
import Synchronization
import Tron

/// A clock that moves when the world says so.
final class SimulatedClock: WallClock {
  let time: Mutex<UnixMilliseconds>

  init(_ time: UnixMilliseconds) { self.time = Mutex(time) }

  func now() -> UnixMilliseconds { time.withLock { $0 } }
}

/// The clock of one process, which is wrong by some time.
struct SkewedClock: WallClock {
  let clock: SimulatedClock
  let skewMilliseconds: Int64

  func now() -> UnixMilliseconds { clock.now().advanced(milliseconds: skewMilliseconds) }
}

/// Signs with 65 bytes that no chain looks at.
struct SimulatedSigner: TransferSigner {
  let address: TronAddress

  func signature(of txid: TransactionID) throws(SigningError) -> [UInt8] {
    txid.bytes + txid.bytes + [0]
  }
}

struct SilentObserver: StageObserver {
  func observe(_ event: StageEvent) {}
}

/// Payouts of the simulation need no records.
struct NoKYCRecords: KYCStore {
  func kycRecords(_ recipients: [TronAddress]) async throws(StoreError) -> [KYCRecord] { [] }
  func kycRecords(after: TronAddress?, limit: Int) async throws(StoreError) -> [KYCRecord] { [] }
  func kycUnlogged(limit: Int) async throws(StoreError) -> [KYCRecord] { [] }
  func write(_ record: KYCRecord, replacing old: KYCRecord?) async throws(StoreError) -> Bool {
    false
  }
}

/// What all processes share.
struct SharedWorld {
  let turnstile = Turnstile()
  let documents = SimulatedDocuments()
  let topics = SimulatedTopics()
  let clock: SimulatedClock
  let chain: SimulatedChain
  let wallet: TronAddress
  /// Whether failures open a breaker, which makes a story long.
  var hasBreaker = false
}

/// One kind of work that a process does over and over; runs of one kind never overlap.
struct Job: Sendable {
  let name: String
  let run: @Sendable () async throws -> Void
}

/// A running incarnation: its jobs, and whether it was killed.
struct Incarnation {
  let process: SimulatedProcess
  let jobs: [Job]
}

enum Role: CaseIterable {
  case batcher, signer, confirmer, canceller
}

extension SharedWorld {
  /// Windows of 20 s, one and two minutes.
  static let calendar = WindowCalendar(
    shortened: [.hourly: .seconds(20), .daily: .seconds(60), .weekly: .seconds(120)])

  /// Longer than a transaction lives, takes to solidify, and the store falls back.
  static let journalRewind = Duration.seconds(180)

  /// Starts a process with empty memory.
  ///
  /// - Parameter skew: by how much a Batcher's clock is wrong, in milliseconds.
  func incarnation(
    of role: Role, name: String, feed: Feed, random: Box<Mutex<SeededGenerator>>, skew: Int64,
    chance: @escaping @Sendable () -> SimulatedProcess.Death
  ) -> Incarnation {
    let process = SimulatedProcess(turnstile: turnstile, chance: chance)
    let store = SimulatedStore(documents: documents, process: process)
    let log = SimulatedLog(topics: topics, process: process, clock: clock)
    switch role {
    case .batcher: return batcher(process, store, log, feed, skew)
    case .signer: return signer(process, store, log, feed)
    case .confirmer: return confirmer(process, store, log, name)
    case .canceller: return canceller(process, store, log, random)
    }
  }

  /// Ingest, as far as it cancels: any payout, now and then.
  private func canceller(
    _ process: SimulatedProcess, _ store: SimulatedStore, _ log: SimulatedLog,
    _ random: Box<Mutex<SeededGenerator>>
  ) -> Incarnation {
    let canceller = PayoutCanceller(
      payouts: store, transfers: store, log: log, clock: clock, failpoints: NoFailpoints(),
      partitions: SimulatedTopics.partitions)
    let documents = documents
    return Incarnation(
      process: process,
      jobs: [
        Job(name: "cancel") {
          let ids = documents.contents.withLock { $0.payouts.keys.sorted() }
          let chosen = random.value.withLock { generator in
            generator.oneIn(25) ? ids.randomElement(using: &generator) : nil
          }
          guard let chosen else { return }
          _ = try await canceller.cancel([chosen])
        }
      ])
  }

  private func batcher(
    _ process: SimulatedProcess, _ store: SimulatedStore, _ log: SimulatedLog, _ feed: Feed,
    _ skew: Int64
  ) -> Incarnation {
    let context = BatcherContext(
      store: store, log: log, clock: SkewedClock(clock: clock, skewMilliseconds: skew),
      observer: SilentObserver(), failpoints: NoFailpoints(),
      kyc: KYCGate(store: NoKYCRecords(), clock: clock, facts: store),
      partitions: SimulatedTopics.partitions)
    // Both copies at once, which the group allows for a moment only.
    let duty = ClosingDuty(owned: true)
    let stage = BatcherStage(context, duty: duty)
    let closing = WindowClosing(
      context, facts: store, calendar: Self.calendar,
      netting: NettingPolicy(mostMembers: 4, mostAmount: USDTAmount(micro: 12_000_000)), duty: duty)
    return Incarnation(
      process: process,
      jobs: [
        Job(name: "consume") { try await feed.consume(.requested, topics, with: stage) },
        Job(name: "urgent") { try await stage.formUrgent() },
        Job(name: "close") { try await closing.turn() },
        Job(name: "sweep") { try await stage.sweep(ResendSchedule(), previousSweep: nil) },
      ])
  }

  private func signer(
    _ process: SimulatedProcess, _ store: SimulatedStore, _ log: SimulatedLog, _ feed: Feed
  ) -> Incarnation {
    let stage = SignerStage(
      payouts: store, transfers: store, facts: store, log: log, clock: clock,
      observer: SilentObserver(), failpoints: NoFailpoints(),
      wallets: [.v0: SimulatedSigner(address: wallet)],
      policy: SigningPolicy(
        contract: chain.contract, validity: .seconds(60), feeLimitCap: Sun(30_000_000),
        transferCap: USDTAmount(micro: 10_000_000_000), staleAfter: .seconds(120)),
      gate: hasBreaker
        ? BreakerGate(
          view: BreakerView(store: store, clock: clock), control: control(store, "signer"))
        : OpenGate())
    return Incarnation(
      process: process,
      jobs: [
        Job(name: "consume") {
          guard await stage.readiness() == nil else { return }
          try await feed.consume(.ready(.normal), topics, with: stage)
        },
        Job(name: "sweep") { try await stage.sweep(ResendSchedule(), previousSweep: nil) },
        Job(name: "register") { try await stage.registerWallets() },
      ])
  }

  /// So touchy that it opens often, and lets one through soon.
  private func control(_ store: SimulatedStore, _ name: String) -> BreakerControl {
    BreakerControl(
      store: store, audit: AuditAppender(store: store, clock: clock, writer: name), clock: clock,
      observer: SilentObserver(),
      policy: BreakerPolicy(consecutiveFailures: 2, pause: .seconds(20), trials: 1))
  }

  private func confirmer(
    _ process: SimulatedProcess, _ store: SimulatedStore, _ log: SimulatedLog, _ name: String
  ) -> Incarnation {
    let node = SimulatedNode(name: "node-\(name)", chain: chain, process: process)
    let context = ConfirmerContext(
      store: store, log: log, clock: clock, observer: SilentObserver(),
      failpoints: NoFailpoints(),
      policy: ConfirmingPolicy(
        contract: chain.contract, deathProofNodes: 1, journalRewind: Self.journalRewind))
    let stage = JournalStage(context: context, armedSignal: {})
    let watch = SolidityWatch(context: context, node: node)
    // One call at a time: the turnstile lets a job make no two.
    let judge = Judge(context: context, nodes: [node], lookUpsAtOnce: 1)
    let head = HeadWatch(context: context, full: [node], solidity: [node]) { [0] }
    let sender = Broadcaster(context: context, nodes: [node])
    let sweeper = ConfirmerSweeper(context: context, watches: [watch], stage: stage)
    let control = control(store, name)
    let keeper = BreakerKeeper(control: control, store: store, transfers: store, clock: clock)
    let foreign = ForeignSpendWatch(context: context, store: store, control: control)
    let positions = Mutex([Int32: Int]())
    let topics = topics
    return Incarnation(
      process: process,
      jobs: [
        Job(name: "consume") { [positions = Box(positions)] in
          // Every copy reads every partition from the very beginning: no ownership at all.
          for partition in 0..<SimulatedTopics.partitions {
            let place = TopicPartition(topic: .signed, partition: partition)
            var offset = positions.value.withLock { $0[partition] }
            if offset == nil { await stage.assigned([place]) }
            let from = offset ?? 0
            let records = topics.read(.signed, partition, from: from, limit: 3)
            if !records.isEmpty { try await stage.process(records) }
            offset = from + records.count
            let next = offset
            positions.value.withLock { $0[partition] = next }
          }
          let lag = positions.value.withLock { positions in
            Dictionary(
              uniqueKeysWithValues: positions.map { partition, offset in
                (
                  TopicPartition(topic: .signed, partition: partition),
                  Int64(topics.count(.signed, partition) - offset)
                )
              })
          }
          await stage.lagMeasured(lag)
        },
        Job(name: "solid") {
          _ = try await watch.advance()
          try await judge.judge()
        },
        Job(name: "head") { _ = try await head.advance(nil) },
        Job(name: "breaker") { if hasBreaker { try await keeper.look() } },
        Job(name: "foreign") { try await foreign.look() },
        Job(name: "send") { _ = await sender.sendDue(to: 0) },
        Job(name: "heal") { try await sweeper.heal() },
        Job(name: "sweep") { try await sweeper.sweep(ResendSchedule(), previousSweep: nil) },
      ])
  }
}

/// Carries a lock into closures.
final class Box<Value: ~Copyable & Sendable>: Sendable {
  let value: Value
  init(_ value: consuming sending Value) { self.value = value }
}

/// A consumer group's committed offset, which two members may both believe to own.
final class Feed: Sendable {
  private let committed = Mutex(0)

  func consume(
    _ topic: Topic, _ topics: SimulatedTopics, with stage: some RecordProcessor
  ) async throws {
    let from = committed.withLock { $0 }
    let records = topics.read(topic, 0, from: from, limit: 4)
    guard !records.isEmpty else { return }
    try await stage.process(records)
    committed.withLock { $0 = max($0, from + records.count) }
  }

  /// An operator replays, or a commit was lost.
  func rewind(to offset: Int) { committed.withLock { $0 = min($0, offset) } }

  var position: Int { committed.withLock { $0 } }
}
