import CLibrdkafka
import Foundation
import Logging
import Payouts
import Tron

/// Topics, their ends, and how far groups are: for `init`, `status` and readiness.
public final class KafkaAdmin: Sendable {
  private let settings: KafkaSettings
  private let handle: KafkaHandle
  private let calls = BlockingQueue("kafka-admin")
  private let timeout: Duration
  private let logger: Logger

  /// Connects in the background; every call fails after `timeout` without an answer.
  public init(
    settings: KafkaSettings, timeout: Duration = .seconds(10), logger: Logger
  ) throws(KafkaSettingsError) {
    self.settings = settings
    self.timeout = timeout
    self.logger = logger
    handle = try KafkaHandle(
      RD_KAFKA_PRODUCER, settings.configuration(),
      events: HandleEvents(connection: ConnectionBoard(), log: ThrottledLog(logger)))
  }

  /// Returns when a broker answers.
  public func ping() async throws(LogError) { _ = try await partitionCounts() }

  /// How many partitions each of our topics has; without those that do not exist.
  public func partitionCounts() async throws(LogError) -> [Topic: Int] {
    try await calls.run { [self] () throws(LogError) in try readPartitionCounts() }
  }

  /// Creates the topics that do not exist, and returns when all do; an existing one is left as it
  /// is, so the caller compares the counts.
  ///
  /// What can rebuild the store is kept for ever. With three replicas or more, an acknowledged
  /// record is on at least two.
  public func createTopics(
    partitions: Int, replicas: Int? = nil
  ) async throws(LogError) -> [Topic: Int] {
    try await calls.run { [self] () throws(LogError) in
      let existing = try readPartitionCounts()
      let missing = Topic.all.filter { existing[$0] == nil }
      if !missing.isEmpty {
        try create(missing, partitions: partitions, replicas: replicas)
      }
      return try waitForTopics { counts in Topic.all.allSatisfy { counts[$0] != nil } }
    }
  }

  /// Deletes every topic of ours, with all records.
  public func deleteTopics() async throws(LogError) {
    try await calls.run { [self] () throws(LogError) in
      let existing = try readPartitionCounts()
      if existing.isEmpty { return }
      try delete(Array(existing.keys))
      _ = try waitForTopics { $0.isEmpty }
    }
  }

  /// The offsets that each partition of a topic holds; empty ranges are empty partitions.
  public func offsets(of topic: Topic) async throws(LogError) -> [Int32: Range<Int64>] {
    try await calls.run { [self] () throws(LogError) in
      guard let count = try readPartitionCounts()[topic] else {
        throw LogError(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, effect: .none, "offsets of \(topic.name)")
      }
      var ranges: [Int32: Range<Int64>] = [:]
      for partition in 0..<Int32(count) { ranges[partition] = try readOffsets(topic, partition) }
      return ranges
    }
  }

  /// Of each partition of a topic the first offset whose record is not older than an instant; the
  /// end of the partition where all are.
  public func offsets(
    of topic: Topic, notBefore time: UnixMilliseconds
  ) async throws(LogError) -> [Int32: Int64] {
    try await calls.run { [self] () throws(LogError) in
      guard let count = try readPartitionCounts()[topic] else {
        throw LogError(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, effect: .none, "offsets of \(topic.name)")
      }
      // Ends before times: "none so young" then holds for every record before the end.
      var ends: [Int64] = []
      for partition in 0..<Int32(count) {
        ends.append(try readOffsets(topic, partition).upperBound)
      }
      let list = PartitionList(capacity: count)
      for partition in 0..<Int32(count) {
        list.add(settings.name(of: topic), partition, offset: time.value)
      }
      try check(
        rd_kafka_offsets_for_times(handle.pointer, list.pointer, timeout.milliseconds),
        effect: .none, "offsets by time")
      try list.checkEach(effect: .none, "offsets by time")
      var offsets: [Int32: Int64] = [:]
      for element in list.elements {
        let end = ends[Int(element.partition)]
        offsets[element.partition] = element.offset < 0 ? end : element.offset
      }
      return offsets
    }
  }

  /// How many records of these topics a group has not committed yet.
  public func lag(
    role: String, topics: [Topic]
  ) async throws(LogError) -> [TopicPartition: Int64] {
    try await calls.run { [self] () throws(LogError) in
      let counts = try readPartitionCounts()
      let partitions = topics.flatMap { topic in
        (0..<Int32(counts[topic] ?? 0)).map { TopicPartition(topic: topic, partition: $0) }
      }
      let committed = try readCommitted(role, partitions)
      var lags: [TopicPartition: Int64] = [:]
      for (partition, offset) in zip(partitions, committed) {
        let held = try readOffsets(partition.topic, partition.partition)
        lags[partition] = held.upperBound - min(max(offset, held.lowerBound), held.upperBound)
      }
      return lags
    }
  }
}

// MARK: Blocking calls

extension KafkaAdmin {
  private func readPartitionCounts() throws(LogError) -> [Topic: Int] {
    var metadata: UnsafePointer<rd_kafka_metadata>?
    try check(
      rd_kafka_metadata(handle.pointer, 1, nil, &metadata, timeout.milliseconds), effect: .none,
      "metadata")
    defer { rd_kafka_metadata_destroy(metadata) }
    let names = TopicNames(Topic.all, settings: settings)
    let topics = UnsafeBufferPointer(
      start: metadata?.pointee.topics, count: Int(metadata?.pointee.topic_cnt ?? 0))
    var counts: [Topic: Int] = [:]
    for topic in topics where topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && topic.partition_cnt > 0 {
      if let known = names.topic(topic.topic) { counts[known] = Int(topic.partition_cnt) }
    }
    return counts
  }

