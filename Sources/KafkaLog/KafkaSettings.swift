import Payouts

/// Where the brokers are and how to talk to them; the same for every producer, consumer and admin
/// of a process.
public struct KafkaSettings: Sendable {
  /// `KAFKA_BOOTSTRAP_SERVERS`: `host:port`, comma-separated.
  public var bootstrapServers: String
  /// `KAFKA_TOPIC_PREFIX`: in front of every topic and group name.
  public var topicPrefix: String
  /// Further client properties, such as SASL and TLS (`KAFKA_PROPERTIES_FILE`).
  public var properties: [KafkaProperty]

  /// Checks every extra property by setting it, so that a bad one stops the process at start.
  public init(
    bootstrapServers: String, topicPrefix: String = "", properties: [KafkaProperty] = []
  ) throws(KafkaSettingsError) {
    self.bootstrapServers = bootstrapServers
    self.topicPrefix = topicPrefix
    self.properties = properties
    _ = try configuration()
  }

  /// The name of a topic as brokers know it.
  public func name(of topic: Topic) -> String { topicPrefix + topic.name }

  /// The name of a consumer group as brokers know it.
  public func groupName(role: String) -> String { topicPrefix + role }

  /// The properties of one handle: `tuning` may be overridden by the extra properties, `guarantees`
  /// may not.
  func configuration(
    tuning: KeyValuePairs<String, String> = [:], guarantees: KeyValuePairs<String, String> = [:]
  ) throws(KafkaSettingsError) -> KafkaConfiguration {
    let configuration = KafkaConfiguration()
    try configuration.set(Self.sharedTuning)
    try configuration.set(tuning)
    for property in properties {
      guard !Self.reserved.contains(property.name) else {
        throw KafkaSettingsError(
          property: property.name, reason: "is decided by the system and cannot be set here")
      }
      try configuration.set(property.name, property.value)
    }
    try configuration.set("bootstrap.servers", bootstrapServers)
    // The only honest way to learn that a connection is up again.
    try configuration.set("statistics.interval.ms", "1000")
    try configuration.set(guarantees)
    return configuration
  }

  private static let sharedTuning: KeyValuePairs<String, String> = [
    "client.id": "tron-payouts",
    "socket.nagle.disable": "true",
    "socket.keepalive.enable": "true",
    "socket.connection.setup.timeout.ms": "5000",
    // A broker that restarts is found again within about a second.
    "reconnect.backoff.ms": "100",
    "reconnect.backoff.max.ms": "1000",
    // A topic that is created after start is found within seconds, not minutes.
    "topic.metadata.refresh.interval.ms": "5000",
    "log.connection.close": "false",
  ]

  /// Properties that carry the guarantees of the adapter.
  private static let reserved: Set<String> = [
    "bootstrap.servers", "metadata.broker.list", "group.id", "group.instance.id", "acks",
    "request.required.acks", "enable.idempotence", "transactional.id", "enable.auto.commit",
    "enable.auto.offset.store", "auto.offset.reset", "partition.assignment.strategy",
    "statistics.interval.ms", "enabled_events", "opaque",
  ]
}

/// One extra client property; its value may be a secret and is never printed.
public struct KafkaProperty: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// Its name, as the client library documents it.
  public var name: String
  /// Its value.
  public var value: String

  /// Collects the parts.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// The name only.
  public var description: String { "\(name)=…" }

  /// The name only, so that dumps hide the value too.
  public var customMirror: Mirror { Mirror(self, children: ["name": name]) }

  /// Reads `name=value` lines; blank lines and lines that begin with `#` are skipped.
  ///
  /// An error names the line's number, never its text: it may hold a secret.
  public static func parse(_ text: String) throws(KafkaSettingsError) -> [KafkaProperty] {
    var properties: [KafkaProperty] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let line = trimmed(line)
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
        throw KafkaSettingsError(
          property: "line \(index + 1)", reason: "is not of the form name=value")
      }
      properties.append(
        KafkaProperty(
          name: String(trimmed(line[..<equals])),
          value: String(trimmed(line[line.index(after: equals)...]))))
    }
    return properties
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop(while: \.isWhitespace)
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...end]
  }
}

/// A property that the client library does not know or does not accept.
public struct KafkaSettingsError: Error, Sendable, CustomStringConvertible {
  /// Its name, or the line where it should be.
  public var property: String
  /// What is wrong; never the value.
  public var reason: String

  /// One line for the operator.
  public var description: String { "Kafka property \(property) \(reason)" }
}
