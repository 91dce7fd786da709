import CLibrdkafka
import Foundation
import Payouts
import Synchronization

/// One idempotent producer handle and the thread that takes its delivery reports.
///
/// A fatal error (the broker forgot the producer's sequence, as after a loss of its data) ends a
/// session for good; `KafkaProducer` then opens the next one.
final class ProducerSession: Sendable {
  /// What became of handing over one record.
  enum Handover {
    case queued
    case queueFull
    /// The session is of no more use; the record was not taken.
    case sessionDied
    case refused(LogError)
  }

  private let handle: KafkaHandle
  private let settings: KafkaSettings
  /// How long to go on delivering, once it is to end.
  private let flush = Mutex<Duration?>(nil)
  private let ended = Completion()

  init(
    settings: KafkaSettings, options: KafkaProducer.Options, events: HandleEvents
  ) throws(KafkaSettingsError) {
    let configuration = try settings.configuration(
      tuning: [
        "linger.ms": "1",
        "compression.type": "lz4",
        "queue.buffering.max.messages": String(options.queueLimitRecords),
        "queue.buffering.max.kbytes": String(options.queueLimitKilobytes),
        // The same partition for a key as the Java clients choose.
        "partitioner": "murmur2_random",
      ],
      guarantees: [
        "enable.idempotence": "true",
        "acks": "all",
        "message.timeout.ms": String(options.deliveryTimeout.milliseconds),
      ])
    configuration.withPointer {
      rd_kafka_conf_set_dr_msg_cb($0) { _, message, _ in
        if let message { DeliveryBatch.report(message) }
      }
    }
    handle = try KafkaHandle(RD_KAFKA_PRODUCER, configuration, events: events)
    self.settings = settings
    let thread = Thread { [self] in run() }
    thread.name = "kafka-producer"
    thread.start()
  }

  /// Records handed over and not yet acknowledged.
  var queueDepth: Int { Int(rd_kafka_outq_len(handle.pointer)) }

  /// Whether a fatal error ended it.
  var isDead: Bool { rd_kafka_fatal_error(handle.pointer, nil, 0) != RD_KAFKA_RESP_ERR_NO_ERROR }

  /// Copies a record into the client library's queue.
  func handOver(_ record: OutgoingRecord, for batch: DeliveryBatch) -> Handover {
    let opaque = batch.retainForRecord()
    let code = produce(record, settings.name(of: record.topic), opaque)
    if code == RD_KAFKA_RESP_ERR_NO_ERROR { return .queued }
    DeliveryBatch.release(opaque)
    switch code {
    case RD_KAFKA_RESP_ERR__QUEUE_FULL: return .queueFull
    case RD_KAFKA_RESP_ERR__FATAL: return .sessionDied
    default: return isDead ? .sessionDied : .refused(LogError(code, effect: .none, "append"))
    }
  }

  /// Delivers what is queued within a bound, fails the rest, and ends the thread.
  func close(flushFor bound: Duration) async {
    end(flushFor: bound)
    await ended.wait()
  }

  /// The same without waiting, and without hope for what is queued.
  func abandon() { end(flushFor: .zero) }

  private func end(flushFor bound: Duration) {
    flush.withLock { if $0 == nil { $0 = bound } }
  }

  private func run() {
    let bound = pollUntilClosed()
    rd_kafka_flush(handle.pointer, bound.milliseconds)
    rd_kafka_purge(handle.pointer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    // The reports of purged records: each frees its batch.
    rd_kafka_flush(handle.pointer, 1000)
    ended.finish()
  }

  private func pollUntilClosed() -> Duration {
    while true {
      if let bound = flush.withLock({ $0 }) { return bound }
      rd_kafka_poll(handle.pointer, 100)
    }
  }
}

extension ProducerSession {
  /// One `rd_kafka_produceva`; the value and the key are copied, the headers handed over.
  private func produce(
    _ record: OutgoingRecord, _ topic: String, _ opaque: UnsafeMutableRawPointer
  ) -> rd_kafka_resp_err_t {
    let headers = makeHeaders(record.headers)
    var key = record.key
    let error = topic.withCString { topic in
      key.withUTF8 { key in
        record.value.withUnsafeBytes { value in
          var parts: [rd_kafka_vu_t] = [
            .topic(topic), .opaque(opaque), .copyPayload, .value(value), .headers(headers),
          ]
          if let partition = record.partition { parts.append(.partition(partition)) }
          // An empty key is no key: such records spread over the partitions.
          if !key.isEmpty { parts.append(.key(key)) }
          return rd_kafka_produceva(handle.pointer, parts, parts.count)
        }
      }
    }
    guard let error else { return RD_KAFKA_RESP_ERR_NO_ERROR }
    defer { rd_kafka_error_destroy(error) }
    rd_kafka_headers_destroy(headers)
    return rd_kafka_error_code(error)
  }

  private func makeHeaders(_ headers: [RecordHeader]) -> OpaquePointer? {
    let list = rd_kafka_headers_new(headers.count)
    for header in headers {
      rd_kafka_header_add(list, header.name, -1, header.value, header.value.utf8.count)
    }
    return list
  }
}

extension rd_kafka_vu_t {
  private init(_ type: rd_kafka_vtype_t, _ fill: (inout Self) -> Void) {
    self.init()
    vtype = type
    fill(&self)
  }

  fileprivate static func topic(_ name: UnsafePointer<CChar>) -> Self {
    Self(RD_KAFKA_VTYPE_TOPIC) { $0.u.cstr = name }
  }

  fileprivate static func partition(_ partition: Int32) -> Self {
    Self(RD_KAFKA_VTYPE_PARTITION) { $0.u.i32 = partition }
  }

  fileprivate static func opaque(_ pointer: UnsafeMutableRawPointer) -> Self {
    Self(RD_KAFKA_VTYPE_OPAQUE) { $0.u.ptr = pointer }
  }

  fileprivate static var copyPayload: Self {
    Self(RD_KAFKA_VTYPE_MSGFLAGS) { $0.u.i = RD_KAFKA_MSG_F_COPY }
  }

  fileprivate static func headers(_ list: OpaquePointer?) -> Self {
    Self(RD_KAFKA_VTYPE_HEADERS) { $0.u.headers = list }
  }

  fileprivate static func key(_ key: UnsafeBufferPointer<UInt8>) -> Self {
    Self(RD_KAFKA_VTYPE_KEY) {
      $0.u.mem.ptr = UnsafeMutableRawPointer(mutating: key.baseAddress)
      $0.u.mem.size = key.count
    }
  }

  fileprivate static func value(_ value: UnsafeRawBufferPointer) -> Self {
    Self(RD_KAFKA_VTYPE_VALUE) {
      $0.u.mem.ptr = UnsafeMutableRawPointer(mutating: value.baseAddress)
      $0.u.mem.size = value.count
    }
  }
}
