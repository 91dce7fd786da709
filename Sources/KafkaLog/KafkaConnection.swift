import Synchronization

/// Whether a client has a broker to talk to, for readiness.
public enum KafkaConnection: Hashable, Sendable, CustomStringConvertible {
  /// Not yet; no attempt has failed for good.
  case connecting
  /// At least one broker is connected.
  case connected
  /// None is; the client keeps trying.
  case disconnected(reason: String)

  /// For logs and readiness.
  public var description: String {
    switch self {
    case .connecting: "connecting"
    case .connected: "connected"
    case .disconnected(let reason): "disconnected (\(reason))"
    }
  }
}

/// Keeps the last word on a client's connection.
final class ConnectionBoard: Sendable {
  private struct State {
    var connection = KafkaConnection.connecting
    /// The last failure since a broker was last seen up.
    var failure: String?
  }

  private let state = Mutex(State())

  var connection: KafkaConnection { state.withLock { $0.connection } }

  func failed(_ reason: String, everyBrokerDown: Bool) {
    state.withLock {
      // "All brokers down" is a summary: the failure before it says why.
      let told = everyBrokerDown ? $0.failure ?? reason : reason
      $0.failure = told
      if everyBrokerDown { $0.connection = .disconnected(reason: told) }
    }
  }

  /// Nothing up and nothing failed is a connection that is not needed right now.
  func observed(anyBrokerUp: Bool) {
    state.withLock {
      if anyBrokerUp {
        $0 = State(connection: .connected)
      } else if let failure = $0.failure {
        $0.connection = .disconnected(reason: failure)
      }
    }
  }
}
