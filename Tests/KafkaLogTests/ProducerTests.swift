import Foundation
import KafkaLog
import Payouts
import Testing
import Tron

@Suite("Appending")
struct ProducerTests {
  @Test("a record comes back with key, value, headers, partition and a recent time")
  func roundTrip() async throws {
    try await Stage.with(partitions: 3) { stage in
      let sent = OutgoingRecord(
        topic: .signed, partition: 2, key: "transfer-1", value: Array(#"{"a":"ü"}"#.utf8),
        headers: [
          RecordHeader("type", "plan"), RecordHeader("empty", ""), RecordHeader("type", "again"),
        ])
      let producer = try stage.producer()
      try await producer.append([sent])
      await producer.close()

      let consumer = try stage.consumer([.signed])
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.records.isEmpty }
      await consumer.close()

      let record = try #require(transcript.records.first)
      #expect(record.topic == .signed)
      #expect(record.partition == 2)
      #expect(record.key == Array(sent.key.utf8))
      #expect(record.value == sent.value)
      #expect(record.headers == sent.headers)
      #expect(abs(record.timestamp.value - UnixMilliseconds.present.value) < 60_000)
    }
  }

  @Test("empty keys, empty values and absent headers come back empty")
  func empties() async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      let sent = OutgoingRecord(topic: .deadletter, key: "", value: [], headers: [])
      try await producer.append([sent])
      await producer.close()

      let consumer = try stage.consumer([.deadletter])
      var transcript = Transcript()
      try await transcript.take(from: consumer) { !$0.records.isEmpty }
      await consumer.close()

