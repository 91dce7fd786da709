import CLibrdkafka
import Payouts
import Tron

extension IncomingRecord {
  /// Copies a record out of the client library's message; `nil` when its topic is not ours.
  init?(_ message: UnsafePointer<rd_kafka_message_t>, names: TopicNames) {
    guard let topic = names.topic(rd_kafka_topic_name(message.pointee.rkt)) else { return nil }
    var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    let timestamp = rd_kafka_message_timestamp(message, &kind)
    self.init(
      topic: topic, partition: message.pointee.partition, offset: message.pointee.offset,
      timestamp: UnixMilliseconds(max(0, timestamp)),
      key: copy(message.pointee.key, message.pointee.key_len),
      value: copy(message.pointee.payload, message.pointee.len),
      headers: copyHeaders(message))
  }

  /// What it takes in memory, roughly.
  var size: Int {
    headers.reduce(64 + key.count + value.count) { $0 + 32 + $1.name.count + $1.value.utf8.count }
  }
}

/// A null pointer is a record without key or value.
private func copy(_ pointer: UnsafeRawPointer?, _ count: Int) -> [UInt8] {
  Array(UnsafeRawBufferPointer(start: pointer, count: pointer == nil ? 0 : count))
}

private func copyHeaders(_ message: UnsafePointer<rd_kafka_message_t>) -> [RecordHeader] {
  var list: OpaquePointer?
  guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return [] }
  var headers: [RecordHeader] = []
  var name: UnsafePointer<CChar>?
  var value: UnsafeRawPointer?
  var size = 0
  while rd_kafka_header_get_all(list, headers.count, &name, &value, &size)
    == RD_KAFKA_RESP_ERR_NO_ERROR
  {
    headers.append(
      RecordHeader(
        name.map { String(cString: $0) } ?? "",
        String(decoding: copy(value, size), as: UTF8.self)))
  }
  return headers
}
