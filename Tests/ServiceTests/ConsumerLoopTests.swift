import CoreMetrics
import Logging
import Payouts
import ServiceLifecycle
import Synchronization
import Testing

@testable import Service

@Suite(.timeLimit(.minutes(1))) struct ConsumerLoopTests {
  let diary = Diary()
  let clock = InstantClock()
  let sink = CollectingSink()
  let health = HealthRegistry(logger: CollectingSink().logger())

  /// Runs a loop over a script until it ends, and shuts it down gracefully.
  /// Answers how many records it asked for each time.
  @discardableResult
  private func run(
    _ steps: [ScriptedConsumer.Step], commitFailures: Int = 0, processor: NotingProcessor,
    limit: Int = 500, isPaced: Bool = true
  ) async throws -> [Int] {
    let group = Mutex<ServiceGroup?>(nil)
    let consumer = ScriptedConsumer(steps, commitFailures: commitFailures, diary: diary) {
      await group.withLock { $0 }?.triggerGracefulShutdown()
    }
    let loop = ConsumerLoop(
      name: "journal", consumer: consumer, processor: processor,
      context: LoopContext(
        health: health, watchdog: Watchdog(clock: clock), clock: clock, logger: sink.logger()),
      options: ConsumerLoop.Options(limit: limit, isPaced: isPaced))
    let services = ServiceGroup(services: [loop], logger: sink.logger())
    group.withLock { $0 = services }
    try await services.run()
    return consumer.limits
  }

  @Test("An offset is committed only after its record was processed")
  func order() async throws {
    try await run(
      [
        .event(.assigned(partitions(0, 1))),
        .event(.records([record(0, 5), record(0, 6), record(1, 9)])),
        .event(.records([record(0, 7)])),
      ], processor: NotingProcessor(diary: diary))
    #expect(
      diary.all == [
        "assigned 0,1", "process 0:5 0:6 1:9", "commit 0:7 1:10", "process 0:7", "commit 0:8",
        "close",
      ])
  }

  @Test("A batch that fails is repeated whole until it succeeds, then committed")
  func retry() async throws {
    try await run(
      [.event(.assigned(partitions(0))), .event(.records([record(0, 1), record(0, 2)]))],
      processor: NotingProcessor(failures: 3, diary: diary))
    #expect(
      diary.all == [
        "assigned 0", "process fails 0:1 0:2", "process fails 0:1 0:2", "process fails 0:1 0:2",
        "process 0:1 0:2", "commit 0:3", "close",
      ])
    let warnings = sink.lines.filter { $0.contains("batch failed and is repeated") }
    #expect(warnings.count == 1)
  }

  @Test("A stage that must begin anew ends the loop, with nothing of the batch committed")
  func beginsAnew() async throws {
    let error = await #expect(throws: MustBeginAnew.self) {
      try await run(
        [.event(.assigned(partitions(0))), .event(.records([record(0, 1)]))],
        processor: NotingProcessor(diary: diary) { throw MustBeginAnew("the log lost its end") })
    }
    #expect(error?.description == "the log lost its end")
    #expect(diary.all == ["assigned 0", "close"])
  }

  @Test(
    "Batches are as large as a moment allows, unless the stage says otherwise",
    arguments: [true, false])
  func paced(isPaced: Bool) async throws {
    let full = ScriptedConsumer.Step.event(.records((0..<50).map { record(0, $0) }))
    let clock = clock
    let turns = Mutex(0)
    let processor = NotingProcessor(diary: Diary()) {
      // Fast, then slow.
      let turn = turns.withLock { turns in
        turns += 1
        return turns
      }
      clock.advance(turn == 1 ? .milliseconds(1) : .seconds(1))
    }
    let limits = try await run(
      [.event(.assigned(partitions(0))), full, full, full, full], processor: processor,
      isPaced: isPaced)
    #expect(limits == (isPaced ? [50, 100, 12, 12] : [500, 500, 500, 500]))
  }

  @Test("Waits between repetitions grow to five seconds, with jitter")
  func backoff() {
    var backoff = Backoff()
    let waits = (0..<12).map { _ in backoff.next() }
    var bound = Duration.milliseconds(100)
    for wait in waits {
      #expect(wait >= bound / 2 && wait <= bound)
      bound = min(bound * 2, .seconds(5))
    }
    #expect(waits[11] >= .milliseconds(2500))
    backoff.reset()
    #expect(backoff.next() <= .milliseconds(100))
  }

  @Test("Records of a partition that is revoked during repetition leave the batch")
  func revokeDuringRetry() async throws {
    try await run(
      [
        .event(.assigned(partitions(0, 1))), .event(.records([record(0, 1), record(1, 1)])),
        .whileWaiting(.revoked(partitions(1))),
      ], processor: NotingProcessor(failures: 1, diary: diary))
    #expect(
      diary.all == [
        "assigned 0,1", "process fails 0:1 1:1", "revoked 1", "process 0:1", "commit 0:2", "close",
      ])
  }

  @Test("A partition that comes back at once does not bring its old records back")
  func revokeAndReassign() async throws {
    try await run(
      [
        .event(.assigned(partitions(0, 1))), .event(.records([record(0, 1), record(1, 1)])),
        .whileWaiting(.revoked(partitions(1))), .whileWaiting(.assigned(partitions(1))),
        .event(.records([record(1, 0), record(1, 1)])),
      ], processor: NotingProcessor(failures: 1, diary: diary))
    #expect(
      diary.all == [
        "assigned 0,1", "process fails 0:1 1:1", "revoked 1", "assigned 1", "process 0:1",
        "commit 0:2", "process 1:0 1:1", "commit 1:2", "close",
      ])
  }

  @Test("A batch that loses every partition is given up and nothing is committed")
  func revokeAll() async throws {
    try await run(
      [
        .event(.assigned(partitions(0))), .event(.records([record(0, 1)])),
        .whileWaiting(.revoked(partitions(0))),
      ], processor: NotingProcessor(failures: 1, diary: diary))
    #expect(diary.all == ["assigned 0", "process fails 0:1", "revoked 0", "close"])
  }

  @Test("Records that come while only rebalances are asked for are kept and processed in order")
  func carried() async throws {
    try await run(
      [
        .event(.assigned(partitions(0, 1))), .event(.records([record(0, 1)])),
        .whileWaiting(.records([record(0, 2), record(1, 7)])),
        .whileWaiting(.records([record(0, 3)])), .whileWaiting(.revoked(partitions(1))),
        .event(.records([record(0, 4)])),
      ], processor: NotingProcessor(failures: 1, diary: diary))
    #expect(
      diary.all == [
        "assigned 0,1", "process fails 0:1", "revoked 1", "process 0:1", "commit 0:2",
        "process 0:2 0:3", "commit 0:4", "process 0:4", "commit 0:5", "close",
      ])
  }

  @Test("What is kept is bounded by the batch limit")
  func carriedIsBounded() async throws {
    try await run(
      [
        .event(.assigned(partitions(0))), .event(.records([record(0, 1)])),
        .always(.records([record(0, 2)])), .always(.records([record(0, 3)])),
      ], processor: NotingProcessor(failures: 1, diary: diary), limit: 1)
    #expect(
      diary.all == [
        "assigned 0", "process fails 0:1", "process 0:1", "commit 0:2", "process 0:2", "commit 0:3",
        "process 0:3", "commit 0:4", "close",
      ])
  }

  @Test("Nothing is fetched while the gate is closed, but rebalances go on")
  func gate() async throws {
    try await run(
      [
        .whileWaiting(.assigned(partitions(0))), .whileWaiting(.revoked(partitions(0))),
        .event(.assigned(partitions(3))), .event(.records([record(3, 1)])),
      ], processor: NotingProcessor(closedLooks: 2, diary: diary))
    #expect(
      diary.all == [
        "assigned 0", "revoked 0", "assigned 3", "process 3:1", "commit 3:2", "close",
      ])
    #expect(clock.sleeps.prefix(2) == [.milliseconds(250), .milliseconds(250)])
  }

  @Test("A log that cannot be read is asked again")
  func brokerAway() async throws {
    let away = LogError(code: .unavailable, effect: .none, message: "no broker")
    try await run(
      [
        .failure(away), .failure(away), .event(.assigned(partitions(0))),
        .event(.records([record(0, 1)])),
      ], processor: NotingProcessor(diary: diary))
    #expect(diary.all == ["fail", "fail", "assigned 0", "process 0:1", "commit 0:2", "close"])
  }

  @Test("A log that refuses us for good ends the loop with its reason")
  func refusedForGood() async throws {
    let fenced = LogError(code: .refused, effect: .refused, message: "another member")
    await #expect(throws: LogError.self) {
      try await run(
        [.event(.assigned(partitions(0))), .failure(fenced), .event(.records([record(0, 1)]))],
        processor: NotingProcessor(diary: diary))
    }
    #expect(diary.all == ["assigned 0", "fail", "close"])
  }

  @Test("A commit that fails is made up for by a later one")
  func commitFails() async throws {
    try await run(
      [
        .event(.assigned(partitions(0, 1))), .event(.records([record(0, 1)])),
        .event(.records([record(1, 4)])),
      ], commitFailures: 1, processor: NotingProcessor(diary: diary))
    #expect(
      diary.all == [
        "assigned 0,1", "process 0:1", "commit fails 0:2", "process 1:4", "commit 0:2 1:5", "close",
      ])
  }

  @Test("A revoked partition's offset is not committed any more")
  func commitAfterRevoke() async throws {
    try await run(
      [
        .event(.assigned(partitions(0, 1))), .event(.records([record(0, 1), record(1, 1)])),
        .event(.revoked(partitions(1))),
      ], commitFailures: 1, processor: NotingProcessor(diary: diary))
    #expect(
      diary.all == [
        "assigned 0,1", "process 0:1 1:1", "commit fails 0:2 1:2", "revoked 1", "commit 0:2",
        "close",
      ])
  }

  @Test("Shutdown in the middle of a batch finishes and commits it, then closes")
  func shutdownInBatch() async throws {
    let group = Mutex<ServiceGroup?>(nil)
    let diary = diary
    let consumer = ScriptedConsumer(
      [
        .event(.assigned(partitions(0))), .event(.records([record(0, 1)])),
        .event(.records([record(0, 2)])),
      ], diary: diary, onEnd: {})
    let processor = NotingProcessor(diary: diary) {
      await group.withLock { $0 }?.triggerGracefulShutdown()
      while !Task.isShuttingDownGracefully { await Task.yield() }
      diary.note("shutdown began")
    }
    let loop = ConsumerLoop(
      name: "journal", consumer: consumer, processor: processor,
      context: LoopContext(
        health: health, watchdog: Watchdog(clock: clock), clock: clock, logger: sink.logger()))
    let services = ServiceGroup(services: [loop], logger: sink.logger())
    group.withLock { $0 = services }
    try await services.run()
    #expect(diary.all == ["assigned 0", "shutdown began", "process 0:1", "commit 0:2", "close"])
  }

  @Test("Shutdown during repetition leaves the batch uncommitted")
  func shutdownInRetry() async throws {
    let group = Mutex<ServiceGroup?>(nil)
    let diary = diary
    let consumer = ScriptedConsumer(
      [.event(.assigned(partitions(0))), .event(.records([record(0, 1)]))], diary: diary, onEnd: {})
    let processor = NotingProcessor(diary: diary) {
      await group.withLock { $0 }?.triggerGracefulShutdown()
      while !Task.isShuttingDownGracefully { await Task.yield() }
      throw StartupError("the store is away")
    }
    let loop = ConsumerLoop(
      name: "journal", consumer: consumer, processor: processor,
      context: LoopContext(
        health: health, watchdog: Watchdog(clock: clock), clock: clock, logger: sink.logger()))
    let services = ServiceGroup(services: [loop], logger: sink.logger())
    group.withLock { $0 = services }
    try await services.run()
    #expect(diary.all == ["assigned 0", "close"])
  }

  @Test("Readiness says what a batch waits for and recovers with it")
  func readiness() async throws {
    let reasons = Mutex<[String]>([])
    let health = health
    let consumer = ScriptedConsumer(
      [.event(.assigned(partitions(0))), .event(.records([record(0, 1)]))], diary: diary,
      onEnd: { reasons.withLock { $0.append(health.isReady ? "ready" : "not ready") } })
    let failing = NotingProcessor(failures: 2, diary: diary) {
      reasons.withLock { $0.append(health.components.first?.reason ?? "") }
    }
    let loop = ConsumerLoop(
      name: "journal", consumer: consumer, processor: failing,
      context: LoopContext(
        health: health, watchdog: Watchdog(clock: clock), clock: clock, logger: sink.logger()))
    let task = Task { try await loop.run() }
    #expect(try await eventually { reasons.withLock { $0.count >= 2 } })
    task.cancel()
    try await task.value
    #expect(reasons.withLock { Array($0.prefix(2)) } == ["the store is away", "ready"])
  }

  @Test("Batches, retries and records are counted")
  func metrics() async throws {
    let metrics = PrometheusMetrics()
    _ = try await withMetricsFactory(metrics) {
      try await run(
        [
          .event(.assigned(partitions(0, 1))),
          .event(.records([record(0, 1), record(0, 2), record(1, 1)])),
        ], processor: NotingProcessor(failures: 1, diary: diary))
    }
    let text = metrics.exposition()
    #expect(text.contains("consumer_records_total{topic=\"transfers.signed\"} 3\n"))
    #expect(text.contains("consumer_retries_total{loop=\"journal\"} 1\n"))
    #expect(text.contains("consumer_batch_records_count{loop=\"journal\"} 1\n"))
    #expect(text.contains("consumer_assigned_partitions{topic=\"transfers.signed\"} 2\n"))
    #expect(text.contains("consumer_lag_records{topic=\"transfers.signed\"} 0\n"))
  }
}
