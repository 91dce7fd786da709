import KafkaLog
import Payouts
import Testing

@Suite("Topics and offsets")
struct AdminTests {
  @Test("creating topics twice is creating them once, and says what is there")
  func createTwice() async throws {
    let stage = try Stage()
    let admin = try stage.admin()
    #expect(try await admin.partitionCounts().isEmpty)
    let first = try await admin.createTopics(partitions: 3)
    #expect(first.count == Topic.all.count)
    #expect(Set(first.values) == [3])
    // The counts of what exists do not change; the caller sees that they differ.
    #expect(try await admin.createTopics(partitions: 5) == first)
    try await admin.deleteTopics()
    #expect(try await admin.partitionCounts().isEmpty)
    try await admin.deleteTopics()
  }

  @Test("topics of another prefix are not ours")
  func otherPrefix() async throws {
    try await Stage.with(partitions: 1) { _ in
      let other = try Stage()
      #expect(try await other.admin().partitionCounts().isEmpty)
    }
  }

  @Test("offsets say whether a topic holds records")
  func offsets() async throws {
    try await Stage.with(partitions: 2) { stage in
      let admin = try stage.admin()
      #expect(try await admin.offsets(of: .signed) == [0: 0..<0, 1: 0..<0])
      let producer = try stage.producer()
      try await producer.append((0..<3).map { .text("\($0)", topic: .signed, partition: 1) })
      await producer.close()
      #expect(try await admin.offsets(of: .signed) == [0: 0..<0, 1: 0..<3])
    }
  }

  @Test("the lag of a group is what it has not committed, and all of it before the first commit")
  func lag() async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      try await producer.append((0..<5).map { .text("\($0)") })
      await producer.close()
      let admin = try stage.admin()
      let partition = TopicPartition(topic: .requested, partition: 0)
      #expect(try await admin.lag(role: "readers", topics: [.requested]) == [partition: 5])

      let consumer = try stage.consumer()
      var transcript = Transcript()
      try await transcript.take(from: consumer) { $0.records.count == 5 }
      try await consumer.commit([partition: 3])
      await consumer.close()
      #expect(try await admin.lag(role: "readers", topics: [.requested]) == [partition: 2])
    }
  }

  @Test(
    "a reader gives exactly the asked range of a partition",
    arguments: [(0..<10, 3), (4..<7, 100), (9..<10, 1), (5..<5, 10), (8..<50, 10)])
  func reads(range: Range<Int64>, limit: Int) async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      try await producer.append((0..<10).map { .text("\($0)") })
      await producer.close()
      let reader = try PartitionReader(
        settings: stage.settings, partition: TopicPartition(topic: .requested, partition: 0),
        offsets: range, logger: stage.logger)
      var offsets: [Int64] = []
      while true {
        let records = try await reader.next(limit: limit)
        if records.isEmpty { break }
        #expect(records.count <= limit)
        offsets += records.map(\.offset)
      }
      #expect(offsets == Array(range.clamped(to: 0..<10)))
      #expect(try await reader.next(limit: limit).isEmpty)
    }
  }

  @Test("without a broker every question fails in time")
  func noBroker() async throws {
    let stage = try Stage(servers: "127.0.0.1:1")
    let admin = try KafkaAdmin(
      settings: stage.settings, timeout: .seconds(1), logger: stage.logger)
    let error = await #expect(throws: LogError.self) { try await admin.ping() }
    #expect(error?.code == .unavailable)
    await #expect(throws: LogError.self) { try await admin.createTopics(partitions: 1) }
    await #expect(throws: LogError.self) { try await admin.lag(role: "x", topics: [.signed]) }
  }
}
