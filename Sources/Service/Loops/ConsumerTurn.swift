import Logging
import Payouts

/// What a consumer loop remembers from one look at the log to the next.
struct ConsumerTurn {
  private let loop: ConsumerLoop
  private let faults: LogThrottle
  private let commitFaults: LogThrottle
  private var backoff = Backoff()
  private var pace: BatchPace
  private var assigned: Set<TopicPartition> = []
  /// Topics that were ours at some time.
  private var topics: Set<Topic> = []
  /// Offsets whose records were processed and that are not committed yet.
  private var processed: [TopicPartition: Int64] = [:]
  private var lagDue: Duration
  /// Why no record will come any more; the loop ends.
  private(set) var refusal: (any Error)?
  /// The batch that is being processed.
  private var inHand: [IncomingRecord] = []
  /// Records that came although only rebalances were asked for; they are processed next.
  private var carried: [IncomingRecord] = []

  init(loop: ConsumerLoop) {
    self.loop = loop
    pace = BatchPace(most: loop.options.limit)
    faults = LogThrottle(clock: loop.context.clock)
    commitFaults = LogThrottle(clock: loop.context.clock)
    lagDue = loop.context.clock.now()
  }

  /// One look at the log and what follows from it.
  mutating func step() async {
    loop.context.watchdog.beat(loop.name, nextWithin: loop.options.wait)
    if let reason = await loop.processor.readiness() {
      loop.context.health.notReady(loop.name, reason)
      await handleRebalances()
      await pause(loop.options.wait)
      return
    }
    do {
      let event = try await nextEvent()
      loop.context.health.ready(loop.name)
      switch event {
      case .records(let records): await take(records)
      case .assigned(let partitions): await assign(partitions)
      case .revoked(let partitions): await revoke(partitions)
      case nil: break
      }
      backoff.reset()
    } catch {
      await fault("cannot read the log", error)
    }
    await commit()
    await measureLag()
  }

  private var limit: Int { loop.options.isPaced ? pace.limit : loop.options.limit }

  private var isEnding: Bool { loop.isStopping || refusal != nil }

  private mutating func nextEvent() async throws(LogError) -> ConsumerEvent? {
    guard carried.isEmpty else {
      defer { carried = [] }
      return .records(carried)
    }
    return try await loop.consumer.next(limit: limit, wait: loop.options.wait)
  }

  /// Has the records processed, however often that takes.
  private mutating func take(_ records: [IncomingRecord]) async {
    inHand = records
    defer { inHand = [] }
    let start = loop.context.clock.now()
    while !inHand.isEmpty {
      loop.context.watchdog.beat(loop.name)
      do {
        let begun = loop.context.clock.now()
        try await loop.processor.process(inHand)
        pace.processed(inHand.count, in: loop.context.clock.now() - begun)
        loop.context.health.ready(loop.name)
        faults.reset()
        break
      } catch let error as MustBeginAnew {
        refusal = error
        return
      } catch {
        // A batch that shutdown interrupts stays uncommitted and comes again.
        guard !isEnding else { return }
        loop.metrics.retries.increment()
        loop.context.health.notReady(loop.name, "\(error)")
        report("batch failed and is repeated", "\(error)", ["records": "\(inHand.count)"])
        await waitForRepetition(backoff.next())
        guard !isEnding else { return }
      }
    }
    loop.metrics.processed(inHand, in: loop.context.clock.now() - start)
    for record in inHand {
      let partition = Self.partition(of: record)
      processed[partition] = max(processed[partition] ?? 0, record.offset + 1)
    }
  }

  /// Waits, while rebalances go on: records of a partition that is taken away meanwhile leave the
  /// batch, its new owner gets them.
  private mutating func waitForRepetition(_ duration: Duration) async {
    let end = loop.context.clock.now() + duration
    repeat {
      await handleRebalances()
      if inHand.isEmpty { return }
      let left = end - loop.context.clock.now()
      if left > .zero { await pause(min(left, loop.options.wait)) }
    } while loop.context.clock.now() < end && !isEnding
  }

