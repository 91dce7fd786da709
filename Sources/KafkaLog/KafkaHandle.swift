import CLibrdkafka
import Foundation

/// One client instance: one `rd_kafka_t` with its own threads and connections.
// SAFETY: `rd_kafka_t` is thread-safe by its contract, and the pointer never changes.
final class KafkaHandle: @unchecked Sendable {
  let pointer: OpaquePointer
  let events: HandleEvents

  /// Ending a client waits for its threads, which no task may do.
  private static let reaper = DispatchQueue(label: "kafka-reaper")

  init(
    _ type: rd_kafka_type_t, _ configuration: KafkaConfiguration, events: HandleEvents
  ) throws(KafkaSettingsError) {
    self.events = events
    configuration.withPointer { events.install(on: $0) }
    pointer = try configuration.makeHandle(type)
  }

  deinit {
    let address = UInt(bitPattern: pointer)
    Self.reaper.async { [events] in
      // A consumer was closed before, within a bound; the default would close it without one.
      rd_kafka_destroy_flags(
        OpaquePointer(bitPattern: address), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
      withExtendedLifetime(events) {}
    }
  }
}

/// What a handle tells without being asked: connection, errors, log lines, assignments.
///
/// It is the opaque of the C configuration; the handle keeps it alive until its threads ended.
final class HandleEvents: Sendable {
  typealias Rebalance =
    @Sendable (
      OpaquePointer, rd_kafka_resp_err_t, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    ) -> Void

  let connection: ConnectionBoard
  let log: ThrottledLog
  private let rebalance: Rebalance?

  init(connection: ConnectionBoard, log: ThrottledLog, rebalance: Rebalance? = nil) {
    self.connection = connection
    self.log = log
    self.rebalance = rebalance
  }

  func install(on configuration: OpaquePointer?) {
    rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
    rd_kafka_conf_set_log_cb(configuration) { handle, level, facility, message in
      guard let events = HandleEvents.of(rd_kafka_opaque(handle)), let facility, let message
      else { return }
      events.log.write(
        syslog: level, facility: String(cString: facility), String(cString: message))
    }
    rd_kafka_conf_set_error_cb(configuration) { handle, code, reason, opaque in
      HandleEvents.of(opaque)?.failed(
        rd_kafka_resp_err_t(code), reason.map { String(cString: $0) } ?? "")
    }
    rd_kafka_conf_set_stats_cb(configuration) { _, json, _, opaque in
      if let json { HandleEvents.of(opaque)?.statistics(json) }
      return 0  // the library frees the text
    }
    guard rebalance != nil else { return }
    rd_kafka_conf_set_rebalance_cb(configuration) { handle, code, partitions, opaque in
      guard let handle, let partitions else { return }
      HandleEvents.of(opaque)?.rebalance?(handle, code, partitions)
    }
  }

  private static func of(_ opaque: UnsafeMutableRawPointer?) -> HandleEvents? {
    opaque.map { Unmanaged<HandleEvents>.fromOpaque($0).takeUnretainedValue() }
  }

  private func failed(_ code: rd_kafka_resp_err_t, _ reason: String) {
    let name = String(cString: rd_kafka_err2name(code))
    connection.failed(
      "\(name): \(reason)", everyBrokerDown: code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
    log.write(.warning, facility: name, reason)
  }

  private func statistics(_ json: UnsafePointer<CChar>) {
    // Only brokers have this upper-case state; a parser for kilobytes a second is not needed.
    connection.observed(anyBrokerUp: strstr(json, #""state":"UP""#) != nil)
  }
}
