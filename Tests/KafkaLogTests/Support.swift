import Foundation
import Logging
import Payouts
import Testing
import Tron

@testable import KafkaLog

/// The broker that the environment names.
enum Broker {
  static var servers: String {
    get throws {
      try #require(
        ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"],
        "KAFKA_BOOTSTRAP_SERVERS must name a broker (make test starts one)")
    }
  }
}

/// One test's own topics on the broker.
struct Stage {
  let settings: KafkaSettings
  let logger: Logger

  init(servers: String? = nil, properties: [KafkaProperty] = []) throws {
    var logger = Logger(label: "test")
    logger.logLevel = .error
    self.logger = logger
    settings = try KafkaSettings(
      bootstrapServers: servers ?? Broker.servers,
      topicPrefix: "t\(UInt32.random(in: 0...UInt32.max)).", properties: properties)
  }

  /// Topics made, body run, topics deleted.
  static func with(
    partitions: Int, properties: [KafkaProperty] = [], _ body: (Stage) async throws -> Void
  ) async throws {
    let stage = try Stage(properties: properties)
    let admin = try KafkaAdmin(settings: stage.settings, logger: stage.logger)
    _ = try await admin.createTopics(partitions: partitions)
    let result = await Result(catching: { try await body(stage) })
    try await admin.deleteTopics()
    try result.get()
  }

  func producer(_ change: (inout KafkaProducer.Options) -> Void = { _ in }) throws -> KafkaProducer
  {
    var options = KafkaProducer.Options()
    change(&options)
    return try KafkaProducer(settings: settings, options: options, logger: logger)
  }

  func consumer(
    _ topics: [Topic] = [.requested], start: KafkaConsumer.Start = .committed,
    instance: String? = nil, now: UnixMilliseconds = .present,
    _ change: (inout KafkaConsumer.Options) -> Void = { _ in }
  ) throws -> KafkaConsumer {
    var options = KafkaConsumer.Options(
      role: "readers", topics: topics, start: start, instance: instance)
    change(&options)
    return try KafkaConsumer(
      settings: settings, options: options, clock: FixedClock(instant: now), logger: logger)
  }

  func admin() throws -> KafkaAdmin { try KafkaAdmin(settings: settings, logger: logger) }
}

extension Result where Failure == any Error {
  fileprivate init(catching body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

struct FixedClock: WallClock {
  let instant: UnixMilliseconds

  func now() -> UnixMilliseconds { instant }
}

extension UnixMilliseconds {
  static var present: UnixMilliseconds {
    UnixMilliseconds(Int64(Date().timeIntervalSince1970 * 1000))
  }
}

extension OutgoingRecord {
  static func text(
    _ value: String, key: String = "k", topic: Topic = .requested, partition: Int32? = nil
  ) -> OutgoingRecord {
    OutgoingRecord(
      topic: topic, partition: partition, key: key, value: Array(value.utf8), headers: [])
  }
}

extension IncomingRecord {
  var text: String { String(decoding: value, as: UTF8.self) }
}

/// Looks again and again until it holds, or a deadline is over.
func eventually(
  within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async throws -> Bool {
  let deadline = ContinuousClock.now + limit
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(10))
  }
  return false
}

/// What a consumer told, in order.
struct Transcript {
  var events: [ConsumerEvent] = []

  var records: [IncomingRecord] {
    events.flatMap { event in
      if case .records(let records) = event { records } else { [IncomingRecord]() }
    }
  }

  /// The partitions that are owned after everything told so far.
  var owned: Set<TopicPartition> {
    events.reduce(into: []) { owned, event in
      switch event {
      case .assigned(let partitions): owned.formUnion(partitions)
      case .revoked(let partitions): owned.subtract(partitions)
      case .records: break
      }
    }
  }

  /// Records told while their partition was not owned: there must be none.
  var strays: [IncomingRecord] {
    var owned: Set<TopicPartition> = []
    var strays: [IncomingRecord] = []
    for event in events {
      switch event {
      case .assigned(let partitions): owned.formUnion(partitions)
      case .revoked(let partitions): owned.subtract(partitions)
      case .records(let records):
        strays += records.filter {
          !owned.contains(TopicPartition(topic: $0.topic, partition: $0.partition))
        }
      }
    }
    return strays
  }

  /// Takes events until the condition holds, or a deadline is over.
  @discardableResult
  mutating func take(
    from consumer: KafkaConsumer, limit: Int = 1000, within time: Duration = .seconds(30),
    until condition: (Transcript) -> Bool
  ) async throws -> Bool {
    let deadline = ContinuousClock.now + time
    while ContinuousClock.now < deadline {
      if condition(self) { return true }
      if let event = try await consumer.next(limit: limit, wait: .milliseconds(100)) {
        events.append(event)
      }
    }
    return condition(self)
  }
}
