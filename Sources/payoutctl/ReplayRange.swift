import KafkaLog
import Payouts
import Tron

/// A point of a topic as `--from` and `--to` name it.
enum ReplayPoint: Hashable {
  case offset(Int64)
  case time(UnixMilliseconds)

  /// An offset, `2026-01-31`, or `2026-01-31T12:00:00Z`.
  init(_ text: String, option: String) throws {
    if let offset = Int64(text), offset >= 0 {
      self = .offset(offset)
    } else if let date = DateText(text) {
      self = .time(date.start)
    } else {
      throw CommandFailure(
        "--\(option): \(text) is neither an offset nor a time such as 2026-01-31T12:00:00Z")
    }
  }
}

/// What is left to be read of a replay; as a file, how it goes on after an interruption.
struct ReplayState: Codable, Equatable {
  struct Partition: Codable, Equatable {
    var partition: Int32
    /// The next offset to read.
    var next: Int64
    /// The first offset that is not read.
    var end: Int64
  }

  var topic: String
  var dryRun: Bool
  var partitions: [Partition]

  var remaining: Int64 { partitions.reduce(0) { $0 + max(0, $1.end - $1.next) } }
}

extension ReplayState {
  /// Fixes the range now: what a replay appends lies behind it.
  init(
    topic: Topic, from: ReplayPoint?, to: ReplayPoint?, partition: Int32?, dryRun: Bool,
    admin: KafkaAdmin
  ) async throws {
    let held = try await admin.offsets(of: topic)
    if let partition, held[partition] == nil {
      throw CommandFailure("--partition: \(topic.name) has \(held.count) partitions")
    }
    let starts = try await Self.offsets(from, of: topic, admin)
    let ends = try await Self.offsets(to, of: topic, admin)
    let partitions = held.filter { partition == nil || $0.key == partition }
      .sorted { $0.key < $1.key }
      .map { number, range in
        let first = min(max(starts(number) ?? range.lowerBound, range.lowerBound), range.upperBound)
        let last = min(max(ends(number) ?? range.upperBound, first), range.upperBound)
        return Partition(partition: number, next: first, end: last)
      }
    self.init(topic: topic.name, dryRun: dryRun, partitions: partitions)
  }

  private static func offsets(
    _ point: ReplayPoint?, of topic: Topic, _ admin: KafkaAdmin
  ) async throws -> (Int32) -> Int64? {
    switch point {
    case nil: return { _ in nil }
    case .offset(let offset): return { _ in offset }
    case .time(let time):
      let offsets = try await admin.offsets(of: topic, notBefore: time)
      return { offsets[$0] }
    }
  }
}
