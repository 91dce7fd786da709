import Foundation
import KafkaLog
import Payouts

/// Reads a range of a topic, looks every record up, and appends it again.
struct Replay {
  // LIMIT: records of one look-up and one append.
  private static let page = 500

  let topic: Topic
  var state: ReplayState
  let settings: KafkaSettings
  let preview: ReplayPreview
  /// Where to; `nil` for a dry run.
  let log: (any LogAppender)?
  let file: ReplayFile?
  private var summary: ReplaySummary
  private var bar: ProgressBar
  private let interruption = Interruption()
  /// Whether somebody stopped it before the end.
  var wasInterrupted: Bool { interruption.hasCome && state.remaining > 0 }

  init(
    topic: Topic, state: ReplayState, settings: KafkaSettings, preview: ReplayPreview,
    log: (any LogAppender)?, file: ReplayFile?
  ) {
    self.topic = topic
    self.state = state
    self.settings = settings
    self.preview = preview
    self.log = log
    self.file = file
    summary = ReplaySummary(topic: topic.name, dryRun: log == nil)
    bar = ProgressBar(total: state.remaining)
  }

  mutating func run() async throws -> ReplaySummary {
    let begun = ContinuousClock.now
    try file?.write(state)
    for index in state.partitions.indices where !interruption.hasCome {
      try await readPartition(index)
    }
    if state.remaining == 0 { try file?.remove() }
    summary.seconds = (ContinuousClock.now - begun) / .seconds(1)
    bar.finish()
    return summary
  }

  private mutating func readPartition(_ index: Int) async throws {
    let part = state.partitions[index]
    guard part.next < part.end else { return }
    let reader = try PartitionReader(
      settings: settings, partition: TopicPartition(topic: topic, partition: part.partition),
      offsets: part.next..<part.end, logger: SystemAccess.quiet("reader"))
    var records = try await reader.next(limit: Self.page)
    while let last = records.last {
      // The next page is read while this one is looked up.
      async let following = reader.next(limit: Self.page)
      try await append(records)
      // After the effect: an interruption repeats a page, and that changes nothing.
      state.partitions[index].next = last.offset + 1
      try file?.write(state)
      bar.advance(to: summary.records)
      records = try await following
      if interruption.hasCome { return }
    }
    state.partitions[index].next = part.end
  }

  private mutating func append(_ records: [IncomingRecord]) async throws {
    let found = try await preview.preview(records)
    let again = found.compactMap(\.record)
    if let log, !again.isEmpty { try await log.append(again) }
    summary.count(found, appended: log == nil ? 0 : again.count)
  }
}

/// What a replay did, or would do.
struct ReplaySummary: Encodable {
  var topic: String
  var dryRun: Bool
  /// Records that were read.
  var records: Int64 = 0
  /// Records that were appended.
  var appended: Int64 = 0
  /// How many of each kind lead to what.
  var effects: [String: [String: Int64]] = [:]
  var seconds = 0.0

  init(topic: String, dryRun: Bool) {
    self.topic = topic
    self.dryRun = dryRun
  }

  var recordsPerSecond: Double { seconds > 0 ? Double(records) / seconds : 0 }

  mutating func count(_ found: [ReplayedRecord], appended: Int) {
    records += Int64(found.count)
    self.appended += Int64(appended)
    for record in found {
      effects[record.kind, default: [:]][record.effect.rawValue, default: 0] += 1
    }
  }

  func show() {
    let rows = effects.sorted { $0.key < $1.key }.flatMap { kind, effects in
      effects.sorted { $0.key < $1.key }.map { [kind, $0.key, String($0.value)] }
    }
    Console.print(
      table: ["kind", dryRun ? "would lead to" : "leads to", "records"], rows)
    let rate = Int(recordsPerSecond.rounded())
    print(
      "\(records) records of \(topic) read, \(appended) appended again, \(rate) a second"
        + (dryRun ? " (dry run)" : ""))
  }

  enum CodingKeys: String, CodingKey {
    case topic, dryRun, records, appended, effects, seconds, recordsPerSecond
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(topic, forKey: .topic)
    try values.encode(dryRun, forKey: .dryRun)
    try values.encode(records, forKey: .records)
    try values.encode(appended, forKey: .appended)
    try values.encode(effects, forKey: .effects)
    try values.encode(seconds, forKey: .seconds)
    try values.encode(recordsPerSecond, forKey: .recordsPerSecond)
  }
}
