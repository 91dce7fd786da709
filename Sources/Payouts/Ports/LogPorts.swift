import Tron

/// The topics of the log, without the configured prefix.
public enum Topic: Hashable, Sendable {
  case requested
  case ready(Lane)
  case signed
  case settled
  case deadletter

  /// The name as brokers know it, after the prefix.
  public var name: String {
    switch self {
    case .requested: "payouts.requested"
    case .ready(let lane): "transfers.ready.\(lane.rawValue)"
    case .signed: "transfers.signed"
    case .settled: "payouts.settled"
    case .deadletter: "payouts.deadletter"
    }
  }

  /// Every topic.
  public static let all: [Topic] =
    [.requested] + Lane.allCases.map { .ready($0) } + [.signed, .settled, .deadletter]
}

/// A log call that failed.
public struct LogError: Error, Sendable, CustomStringConvertible {
  /// Kinds of failure.
  public enum Code: String, Sendable {
    /// No broker could be reached, or the answer timed out.
    case unavailable
    /// The broker refused it.
    case refused
    /// The consumer was closed.
    case closed
  }

  /// Kind.
  public var code: Code
  /// What it means for the world.
  public var effect: Effect
  /// For logs; no record contents, no credentials.
  public var message: String

  /// Collects the parts.
  public init(code: Code, effect: Effect, message: String) {
    self.code = code
    self.effect = effect
    self.message = message
  }

  /// For logs and people.
  public var description: String { "\(code.rawValue): \(message)" }
}

/// A header of a record.
public struct RecordHeader: Hashable, Sendable {
  /// Name.
  public var name: String
  /// Value, UTF-8.
  public var value: String

  /// Collects the parts.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A record to append.
public struct OutgoingRecord: Hashable, Sendable {
  /// Where to.
  public var topic: Topic
  /// The partition, when the writer decides it; else the broker's client hashes the key.
  public var partition: Int32?
  /// The key, UTF-8.
  public var key: String
  /// The value, JSON.
  public var value: [UInt8]
  /// `type`, `version`, `traceparent`.
  public var headers: [RecordHeader]

  /// Collects the parts.
  public init(
    topic: Topic, partition: Int32? = nil, key: String, value: [UInt8], headers: [RecordHeader]
  ) {
    self.topic = topic
    self.partition = partition
    self.key = key
    self.value = value
    self.headers = headers
  }
}

/// A record that was read.
public struct IncomingRecord: Hashable, Sendable {
  /// Where from.
  public var topic: Topic
  /// Where from.
  public var partition: Int32
  /// Its place in the partition.
  public var offset: Int64
  /// When it was appended, by the broker or the writer.
  public var timestamp: UnixMilliseconds
  /// The key; empty when there was none.
  public var key: [UInt8]
  /// The value; empty when there was none.
  public var value: [UInt8]
  /// The headers in order; a value that is not UTF-8 comes repaired.
  public var headers: [RecordHeader]

  /// Collects the parts.
  public init(
    topic: Topic, partition: Int32, offset: Int64, timestamp: UnixMilliseconds, key: [UInt8],
    value: [UInt8], headers: [RecordHeader]
  ) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.timestamp = timestamp
    self.key = key
    self.value = value
    self.headers = headers
  }
}

/// Appends to the log.
public protocol LogAppender: Sendable {
  /// Returns when every record is acknowledged by all in-sync replicas; throws when one is not.
  func append(_ records: [OutgoingRecord]) async throws(LogError)
}

/// A partition of a topic.
public struct TopicPartition: Hashable, Sendable {
  /// Topic.
  public var topic: Topic
  /// Partition.
  public var partition: Int32

  /// Collects the parts.
  public init(topic: Topic, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }
}

/// What a consumer brings, strictly in order: records of a partition come after its `assigned` and
/// never after its `revoked`.
public enum ConsumerEvent: Sendable {
  /// These partitions are ours from now on.
  case assigned([TopicPartition])
  /// These partitions are no longer ours.
  case revoked([TopicPartition])
  /// Records, in order within each partition.
  case records([IncomingRecord])
}

/// A member of a consumer group.
public protocol LogConsumer: Sendable {
  /// The next event; waits up to `wait` for the first record, then takes what is there up to
  /// `limit`. `nil` when nothing came.
  func next(limit: Int, wait: Duration) async throws(LogError) -> ConsumerEvent?
  /// Commits what was processed: of each partition the offset of the next record to read.
  func commit(_ offsets: [TopicPartition: Int64]) async throws(LogError)
  /// How many records are still to be read in the partitions of this member, by partition.
  func lag() async throws(LogError) -> [TopicPartition: Int64]
  /// Leaves the group's work in good order; no event comes afterwards.
  func close() async
}
