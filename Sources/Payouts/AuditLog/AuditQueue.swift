import Tron

/// Entries of one process on their way into the log: gathered, bounded, and kept while the store is
/// away. A value; whoever owns it locks.
public struct AuditQueue: Sendable {
  // LIMIT: what waits in memory while the store is away; more is counted as dropped.
  static let capacity = 10_000
  // LIMIT: entries of one block; a fraction of what a document may hold.
  static let blockSize = 1_000
  // LIMIT: anybody can have authentication refused: in one second so many callers are told apart,
  // the others are counted together.
  static let refusedCallers = 50

  private struct Caller: Hashable {
    var from: String
    var reason: String
  }

  private var waiting: [AuditEntry] = []
  private var begun: [AuditBatch] = []
  private var dropped: Int64 = 0
  /// Refused callers of this second.
  private var refused: [Caller: AuditEntry] = [:]
  private var others: AuditEntry?
  private var second: Int64 = 0

  /// An empty one.
  public init() {}

  /// How many entries wait.
  public var depth: Int {
    waiting.count + refused.count + begun.reduce(0) { $0 + $1.entries.count }
  }

  /// Something happened. Answers whether there was room for it.
  @discardableResult
  public mutating func add(_ entry: AuditEntry) -> Bool {
    guard depth < Self.capacity else {
      dropped += 1
      return false
    }
    waiting.append(entry)
    return true
  }

  /// Authentication was refused: one entry for each address, reason and second.
  public mutating func addRefusal(_ entry: AuditEntry) {
    if entry.at.value / 1000 != second { closeSecond() }
    second = entry.at.value / 1000
    let caller = Caller(from: entry.actor.from ?? "", reason: entry.note ?? "")
    if refused[caller] != nil {
      refused[caller]?.count += 1
    } else if refused.count < Self.refusedCallers {
      refused[caller] = entry
    } else if others != nil {
      others?.count += 1
    } else {
      others = AuditEntry(
        .authenticationRefused, "refused", at: entry.at, by: AuditActor(),
        note: "further addresses")
    }
  }

  /// What goes into the next block; `nil` when nothing does. Refusals wait until their second is
  /// over, unless this is the end.
  public mutating func take(now: UnixMilliseconds, isFinal: Bool = false) -> AuditBatch? {
    if isFinal || now.value / 1000 != second { closeSecond() }
    guard begun.isEmpty else { return begun.removeFirst() }
    guard !waiting.isEmpty else { return nil }
    let entries = Array(waiting.prefix(Self.blockSize))
    waiting.removeFirst(entries.count)
    defer { dropped = 0 }
    return AuditBatch(entries: entries, dropped: dropped)
  }

  /// It could not be written, or it is not known: it goes first the next time.
  public mutating func giveBack(_ batch: AuditBatch) { begun.append(batch) }

  private mutating func closeSecond() {
    let all = refused.values.sorted {
      ($0.at, $0.actor.from ?? "", $0.note ?? "") < ($1.at, $1.actor.from ?? "", $1.note ?? "")
    }
    for entry in all + (others.map { [$0] } ?? []) {
      if waiting.count < Self.capacity { waiting.append(entry) } else { dropped += entry.count }
    }
    refused = [:]
    others = nil
  }
}

/// What is written together.
public struct AuditBatch: Hashable, Sendable {
  /// The entries.
  public var entries: [AuditEntry]
  /// Entries that were lost before these.
  public var dropped: Int64
  /// The block that an earlier try made, which may be in the log already.
  public var block: AuditBlock?

  /// Entries that nobody has tried to write yet.
  public init(entries: [AuditEntry], dropped: Int64 = 0) {
    self.entries = entries
    self.dropped = dropped
  }
}