  /// Takes note of rebalances; records that stand before one are kept for later.
  private mutating func handleRebalances() async {
    do {
      while carried.count < loop.options.limit,
        let event = try await loop.consumer.next(limit: 0, wait: .zero)
      {
        switch event {
        case .assigned(let partitions): await assign(partitions)
        case .revoked(let partitions): await revoke(partitions)
        case .records(let records): carried += records
        }
      }
    } catch {
      await fault("cannot follow the group", error)
    }
  }

  private mutating func assign(_ partitions: [TopicPartition]) async {
    assigned.formUnion(partitions)
    topics.formUnion(partitions.map(\.topic))
    loop.metrics.assigned(assigned, topics: topics)
    loop.context.logger.info(
      "partitions assigned",
      metadata: ["loop": "\(loop.name)", "partitions": "\(Self.text(partitions))"])
    await loop.processor.assigned(partitions)
  }

  private mutating func revoke(_ partitions: [TopicPartition]) async {
    assigned.subtract(partitions)
    for partition in partitions { processed[partition] = nil }
    // Even if they come back at once: a new assignment begins with its own records, in order.
    inHand.removeAll { partitions.contains(Self.partition(of: $0)) }
    carried.removeAll { partitions.contains(Self.partition(of: $0)) }
    loop.metrics.assigned(assigned, topics: topics)
    loop.context.logger.info(
      "partitions revoked",
      metadata: ["loop": "\(loop.name)", "partitions": "\(Self.text(partitions))"])
    await loop.processor.revoked(partitions)
  }

  private mutating func commit() async {
    guard !processed.isEmpty else { return }
    do {
      try await loop.consumer.commit(processed)
      processed = [:]
    } catch {
      loop.metrics.commitFailures.increment()
      guard let suppressed = commitFaults.pass() else { return }
      loop.context.logger.warning(
        "offsets are not committed; the next commit covers them",
        metadata: [
          "loop": "\(loop.name)", "error": "\(error)", "suppressed": "\(suppressed)",
        ])
    }
  }

  private mutating func measureLag() async {
    guard loop.context.clock.now() >= lagDue, !loop.isStopping else { return }
    lagDue = loop.context.clock.now() + loop.options.lagInterval
    do {
      let lag = try await loop.consumer.lag()
      loop.metrics.lag(lag, topics: topics)
      loop.context.backlog.measured(lag.values.reduce(0, &+), of: loop.name)
      await loop.processor.lagMeasured(lag)
    } catch {
      loop.context.logger.debug(
        "lag is unknown", metadata: ["loop": "\(loop.name)", "error": "\(error)"])
    }
  }

  private mutating func fault(_ what: String, _ error: LogError) async {
    loop.context.health.notReady(loop.name, "\(error)")
    report(what, "\(error)", [:])
    guard error.effect != .refused else { return refusal = error }
    await pause(backoff.next())
  }

  private func report(_ what: String, _ error: String, _ more: Logger.Metadata) {
    guard let suppressed = faults.pass() else { return }
    var metadata: Logger.Metadata = [
      "loop": "\(loop.name)", "error": "\(error)", "suppressed": "\(suppressed)",
    ]
    metadata.merge(more) { $1 }
    loop.context.logger.warning("\(what)", metadata: metadata)
  }

  /// Waits; shutdown is noticed by who asks next, at most `options.wait` or a back-off later.
  private func pause(_ duration: Duration) async {
    do { try await loop.context.clock.sleep(for: duration) } catch {
      // Cancelled: the loop's condition sees it.
    }
  }

  private static func partition(of record: IncomingRecord) -> TopicPartition {
    TopicPartition(topic: record.topic, partition: record.partition)
  }

  private static func text(_ partitions: [TopicPartition]) -> String {
    Dictionary(grouping: partitions, by: \.topic).map { topic, partitions in
      "\(topic.name)[\(partitions.map(\.partition).sorted().map(String.init).joined(separator: ","))]"
    }.sorted().joined(separator: " ")
  }
}
