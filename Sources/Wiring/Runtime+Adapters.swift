import Foundation
import KafkaLog
import MongoStore
import Payouts
import Service
import Tron

/// Opens the adapters that every worker needs from its settings. Everything connects by itself and
/// keeps trying; only unusable settings fail here.
extension Runtime {
  /// The store, once `payoutctl init` was run on it: waits, not ready, until then.
  public func openStore() async throws -> MongoStore {
    // Before the store is waited for: what can never work is told at once.
    _ = try kafkaSettings()
    let mongo = settings.common.mongo
    let store = try MongoStore.open(
      uri: mongo.uri.text, database: mongo.database, logger: logger("store"))
    while true {
      _ = try await awaitInitialised(store)
      do {
        try await checkPartitions(store)
        return store
      } catch is StoreError {
        // It went away again.
      }
    }
  }

  /// Watches the store: readiness tells when it is away, and a process whose settings do not fit the
  /// database ends.
  public func storeProbe(_ store: MongoStore) -> PeriodicTask {
    storeProbe(store) { try await checkPartitions(store) }
  }

  /// Throws `SettingFaults` when the database's transfers live in another number of partitions than is
  /// configured: a transfer lives in one for ever, and so do all that share a payout with it.
  public func checkPartitions(_ store: MongoStore) async throws {
    let configured = settings.common.kafka.partitions
    guard let noted = try await store.journalPartitions(), noted != Int64(configured) else {
      return
    }
    throw SettingFaults([
      SettingFault(
        "KAFKA_PARTITIONS",
        "is \(configured), but this database's transfers live in \(noted) partitions for ever",
        example: "KAFKA_PARTITIONS=\(noted)")
    ])
  }

  /// The broker's address and properties.
  public func kafkaSettings() throws -> KafkaSettings {
    try KafkaSettings(settings.common.kafka)
  }

  /// Appends to every topic.
  public func openProducer() throws -> KafkaProducer {
    try KafkaProducer(settings: try kafkaSettings(), logger: logger("log"))
  }

  /// A loop that reads `topics` as a member of the role's group, or of another one, and feeds a
  /// stage.
  public func consumerLoop(
    _ topics: [Topic], group: String? = nil, from start: KafkaConsumer.Start,
    floor: (@Sendable (Int32) -> Int64)? = nil, to stage: any RecordProcessor, limit: Int,
    isPaced: Bool = true
  ) throws -> ConsumerLoop {
    let role = group ?? Settings.role.rawValue
    let consumer = try KafkaConsumer(
      settings: try kafkaSettings(),
      options: KafkaConsumer.Options(
        role: role, topics: topics, start: start, floor: floor,
        instance: settings.common.kafka.groupInstanceID),
      clock: clock, logger: logger("log"))
    return ConsumerLoop(
      name: role, consumer: consumer, processor: stage, context: loops,
      options: ConsumerLoop.Options(limit: limit, isPaced: isPaced))
  }

  /// Says in readiness whether the broker answers, and refuses a topic whose partitions were
  /// changed: a transfer lives in one partition for ever.
  public func brokerProbe() throws -> PeriodicTask {
    let admin = try KafkaAdmin(settings: try kafkaSettings(), logger: logger("log"))
    let expected = Int(settings.common.kafka.partitions)
    return PeriodicTask(name: "broker", interval: .seconds(5), context: loops) {
      let counts = try await admin.partitionCounts()
      guard let journal = counts[.signed] else {
        throw StartupError("the topics are missing: run payoutctl init")
      }
      guard journal == expected else {
        throw StartupError(
          "transfers.signed has \(journal) partitions but KAFKA_PARTITIONS is \(expected)")
      }
    }
  }

  // LIMIT: records that wait in the topics of a process; with more of them its sweeper looks less often,
  // since what waits in a topic needs none, and all of it would be looked at.
  private static var muchWaits: Int64 { 1_000 }
  // LIMIT: milliseconds between looks then.
  private static var calm: Int64 { 300_000 }

  /// A sweeper at the configured interval, told when it ran before; less often while it takes long.
  ///
  /// - Parameter waitsForTopics: whether it looks less often while much waits, too. Not where it looks for
  ///   more than what topics tell of.
  public func sweeper(
    _ name: String, waitsForTopics: Bool = true,
    _ sweep: @escaping @Sendable (ResendSchedule, UnixMilliseconds?) async throws -> Void
  ) -> PeriodicTask {
    let previous = PreviousSweep()
    let clock = clock
    let loops = loops
    return PeriodicTask(
      name: "\(name)_sweeper", interval: settings.common.sweepInterval, mostShare: 0.1,
      context: loops
    ) {
      let start = clock.now()
      if waitsForTopics, let last = previous.value, start.value - last.value < Self.calm,
        loops.backlog.records > Self.muchWaits
      {
        return
      }
      try await sweep(ResendSchedule(), previous.value)
      previous.value = start
    }
  }
}

extension KafkaSettings {
  /// From the process's settings and its properties file.
  public init(_ settings: BrokerSettings) throws(SettingFaults) {
    do {
      let properties = try settings.propertiesFile.map { path in
        try KafkaProperty.parse(String(contentsOfFile: path, encoding: .utf8))
      }
      try self.init(
        bootstrapServers: settings.bootstrapList, topicPrefix: settings.topicPrefix,
        properties: properties ?? [])
    } catch let error as KafkaSettingsError {
      throw Self.fault("\(error.property) \(error.reason)")
    } catch {
      throw Self.fault("names a file that cannot be read as text")
    }
  }

  private static func fault(_ message: String) -> SettingFaults {
    SettingFaults([
      SettingFault(
        "KAFKA_PROPERTIES_FILE", message,
        example: "a file with the line security.protocol=SASL_SSL")
    ])
  }
}
