import Tron

/// A point of a topic as `--from` and `--to` of a replay name it.
public enum ReplayPoint: Hashable, Sendable {
  /// An offset, of every partition.
  case offset(Int64)
  /// The first record that is not older.
  case time(UnixMilliseconds)

  /// An offset, `2026-01-31`, or `2026-01-31T12:00:00Z`.
  public init?(_ text: String) {
    if let offset = Int64(text), offset >= 0 {
      self = .offset(offset)
    } else if let date = DateText(text) {
      self = .time(date.start)
    } else {
      return nil
    }
  }
}

/// What is left to be read of a replay; as a file, how it goes on after an interruption.
public struct ReplayState: Codable, Hashable, Sendable {
  /// What the operator asked for: a replay goes on only when the same is asked for again.
  public struct Request: Codable, Hashable, Sendable {
    /// The topic's name without the prefix.
    public var topic: String
    /// What this fleet's topics begin with.
    public var prefix: String
    /// The first record, in the operator's words.
    public var from: String?
    /// The first record that is left out, in the operator's words.
    public var to: String?
    /// One partition, or all.
    public var partition: Int32?
    /// Whether nothing is appended.
    public var dryRun: Bool

    /// Collects the parts.
    public init(
      topic: String, prefix: String, from: String?, to: String?, partition: Int32?, dryRun: Bool
    ) {
      self.topic = topic
      self.prefix = prefix
      self.from = from
      self.to = to
      self.partition = partition
      self.dryRun = dryRun
    }
  }

  /// How far a partition was read.
  public struct Partition: Codable, Hashable, Sendable {
    /// Its number.
    public var partition: Int32
    /// The next offset to read.
    public var next: Int64
    /// The first offset that is not read.
    public var end: Int64

    /// Collects the parts.
    public init(partition: Int32, next: Int64, end: Int64) {
      self.partition = partition
      self.next = next
      self.end = end
    }
  }

  /// What was asked for.
  public var request: Request
  /// By number.
  public var partitions: [Partition]

  /// Records that are left, at most.
  public var remaining: Int64 { partitions.reduce(0) { $0 + max(0, $1.end - $1.next) } }

  /// Fixes the range within what the topic holds now: what a replay appends lies behind it.
  ///
  /// - Parameters:
  ///   - held: what each partition holds.
  ///   - starts: where a partition is to begin; what it holds first, without one.
  ///   - ends: where a partition is to end; what it holds last, without one.
  public init(
    _ request: Request, held: [Int32: Range<Int64>], starts: (Int32) -> Int64?,
    ends: (Int32) -> Int64?
  ) {
    self.request = request
    partitions = held.filter { request.partition == nil || $0.key == request.partition }
      .sorted { $0.key < $1.key }
      .map { number, range in
        let first = min(max(starts(number) ?? range.lowerBound, range.lowerBound), range.upperBound)
        let last = min(max(ends(number) ?? range.upperBound, first), range.upperBound)
        return Partition(partition: number, next: first, end: last)
      }
  }
}
