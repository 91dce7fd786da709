import KafkaLog
import Payouts
import Testing
import Tron

@Suite("Consuming")
struct ConsumerTests {
  private let zero = TopicPartition(topic: .requested, partition: 0)

  @Test("a group resumes after what it committed")
  func resumes() async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      try await producer.append((0..<10).map { .text("\($0)") })
      await producer.close()

      let first = try stage.consumer()
      var before = Transcript()
      try await before.take(from: first) { $0.records.count == 10 }
      try await first.commit([zero: 4])
      await first.close()

      let second = try stage.consumer()
      var after = Transcript()
      try await after.take(from: second) { $0.records.count == 6 }
      await second.close()
      #expect(after.records.map(\.text) == (4..<10).map(String.init))
    }
  }

  @Test("from the beginning means so, whatever was committed")
  func beginning() async throws {
    try await Stage.with(partitions: 1) { stage in
      try await commitAll(of: ["a", "b"], stage)
      let consumer = try stage.consumer(start: .beginning)
      var transcript = Transcript()
      try await transcript.take(from: consumer) { $0.records.count == 2 }
      await consumer.close()
      #expect(transcript.records.map(\.text) == ["a", "b"])
    }
  }

  /// Appends, reads and commits records one group's worth after another.
  private func commitAll(of texts: [String], _ stage: Stage) async throws {
    let producer = try stage.producer()
    try await producer.append(texts.map { .text($0) })
    await producer.close()
    let consumer = try stage.consumer()
    var transcript = Transcript()
    try await transcript.take(from: consumer) { $0.records.count == texts.count }
    let last = try #require(transcript.records.last)
    try await consumer.commit([zero: last.offset + 1])
    await consumer.close()
  }

  @Test("a rewind reads again what is younger than the horizon, though it was committed")
  func rewinds() async throws {
    try await Stage.with(partitions: 1) { stage in
      try await commitAll(of: ["a", "b"], stage)
      let consumer = try stage.consumer(start: .rewind(.seconds(3600)))
      var transcript = Transcript()
      try await transcript.take(from: consumer) { $0.records.count == 2 }
      await consumer.close()
      #expect(transcript.records.map(\.text) == ["a", "b"])
    }
  }

  @Test("a rewind skips what is committed and older than the horizon, and nothing that comes next")
  func rewindsNotFurther() async throws {
    try await Stage.with(partitions: 1) { stage in
      try await commitAll(of: ["old"], stage)
      let later = UnixMilliseconds.present.advanced(seconds: 7200)
      let consumer = try stage.consumer(start: .rewind(.seconds(3600)), now: later)
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.owned.isEmpty }
      let producer = try stage.producer()
      try await producer.append([.text("new")])
      await producer.close()
      try await transcript.take(from: consumer) { !$0.records.isEmpty }
      await consumer.close()
      #expect(transcript.records.map(\.text) == ["new"])
    }
  }

  @Test("a rewind never skips what was not committed, however old it is")
  func rewindsToUncommitted() async throws {
    try await Stage.with(partitions: 1) { stage in
      try await commitAll(of: ["done"], stage)
      let producer = try stage.producer()
      try await producer.append([.text("waiting")])
      await producer.close()
      let later = UnixMilliseconds.present.advanced(seconds: 7200)
      let consumer = try stage.consumer(start: .rewind(.seconds(3600)), now: later)
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.records.isEmpty }
      await consumer.close()
      #expect(transcript.records.map(\.text) == ["waiting"])
    }
  }

  @Test("a group that never committed rewinds to the very beginning")
  func rewindsWithoutCommit() async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      try await producer.append([.text("first")])
      await producer.close()
      let later = UnixMilliseconds.present.advanced(seconds: 7200)
      let consumer = try stage.consumer(start: .rewind(.seconds(3600)), now: later)
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.records.isEmpty }
      await consumer.close()
      #expect(transcript.records.map(\.text) == ["first"])
    }
  }

  @Test("a slow reader gets everything, and no more than the bound is read ahead of it")
  func backPressure() async throws {
    try await Stage.with(partitions: 2) { stage in
      let producer = try stage.producer()
      for round in 0..<10 {
        let texts = (0..<1000).map { "\(round * 1000 + $0)" }
        try await producer.append(texts.map { .text($0, partition: 0) })
      }
      await producer.close()

      let consumer = try stage.consumer { $0.bufferLimitRecords = 500 }
      var transcript = Transcript()
      try await transcript.take(from: consumer, limit: 10) { !$0.records.isEmpty }
      // Long enough for the buffer to fill and its partitions to be paused.
      #expect(try await eventually { consumer.bufferDepth >= 490 })
      let deadline = ContinuousClock.now + .seconds(2)
      var deepest = 0
      #expect(
        try await eventually {
          deepest = max(deepest, consumer.bufferDepth)
          return ContinuousClock.now > deadline
        })
      #expect(deepest < 500 + 256)

      try await transcript.take(from: consumer, limit: 100) { $0.records.count >= 10_000 }
      await consumer.close()
      #expect(transcript.records.map(\.text) == (0..<10_000).map(String.init))
    }
  }

  @Test("lag counts down to nothing as records are taken")
  func lag() async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      try await producer.append((0..<10).map { .text("\($0)") })
      await producer.close()
      let consumer = try stage.consumer()
      var transcript = Transcript()
      try await transcript.take(from: consumer, limit: 4) { $0.records.count == 4 }
      #expect(try await consumer.lag() == [zero: 6])
      try await transcript.take(from: consumer) { $0.records.count == 10 }
      #expect(try await consumer.lag() == [zero: 0])
      await consumer.close()
    }
  }

  @Test("a wait without records ends in time, with nothing")
  func waitEnds() async throws {
    try await Stage.with(partitions: 1) { stage in
      let consumer = try stage.consumer()
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.owned.isEmpty }
      let start = ContinuousClock.now
      #expect(try await consumer.next(limit: 10, wait: .milliseconds(200)) == nil)
      let waited = ContinuousClock.now - start
      #expect(waited >= .milliseconds(190) && waited < .seconds(20))
      await consumer.close()
    }
  }

  @Test("a cancelled wait ends at once")
  func waitIsCancelled() async throws {
    try await Stage.with(partitions: 1) { stage in
      let consumer = try stage.consumer()
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.owned.isEmpty }
      let start = ContinuousClock.now
      let wait = Task { try await consumer.next(limit: 10, wait: .seconds(60)) }
      wait.cancel()
      #expect(try await wait.value == nil)
      #expect(ContinuousClock.now - start < .seconds(20))
      await consumer.close()
    }
  }

  @Test("closing ends a wait, and afterwards nothing is given or committed")
  func closes() async throws {
    try await Stage.with(partitions: 1) { stage in
      let consumer = try stage.consumer()
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.owned.isEmpty }
      let wait = Task { try await consumer.next(limit: 10, wait: .seconds(60)) }
      await consumer.close()
      await consumer.close()
      // The wait may have been over before it began: then it is the same error.
      let error = await #expect(throws: LogError.self) { try await wait.value }
      #expect(error?.code == .closed)
      let commit = await #expect(throws: LogError.self) { try await consumer.commit([zero: 1]) }
      #expect(commit?.code == .closed)
      await #expect(throws: LogError.self) { try await consumer.lag() }
    }
  }

  @Test("a commit of a partition that is not ours is left out quietly")
  func foreignCommit() async throws {
    try await Stage.with(partitions: 1) { stage in
      let consumer = try stage.consumer()
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.owned.isEmpty }
      try await consumer.commit([TopicPartition(topic: .signed, partition: 0): 5])
      try await consumer.commit([TopicPartition(topic: .requested, partition: 9): 5])
      await consumer.close()
      let lags = try await stage.admin().lag(role: "readers", topics: [.signed])
      #expect(lags.values.allSatisfy { $0 == 0 })
    }
  }

  @Test("a topic that is created after the start is found")
  func lateTopic() async throws {
    let stage = try Stage()
    let consumer = try stage.consumer()
    #expect(try await consumer.next(limit: 1, wait: .milliseconds(300)) == nil)
    let admin = try stage.admin()
    _ = try await admin.createTopics(partitions: 1)
    let producer = try stage.producer()
    try await producer.append([.text("late")])
    var transcript = Transcript()
    try await transcript.take(from: consumer) { !$0.records.isEmpty }
    await consumer.close()
    await producer.close()
    try await admin.deleteTopics()
    #expect(transcript.records.map(\.text) == ["late"])
  }
}
