import Tron

/// Entries of one process on their way into the log: gathered, bounded, and kept while the store is
/// away. A value; whoever owns it locks.
public struct AuditQueue: Sendable {
  // LIMIT: what waits in memory while the store is away; more is counted as dropped.
  static let capacity = 10_000
  // LIMIT: entries of one block; a fraction of what a document may hold.
  static let blockSize = 1_000
  // LIMIT: anybody can have authentication refused, as often as he likes: in one minute so many
  // callers are told apart, the others are counted together.
  static let refusedCallers = 20

  private struct Caller: Hashable {
    var from: String
    var reason: String
  }

  private var waiting: [AuditEntry] = []
  private var begun: [AuditBatch] = []
  private var dropped: Int64 = 0
  /// Refused callers of this minute.
  private var refused: [Caller: AuditEntry] = [:]
  private var others: AuditEntry?
  /// The newest minute that anything was refused in.
  private var minute: Int64 = 0

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

  /// Authentication was refused: one entry for each address, reason and minute.
  public mutating func addRefusal(_ entry: AuditEntry) {
    // One that comes late goes with the others: no order of calls makes more entries.
    if entry.at.value / 60_000 > minute {
      closeMinute()
      minute = entry.at.value / 60_000
    }
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

  /// What goes into the next block; `nil` when nothing does. Refusals wait until their minute is
  /// over, unless this is the end.
  public mutating func take(now: UnixMilliseconds, isFinal: Bool = false) -> AuditBatch? {
    if isFinal || now.value / 60_000 > minute { closeMinute() }
    guard begun.isEmpty else { return begun.removeFirst() }
    guard !waiting.isEmpty else { return nil }
    let entries = Array(waiting.prefix(Self.blockSize))
    waiting.removeFirst(entries.count)
    defer { dropped = 0 }
    return AuditBatch(entries: entries, dropped: dropped)
  }

  /// It could not be written, or it is not known: it goes first the next time.
  public mutating func giveBack(_ batch: AuditBatch) { begun.append(batch) }

  private mutating func closeMinute() {
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
