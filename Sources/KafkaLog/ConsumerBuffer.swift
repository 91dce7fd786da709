import Payouts

/// What was read and not yet taken, with the assignments in their places: a value, no I/O.
///
/// Invariant: a record is in here only while its partition is owned, after its `assigned`; so none
/// comes out after a `revoked` of its partition.
struct ConsumerBuffer {
  /// What it may hold; it is checked before reading on, so one chunk may come on top.
  struct Limits: Sendable {
    var records: Int
    var bytes: Int
  }

  private enum Entry {
    case assigned([TopicPartition])
    case revoked([TopicPartition])
    case records(ArraySlice<IncomingRecord>)
  }

  // LIMIT: small chunks are joined up to this size, so that the list of entries stays short.
  private static let chunk = 256

  private let limits: Limits
  private var entries: [Entry] = []
  private var bytes = 0
  /// Records that wait to be taken.
  private(set) var count = 0
  /// The owned partitions with the offset that is taken next; `nil` where it is not known yet.
  private(set) var positions: [TopicPartition: Int64?] = [:]

  init(limits: Limits) { self.limits = limits }

  var isEmpty: Bool { entries.isEmpty }
  var isFull: Bool { count >= limits.records || bytes >= limits.bytes }
  var isHalfEmpty: Bool { count <= limits.records / 2 && bytes <= limits.bytes / 2 }

  /// Partitions became ours, to be read from these offsets.
  mutating func assigned(_ starts: [TopicPartition: Int64?]) {
    guard !starts.isEmpty else { return }
    positions.merge(starts) { _, new in new }
    entries.append(.assigned(Array(starts.keys)))
  }

  /// Partitions are no longer ours: their records that nobody took are forgotten.
  mutating func revoked(_ partitions: [TopicPartition]) {
    let lost = Set(partitions)
    entries = entries.compactMap { entry in
      guard case .records(let records) = entry else { return entry }
      let kept = records.filter { !lost.contains($0.topicPartition) }
      return kept.isEmpty ? nil : .records(kept[...])
    }
    recount()
    for partition in partitions { positions.removeValue(forKey: partition) }
    if !partitions.isEmpty { entries.append(.revoked(partitions)) }
  }

  /// Records were read, in order within each partition.
  ///
  // RACE: the client library may hand out a record that it fetched before a rebalance; records of
  // partitions that are not ours are dropped here.
  mutating func read(_ records: [IncomingRecord]) {
    let ours = records.filter { positions.keys.contains($0.topicPartition) }
    guard !ours.isEmpty else { return }
    count += ours.count
    bytes += ours.reduce(0) { $0 + $1.size }
    if case .records(var last) = entries.last, last.count < Self.chunk {
      entries.removeLast()
      last.append(contentsOf: ours)
      entries.append(.records(last))
    } else {
      entries.append(.records(ours[...]))
    }
  }

  /// The next event, with at most `limit` records; `nil` when there is none.
  mutating func take(limit: Int) -> ConsumerEvent? {
    switch entries.first {
    case nil: return nil
    case .assigned(let partitions):
      entries.removeFirst()
      return .assigned(partitions)
    case .revoked(let partitions):
      entries.removeFirst()
      return .revoked(partitions)
    case .records: return .records(takeRecords(limit: max(1, limit)))
    }
  }

  private mutating func takeRecords(limit: Int) -> [IncomingRecord] {
    var taken: [IncomingRecord] = []
    while taken.count < limit, case .records(let chunk) = entries.first {
      let part = chunk.prefix(limit - taken.count)
      taken.append(contentsOf: part)
      if part.count == chunk.count {
        entries.removeFirst()
      } else {
        entries[0] = .records(chunk.dropFirst(part.count))
      }
    }
    count -= taken.count
    for record in taken {
      bytes -= record.size
      positions[record.topicPartition] = record.offset + 1
    }
    return taken
  }

  private mutating func recount() {
    count = 0
    bytes = 0
    for case .records(let records) in entries {
      count += records.count
      bytes += records.reduce(0) { $0 + $1.size }
    }
  }
}

extension IncomingRecord {
  /// Where it is from.
  var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}
