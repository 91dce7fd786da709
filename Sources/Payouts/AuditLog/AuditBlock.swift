import Tron

/// A piece of the audit log: what was recorded together, chained to the piece before by its hash.
///
/// One document, so that one insert carries everything that happened at a busy moment.
public struct AuditBlock: Hashable, Codable, Sendable {
  /// Its place: 1, 2, 3, …
  public var number: Int64
  /// When it was made, by the writer's clock.
  public var at: UnixMilliseconds
  /// Which process made it.
  public var writer: String
  /// What happened, in the order in which the writer learnt of it.
  public var entries: [AuditEntry]
  /// Entries that the writer lost before this block, because the store was away for too long.
  public var dropped: Int64
  /// The hash of the block before; zeros for the first.
  public var previous: String
  /// SHA-256 over everything above, as 64 hexadecimal digits.
  public var hash: String

  /// The block that follows another; the first one follows `nil`.
  public init(
    after last: AuditTip?, at: UnixMilliseconds, writer: String, entries: [AuditEntry],
    dropped: Int64 = 0
  ) {
    number = (last?.number ?? 0) + 1
    self.at = at
    self.writer = writer
    self.entries = entries
    self.dropped = dropped
    previous = last?.hash ?? AuditTip.zeros
    hash = ""
    hash = computedHash
  }

  /// A block as it was read; nothing is checked.
  public init(
    number: Int64, at: UnixMilliseconds, writer: String, entries: [AuditEntry], dropped: Int64,
    previous: String, hash: String
  ) {
    self.number = number
    self.at = at
    self.writer = writer
    self.entries = entries
    self.dropped = dropped
    self.previous = previous
    self.hash = hash
  }

  /// What the next block is chained to.
  public var tip: AuditTip { AuditTip(number: number, hash: hash) }

  /// The hash that the contents have now.
  public var computedHash: String { hexString(sha256(canonical)) }

  /// The contents as bytes: each value as its length in bytes, a colon, the value, a comma; an absent
  /// one as a minus sign and a comma. Nothing can be moved from one value into the next.
  var canonical: [UInt8] {
    var text = CanonicalText()
    text.append("1")  // the version of this form
    text.append(String(number))
    text.append(String(at.value))
    text.append(writer)
    text.append(String(dropped))
    text.append(previous)
    text.append(String(entries.count))
    for entry in entries {
      text.append(entry.kind.rawValue)
      text.append(entry.action)
      text.append(String(entry.at.value))
      text.append(entry.actor.who)
      text.append(entry.actor.role)
      text.append(entry.actor.from)
      text.append(entry.actor.requestID?.text)
      text.append(entry.note)
      text.append(String(entry.count))
      text.append(String(entry.subjects.count))
      for subject in entry.subjects { text.append(subject) }
    }
    return text.bytes
  }

  enum CodingKeys: String, CodingKey {
    case number, at, writer, entries, dropped, previous, hash
  }
}

/// The end of the chain at some moment: what a later look can be compared with.
public struct AuditTip: Hashable, Codable, Sendable {
  /// The block's place.
  public var number: Int64
  /// Its hash.
  public var hash: String

  /// Collects the parts.
  public init(number: Int64, hash: String) {
    self.number = number
    self.hash = hash
  }

  static let zeros = String(repeating: "0", count: 64)
}

private struct CanonicalText {
  var bytes: [UInt8] = []

  mutating func append(_ value: String?) {
    if let value {
      bytes += Array("\(value.utf8.count):".utf8) + Array(value.utf8)
    } else {
      bytes.append(UInt8(ascii: "-"))
    }
    bytes.append(UInt8(ascii: ","))
  }
}
