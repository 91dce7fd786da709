import CLibrdkafka
import Logging
import Payouts
import Synchronization

/// Reads a range of one partition from the log, outside of any group; for audit and replay.
public final class PartitionReader: Sendable {
  private let handle: KafkaHandle
  private let names: TopicNames
  private let end: Int64
  private let timeout: Duration
  private let calls = BlockingQueue("kafka-reader")
  private let isFinished = Mutex(false)

  /// Begins at the first offset of the range.
  public init(
    settings: KafkaSettings, partition: TopicPartition, offsets: Range<Int64>,
    timeout: Duration = .seconds(10), logger: Logger
  ) throws(KafkaSettingsError) {
    handle = try KafkaHandle(
      RD_KAFKA_CONSUMER,
      settings.configuration(
        tuning: ["fetch.wait.max.ms": "50", "receive.message.max.bytes": "1000000000"],
        guarantees: [
          // The client library wants a name; nothing joins or commits.
          "group.id": settings.groupName(role: "reader"),
          "enable.auto.commit": "false",
          "enable.partition.eof": "true",
          "auto.offset.reset": "earliest",
        ]),
      events: HandleEvents(connection: ConnectionBoard(), log: ThrottledLog(logger)))
    names = TopicNames([partition.topic], settings: settings)
    end = offsets.upperBound
    self.timeout = timeout
    let list = PartitionList()
    list.add(
      settings.name(of: partition.topic), partition.partition, offset: offsets.lowerBound)
    rd_kafka_poll_set_consumer(handle.pointer)
    rd_kafka_assign(handle.pointer, list.pointer)
  }

  /// The next records, at most `limit`; none when the range is read.
  public func next(limit: Int) async throws(LogError) -> [IncomingRecord] {
    try await calls.run { [self] () throws(LogError) in try read(limit) }
  }

  private func read(_ limit: Int) throws(LogError) -> [IncomingRecord] {
    var records: [IncomingRecord] = []
    while records.count < limit, !isFinished.withLock({ $0 }) {
      guard let message = rd_kafka_consumer_poll(handle.pointer, timeout.milliseconds) else {
        throw LogError(code: .unavailable, effect: .none, message: "read: no answer in time")
      }
      defer { rd_kafka_message_destroy(message) }
      let code = message.pointee.err
      let offset = message.pointee.offset
      // The range may end in offsets that hold no record.
      if code == RD_KAFKA_RESP_ERR__PARTITION_EOF || offset >= end - 1 {
        isFinished.withLock { $0 = true }
      }
      if code == RD_KAFKA_RESP_ERR__PARTITION_EOF { break }
      try check(code, effect: .none, "read")
      if offset < end, let record = IncomingRecord(message, names: names) {
        records.append(record)
      }
    }
    return records
  }
}
