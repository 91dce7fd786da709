import CLibrdkafka
import Payouts

/// A list of partitions with offsets: one `rd_kafka_topic_partition_list_t`.
final class PartitionList {
  let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?

  init(capacity: Int = 0) { pointer = rd_kafka_topic_partition_list_new(Int32(capacity)) }

  init(copying list: UnsafePointer<rd_kafka_topic_partition_list_t>) {
    pointer = rd_kafka_topic_partition_list_copy(list)
  }

  deinit {
    if let pointer { rd_kafka_topic_partition_list_destroy(pointer) }
  }

  /// Adds a partition; without an offset it means "wherever the call decides".
  func add(_ topic: String, _ partition: Int32, offset: Int64? = nil) {
    let element = rd_kafka_topic_partition_list_add(pointer, topic, partition)
    if let offset { element?.pointee.offset = offset }
  }

  var elements: UnsafeMutableBufferPointer<rd_kafka_topic_partition_t> {
    UnsafeMutableBufferPointer(start: pointer?.pointee.elems, count: Int(pointer?.pointee.cnt ?? 0))
  }

  /// The first error that a call reported for one of the partitions.
  func checkEach(effect: Effect, _ what: String) throws(LogError) {
    for element in elements { try check(element.err, effect: effect, what) }
  }
}

/// The logical offsets of the C library, which Swift cannot import.
enum LogicalOffset {
  /// The first record that is still there.
  static let beginning: Int64 = -2
  /// The end; from a look-up by time it says that no record is that young.
  static let end: Int64 = -1
  /// Unknown, or nothing committed.
  static let invalid: Int64 = -1001
}

/// Topics as brokers name them and as we do.
struct TopicNames: Sendable {
  private let topics: [(name: ContiguousArray<CChar>, topic: Topic)]

  init(_ topics: [Topic], settings: KafkaSettings) {
    self.topics = topics.map { (settings.name(of: $0).utf8CString, $0) }
  }

  /// The topic of a name; `nil` for a topic that is not ours. Costs no allocation: it is asked for
  /// every record.
  func topic(_ name: UnsafePointer<CChar>?) -> Topic? {
    guard let name else { return nil }
    return topics.first { candidate in
      candidate.name.withUnsafeBufferPointer { wanted in
        wanted.indices.allSatisfy { index in
          // Every byte before matched, so the name is at least this long.
          name[index] == wanted[index]
        }
      }
    }?.topic
  }

  /// What a list names, without partitions of topics that are not ours.
  func partitions(
    _ list: UnsafePointer<rd_kafka_topic_partition_list_t>
  ) -> [TopicPartition] {
    let elements = UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt))
    return elements.compactMap { element in
      topic(element.topic).map { TopicPartition(topic: $0, partition: element.partition) }
    }
  }
}