      let record = try #require(transcript.records.first)
      #expect(record.key.isEmpty && record.value.isEmpty && record.headers.isEmpty)
    }
  }

  @Test("records of one partition stay in order over many concurrent appends of one writer")
  func order() async throws {
    try await Stage.with(partitions: 2) { stage in
      let producer = try stage.producer()
      try await withThrowingTaskGroup { group in
        for partition in Int32(0)..<2 {
          group.addTask {
            for round in 0..<20 {
              let records = (0..<50).map {
                OutgoingRecord.text("\(round * 50 + $0)", partition: partition)
              }
              try await producer.append(records)
            }
          }
        }
        try await group.waitForAll()
      }
      await producer.close()

      let consumer = try stage.consumer()
      var transcript = Transcript()
      try await transcript.take(from: consumer) { $0.records.count >= 2000 }
      await consumer.close()
      for partition in Int32(0)..<2 {
        let values = transcript.records.filter { $0.partition == partition }.map(\.text)
        #expect(values == (0..<1000).map(String.init))
      }
    }
  }

  @Test("a partition that does not exist is refused for good")
  func unknownPartition() async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      let error = await #expect(throws: LogError.self) {
        try await producer.append([.text("x", partition: 7)])
      }
      #expect(error?.code == .refused)
      #expect(error?.effect == .refused)
      await producer.close()
    }
  }

  @Test("a record that is too large is refused, and in doubt together with one that is stored")
  func tooLarge() async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      let large = OutgoingRecord(
        topic: .requested, key: "k", value: [UInt8](repeating: 65, count: 2 << 20), headers: [])
      let alone = await #expect(throws: LogError.self) { try await producer.append([large]) }
      #expect(alone?.effect == .refused)
      let mixed = await #expect(throws: LogError.self) {
        try await producer.append([.text("fine"), large])
      }
      #expect(mixed?.effect == .inDoubt)
      await producer.close()
    }
  }

  @Test("after close nothing is appended, and that is certain")
  func closed() async throws {
    try await Stage.with(partitions: 1) { stage in
      let producer = try stage.producer()
      await producer.close()
      await producer.close()
      let error = await #expect(throws: LogError.self) { try await producer.append([.text("x")]) }
      #expect(error?.code == .closed)
      #expect(error?.effect == Effect.none)
    }
  }

  @Test("without a broker an append fails in time, without effect, and the connection says why")
  func noBroker() async throws {
    let stage = try Stage(servers: "127.0.0.1:1")
    let producer = try stage.producer { $0.deliveryTimeout = .seconds(2) }
    let start = ContinuousClock.now
    let error = await #expect(throws: LogError.self) { try await producer.append([.text("x")]) }
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(error?.code == .unavailable)
    #expect(error?.effect == Effect.none)
    guard case .disconnected(let reason) = producer.connection else {
      Issue.record("connection is \(producer.connection)")
      return
    }
    #expect(reason.contains("127.0.0.1:1"))
    await producer.close()
  }

  @Test("a cancelled append returns at once, in doubt")
  func cancelled() async throws {
    let stage = try Stage(servers: "127.0.0.1:1")
    let producer = try stage.producer {
      $0.deliveryTimeout = .seconds(120)
      $0.flushTimeout = .zero
    }
    let append = Task { try await producer.append([.text("x")]) }
    #expect(try await eventually { producer.queueDepth == 1 })
    let start = ContinuousClock.now
    append.cancel()
    let error = await #expect(throws: LogError.self) { try await append.value }
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(error?.effect == .inDoubt)
    #expect(producer.queueDepth == 1)
    await producer.close()
  }

  @Test("a full queue holds the writer back until its time is over")
  func fullQueue() async throws {
    let stage = try Stage(servers: "127.0.0.1:1")
    let producer = try stage.producer {
      $0.queueLimitRecords = 10
      $0.deliveryTimeout = .seconds(2)
      $0.flushTimeout = .zero
    }
    let records = (0..<11).map { OutgoingRecord.text("\($0)") }
    let error = await #expect(throws: LogError.self) { try await producer.append(records) }
    #expect(error?.code == .unavailable)
    #expect(error?.effect == Effect.none)
    #expect(producer.queueDepth <= 10)
    await producer.close()
  }

  @Test("what was handed over before a close is delivered by it")
  func flushes() async throws {
    // It would wait that long for company, so it still waits when the close begins.
    let linger = KafkaProperty(name: "linger.ms", value: "60000")
    try await Stage.with(partitions: 1, properties: [linger]) { stage in
      let producer = try stage.producer { $0.deliveryTimeout = .seconds(120) }
      let append = Task { try await producer.append([.text("x")]) }
      #expect(try await eventually { producer.queueDepth == 1 })
      await producer.close()
      try await append.value
      #expect(try await stage.admin().offsets(of: .requested) == [0: 0..<1])
    }
  }

  @Test("kcat reads what we wrote", .enabled(if: Kcat.isThere))
  func witness() async throws {
    try await Stage.with(partitions: 3) { stage in
      let producer = try stage.producer()
      try await producer.append([
        OutgoingRecord(
          topic: .settled, partition: 1, key: "the-key", value: Array("the-value".utf8),
          headers: [RecordHeader("type", "settled"), RecordHeader("version", "1")])
      ])
      await producer.close()
      let line = try Kcat.read(stage.settings.name(of: .settled))
      #expect(line == "1|the-key|the-value|type=settled,version=1\n")
    }
  }

  @Test(
    "a key goes where kcat sends it with the partitioner of the Java clients",
    .enabled(if: Kcat.isThere))
  func samePartitioner() async throws {
    try await Stage.with(partitions: 12) { stage in
      let producer = try stage.producer()
      for key in ["payout_1", "T-abcdef", "ü"] {
        try await producer.append([.text("ours", key: key, topic: .settled)])
        try Kcat.write(stage.settings.name(of: .settled), key: key, value: "theirs")
      }
      await producer.close()
      let lines = try Kcat.read(stage.settings.name(of: .settled)).split(separator: "\n")
      let places = Set(lines.map { $0.split(separator: "|").prefix(2).joined(separator: "|") })
      #expect(lines.count == 6)
      #expect(places.count == 3)
    }
  }
}

/// An independent client.
enum Kcat {
  private static let path = "/usr/bin/kcat"

  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// Every record of a topic, a line each: partition, key, value, headers.
  static func read(_ topic: String) throws -> String {
    try run(["-C", "-e", "-q", "-o", "beginning", "-t", topic, "-f", "%p|%k|%s|%h\n"])
  }

  static func write(_ topic: String, key: String, value: String) throws {
    _ = try run(
      ["-P", "-t", topic, "-k", key, "-X", "partitioner=murmur2_random"], input: value)
  }

  private static func run(_ arguments: [String], input: String? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["-b", try Broker.servers] + arguments
    let output = Pipe()
    let entrance = Pipe()
    process.standardOutput = output
    process.standardInput = entrance
    try process.run()
    if let input { try entrance.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
    try entrance.fileHandleForWriting.close()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
