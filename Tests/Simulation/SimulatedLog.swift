import Payouts
import Synchronization
import Tron

/// The topics, shared by all simulated processes; two partitions for the journal, one else.
final class SimulatedTopics: Sendable {
  static let partitions: Int32 = 2

  let records = Mutex<[TopicPartition: [IncomingRecord]]>([:])

  func append(_ outgoing: [OutgoingRecord], at time: UnixMilliseconds) {
    records.withLock { records in
      for record in outgoing {
        let place = TopicPartition(topic: record.topic, partition: record.partition ?? 0)
        records[place, default: []].append(
          IncomingRecord(
            topic: place.topic, partition: place.partition,
            offset: Int64(records[place]?.count ?? 0), timestamp: time,
            key: Array(record.key.utf8), value: record.value, headers: record.headers))
      }
    }
  }

  func read(_ topic: Topic, _ partition: Int32, from offset: Int, limit: Int) -> [IncomingRecord] {
    records.withLock { records in
      let all = records[TopicPartition(topic: topic, partition: partition)] ?? []
      return offset < all.count ? Array(all[offset..<min(all.count, offset + limit)]) : []
    }
  }

  func count(_ topic: Topic, _ partition: Int32) -> Int {
    records.withLock { $0[TopicPartition(topic: topic, partition: partition)]?.count ?? 0 }
  }
}

/// The log as one simulated process reaches it.
struct SimulatedLog: LogAppender {
  let topics: SimulatedTopics
  let process: SimulatedProcess
  let clock: any WallClock

  func append(_ records: [OutgoingRecord]) async throws(LogError) {
    try await process.logCall { topics.append(records, at: clock.now()) }
  }
}
