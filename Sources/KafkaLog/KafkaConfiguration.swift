import CLibrdkafka

/// A set of client properties: one `rd_kafka_conf_t`, until a handle takes it over.
final class KafkaConfiguration {
  private var pointer: OpaquePointer?

  init() { pointer = rd_kafka_conf_new() }

  deinit {
    if let pointer { rd_kafka_conf_destroy(pointer) }
  }

  func set(_ properties: KeyValuePairs<String, String>) throws(KafkaSettingsError) {
    for (name, value) in properties { try set(name, value) }
  }

  /// The library's own message is not used: it quotes the value, which may be a secret.
  func set(_ name: String, _ value: String) throws(KafkaSettingsError) {
    switch rd_kafka_conf_set(pointer, name, value, nil, 0) {
    case RD_KAFKA_CONF_OK: return
    case RD_KAFKA_CONF_UNKNOWN:
      throw KafkaSettingsError(property: name, reason: "is unknown to the client library")
    default:
      throw KafkaSettingsError(property: name, reason: "has a value that is not accepted")
    }
  }

  /// Sets callbacks directly on the C structure.
  func withPointer(_ body: (OpaquePointer?) -> Void) { body(pointer) }

  /// Makes a handle; the properties belong to it from then on.
  func makeHandle(_ type: rd_kafka_type_t) throws(KafkaSettingsError) -> OpaquePointer {
    var message = [CChar](repeating: 0, count: 512)
    guard let handle = rd_kafka_new(type, pointer, &message, message.count) else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw KafkaSettingsError(
        property: "set", reason: "cannot be used together: " + String(decoding: text, as: UTF8.self)
      )
    }
    pointer = nil
    return handle
  }
}
