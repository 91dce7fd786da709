import ArgumentParser
import KafkaLog
import MongoStore
import Payouts
import Service

/// `payoutctl init`: topics, indexes and the first epoch. Safe to run again.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Prepare broker and store: topics, indexes, the first epoch. Nothing works before.")

  @Flag(help: "Print one JSON document.") var json = false

  struct Report: Encodable {
    var database: String
    var epoch: Int64
    var partitions: Int
    var wasInitialised: Bool

    enum CodingKeys: String, CodingKey {
      case database, epoch, partitions, wasInitialised = "was_initialised"
    }
  }

  func run() async throws {
    let access = try SystemAccess()
    let store = try access.store()
    let admin = try access.admin()
    let expected = Int(access.settings.common.kafka.partitions)
    // Before anything is created that would not fit.
    if let noted = try await store.journalPartitions(), noted != Int64(expected) {
      throw CommandFailure(
        "KAFKA_PARTITIONS is \(expected), but this database's transfers live in \(noted) partitions for"
          + " ever: run it with KAFKA_PARTITIONS=\(noted)")
    }
    let counts = try await admin.createTopics(partitions: expected)
    guard counts[.signed] == expected else {
      throw CommandFailure(
        "transfers.signed has \(counts[.signed] ?? 0) partitions, KAFKA_PARTITIONS says \(expected);"
          + " a transfer lives in one partition for ever, so the count cannot change")
    }
    // A database of an earlier version does not say the number yet.
    try await store.note(journalPartitions: Int64(expected))
    let known = try await epoch(of: store)
    let offsets = try await admin.offsets(of: .signed)
    if known == nil, offsets.values.contains(where: { $0.upperBound > 0 }) {
      throw CommandFailure(
        "the journal transfers.signed already holds records, but this database has no epoch. "
          + "Starting afresh here could pay twice. Point MONGO_DATABASE at the database that the "
          + "journal belongs to or restore it; rebuilding a lost database from the journal is not "
          + "available yet, and a new system needs a KAFKA_TOPIC_PREFIX of its own")
    }
    try await store.createIndexes()
    if known == nil {
      _ = try await store.startFirstEpoch(
        at: SystemClock().now(), journalPartitions: Int64(expected))
    }
    let epoch = try await store.epoch()
    let producer = try access.producer()
    let fresh = offsets.filter { $0.value.upperBound == 0 }.keys.sorted()
    try await producer.append(fresh.map { LogMessages.journal(.epoch(epoch), partition: $0) })
    await producer.close()
    try report(
      Report(
        database: access.settings.common.mongo.database, epoch: epoch, partitions: expected,
        wasInitialised: known != nil))
  }

  private func epoch(of store: MongoStore) async throws -> Int64? {
    do throws(StoreError) {
      return try await store.epoch()
    } catch {
      guard error.code == .notInitialised else { throw error }
      return nil
    }
  }

  private func report(_ report: Report) throws {
    if json { return try Console.print(json: report) }
    let what = report.wasInitialised ? "was initialised before" : "is initialised"
    print("\(report.database) \(what): epoch \(report.epoch), \(report.partitions) partitions")
  }
}