  private func waitForTopics(
    _ isDone: ([Topic: Int]) -> Bool
  ) throws(LogError) -> [Topic: Int] {
    let deadline = ContinuousClock.now + timeout
    while true {
      let counts = try readPartitionCounts()
      if isDone(counts) { return counts }
      guard ContinuousClock.now < deadline else {
        throw LogError(
          code: .unavailable, effect: .inDoubt, message: "topics: the change is not visible yet")
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  private func readOffsets(_ topic: Topic, _ partition: Int32) throws(LogError) -> Range<Int64> {
    var low: Int64 = 0
    var high: Int64 = 0
    let code = rd_kafka_query_watermark_offsets(
      handle.pointer, settings.name(of: topic), partition, &low, &high, timeout.milliseconds)
    try check(code, effect: .none, "offsets of \(topic.name) \(partition)")
    return max(0, low)..<max(0, low, high)
  }

  /// Asks as the group would, without joining it; negative where nothing is committed.
  private func readCommitted(
    _ role: String, _ partitions: [TopicPartition]
  ) throws(LogError) -> [Int64] {
    let consumer: KafkaHandle
    do throws(KafkaSettingsError) {
      consumer = try KafkaHandle(
        RD_KAFKA_CONSUMER,
        settings.configuration(guarantees: ["group.id": settings.groupName(role: role)]),
        events: HandleEvents(connection: ConnectionBoard(), log: ThrottledLog(logger)))
    } catch {
      throw LogError(code: .refused, effect: .none, message: "committed offsets: \(error)")
    }
    let list = PartitionList(capacity: partitions.count)
    for partition in partitions {
      list.add(settings.name(of: partition.topic), partition.partition)
    }
    try check(
      rd_kafka_committed(consumer.pointer, list.pointer, timeout.milliseconds), effect: .none,
      "committed offsets")
    try list.checkEach(effect: .none, "committed offsets")
    return list.elements.map(\.offset)
  }

  private func create(
    _ topics: [Topic], partitions: Int, replicas: Int?
  ) throws(LogError) {
    var requests: [OpaquePointer?] = []
    defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
    for topic in topics {
      let request = rd_kafka_NewTopic_new(
        settings.name(of: topic), Int32(clamping: partitions), Int32(clamping: replicas ?? -1),
        nil, 0)
      guard request != nil else {
        throw LogError(
          code: .refused, effect: .refused, message: "topic \(topic.name) is not possible")
      }
      requests.append(request)
      for (name, value) in topic.properties(replicas: replicas) {
        try check(
          rd_kafka_NewTopic_set_config(request, name, value), effect: .none, "topic \(topic.name)")
      }
    }
    try perform(RD_KAFKA_ADMIN_OP_CREATETOPICS) { options, queue in
      rd_kafka_CreateTopics(handle.pointer, &requests, requests.count, options, queue)
    } results: { event, count in
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
    }
  }

  private func delete(_ topics: [Topic]) throws(LogError) {
    var requests = topics.map { rd_kafka_DeleteTopic_new(settings.name(of: $0)) }
    defer { for request in requests { rd_kafka_DeleteTopic_destroy(request) } }
    try perform(RD_KAFKA_ADMIN_OP_DELETETOPICS) { options, queue in
      rd_kafka_DeleteTopics(handle.pointer, &requests, requests.count, options, queue)
    } results: { event, count in
      rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
    }
  }

  /// One admin operation: asks, waits for its event, checks the result of every topic. That a
  /// topic is already there, or already gone, is what was asked for.
  private func perform(
    _ operation: rd_kafka_admin_op_t,
    _ ask: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void,
    results: (_ event: OpaquePointer, _ count: inout Int) -> UnsafeMutablePointer<OpaquePointer?>?
  ) throws(LogError) {
    let queue = rd_kafka_queue_new(handle.pointer)
    defer { rd_kafka_queue_destroy(queue) }
    let options = rd_kafka_AdminOptions_new(handle.pointer, operation)
    defer { rd_kafka_AdminOptions_destroy(options) }
    let wait = timeout.milliseconds
    try check(
      rd_kafka_AdminOptions_set_request_timeout(options, wait, nil, 0), effect: .none, "topics")
    ask(options, queue)
    guard let event = rd_kafka_queue_poll(queue, wait) else {
      throw LogError(code: .unavailable, effect: .inDoubt, message: "topics: no answer")
    }
    defer { rd_kafka_event_destroy(event) }
    try check(rd_kafka_event_error(event), effect: .inDoubt, "topics")
    var count = 0
    let topics = UnsafeBufferPointer(start: results(event, &count), count: count)
    for topic in topics {
      let code = rd_kafka_topic_result_error(topic)
      if code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS
        || code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
      {
        continue
      }
      try check(code, effect: .none, String(cString: rd_kafka_topic_result_name(topic)))
    }
  }
}

extension Topic {
  /// What the topic is created with.
  fileprivate func properties(replicas: Int?) -> [(name: String, value: String)] {
    var properties = [(name: "cleanup.policy", value: "delete")]
    switch self {
    case .requested, .signed, .settled: properties.append(("retention.ms", "-1"))
    case .ready, .deadletter: break
    }
    if let replicas, replicas >= 3 { properties.append(("min.insync.replicas", "2")) }
    return properties
  }
}
