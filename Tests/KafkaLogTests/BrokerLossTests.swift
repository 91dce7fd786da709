import Foundation
import KafkaLog
import Payouts
import Testing

@Suite("A broker that is away", .enabled(if: OwnBroker.path != nil, "DEV_BROKER names no broker"))
struct BrokerLossTests {
  @Test("at the start: producer and consumer wait, and work when it is there")
  func awayAtStart() async throws {
    let broker = try OwnBroker()
    let stage = try Stage(servers: broker.servers)
    let producer = try stage.producer()
    let consumer = try stage.consumer()
    #expect(try await eventually { isAway(producer.connection) && isAway(consumer.connection) })

    try broker.start()
    let admin = try stage.admin()
    #expect(try await eventually { await isAnswering(admin) })
    _ = try await admin.createTopics(partitions: 2)
    try await producer.append([.text("x")])
    var transcript = Transcript()
    try await transcript.take(from: consumer) { !$0.records.isEmpty }
    #expect(transcript.records.map(\.text) == ["x"])
    #expect(
      try await eventually {
        producer.connection == .connected && consumer.connection == .connected
      })
    await producer.close()
    await consumer.close()
  }

  @Test("killed and back: it is told, and appends and reads go on")
  func killed() async throws {
    let broker = try OwnBroker()
    try broker.start()
    let stage = try Stage(servers: broker.servers)
    let admin = try stage.admin()
    #expect(try await eventually { await isAnswering(admin) })
    _ = try await admin.createTopics(partitions: 1)
    let producer = try stage.producer { $0.deliveryTimeout = .seconds(20) }
    let consumer = try stage.consumer()
    try await producer.append([.text("before")])
    var transcript = Transcript()
    #expect(try await transcript.take(from: consumer) { !$0.records.isEmpty })

    broker.kill()
    #expect(try await eventually { isAway(producer.connection) && isAway(consumer.connection) })
    let partition = TopicPartition(topic: .requested, partition: 0)
    await #expect(throws: LogError.self) { try await consumer.commit([partition: 1]) }

    try broker.start()
    #expect(try await eventually { await isAnswering(admin) })
    // The broker keeps its memory where it likes: the topics may have to be made again.
    _ = try await admin.createTopics(partitions: 1)
    #expect(try await eventually(within: .seconds(60)) { await isAppended("after", producer) })
    #expect(
      try await transcript.take(from: consumer, within: .seconds(60)) {
        $0.records.contains { $0.text == "after" }
      })
    await producer.close()
    await consumer.close()
  }

  @Test("replaced by one that knows nothing: the idempotent producer starts again by itself")
  func replaced() async throws {
    let broker = try OwnBroker()
    try broker.start()
    let stage = try Stage(servers: broker.servers)
    let admin = try stage.admin()
    #expect(try await eventually { await isAnswering(admin) })
    _ = try await admin.createTopics(partitions: 1)
    let producer = try stage.producer { $0.deliveryTimeout = .seconds(20) }
    for round in 0..<3 { try await producer.append([.text("\(round)")]) }

    broker.kill()
    try broker.forget()
    try broker.start()
    #expect(try await eventually { await isAnswering(admin) })
    _ = try await admin.createTopics(partitions: 1)
    #expect(try await eventually(within: .seconds(60)) { await isAppended("again", producer) })
    await producer.close()
  }

  @Test("closing is bounded while the broker is away")
  func closeWhileAway() async throws {
    let broker = try OwnBroker()
    try broker.start()
    let stage = try Stage(servers: broker.servers)
    let admin = try stage.admin()
    #expect(try await eventually { await isAnswering(admin) })
    _ = try await admin.createTopics(partitions: 1)
    let producer = try stage.producer { $0.flushTimeout = .seconds(1) }
    let consumer = try stage.consumer()
    var transcript = Transcript()
    #expect(try await transcript.take(from: consumer) { !$0.owned.isEmpty })
    broker.kill()
    let append = Task { try await producer.append([.text("lost")]) }
    #expect(try await eventually { producer.queueDepth == 1 })
    let start = ContinuousClock.now
    await producer.close()
    await consumer.close()
    #expect(ContinuousClock.now - start < .seconds(25))
    await #expect(throws: LogError.self) { try await append.value }
  }
}

private func isAway(_ connection: KafkaConnection) -> Bool {
  if case .disconnected = connection { true } else { false }
}

private func isAnswering(_ admin: KafkaAdmin) async -> Bool {
  do {
    try await admin.ping()
    return true
  } catch {
    return false
  }
}

private func isAppended(_ text: String, _ producer: KafkaProducer) async -> Bool {
  do {
    try await producer.append([.text(text)])
    return true
  } catch {
    return false
  }
}
