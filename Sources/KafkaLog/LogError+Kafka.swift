import CLibrdkafka
import Payouts

/// Turns a result of the client library into this module's error; `effect` is what a failure of
/// that call means.
func check(
  _ code: rd_kafka_resp_err_t, effect: Effect, _ what: String
) throws(LogError) {
  if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw LogError(code, effect: effect, what) }
}

/// The same for calls that answer with an error object, which is freed here.
func check(_ error: OpaquePointer?, effect: Effect, _ what: String) throws(LogError) {
  guard let error else { return }
  defer { rd_kafka_error_destroy(error) }
  throw LogError(rd_kafka_error_code(error), effect: effect, what)
}

extension LogError {
  /// An error code of the client library or a broker, in our words.
  init(_ code: rd_kafka_resp_err_t, effect: Effect, _ what: String) {
    let name = String(cString: rd_kafka_err2name(code))
    let text = String(cString: rd_kafka_err2str(code))
    self.init(
      code: Self.kind(of: code), effect: Self.isHopeless(code) ? .refused : effect,
      message: "\(what): \(text) (\(name))")
  }

  private static func kind(of code: rd_kafka_resp_err_t) -> Code {
    switch code {
    case RD_KAFKA_RESP_ERR__DESTROY: .closed
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
      RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
      RD_KAFKA_RESP_ERR_INVALID_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
      RD_KAFKA_RESP_ERR_INVALID_CONFIG, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      .refused
    default:
      isHopeless(code) ? .refused : .unavailable
    }
  }

  /// Errors that the same record meets again, however often it is sent.
  private static func isHopeless(_ code: rd_kafka_resp_err_t) -> Bool {
    switch code {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_RECORD,
      RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
      RD_KAFKA_RESP_ERR__INVALID_ARG:
      true
    default: false
    }
  }
}
