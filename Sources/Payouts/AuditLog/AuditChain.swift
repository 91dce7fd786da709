import Tron

/// Walks the audit log from its first block and finds the first thing wrong with it.
public struct AuditChain: Sendable {
  /// Where the chain is not what it was when it was written.
  public struct Break: Error, Hashable, Codable, Sendable {
    /// The place.
    public var number: Int64
    /// What is wrong there.
    public var problem: String
  }

  /// The last good block; `nil` before the first.
  public private(set) var tip: AuditTip?
  /// Entries so far.
  public private(set) var entries: Int64 = 0
  /// Entries that writers say they lost.
  public private(set) var dropped: Int64 = 0
  private let anchor: AuditTip?

  /// - Parameter anchor: A tip that was noted earlier, elsewhere: the chain must go through it. The
  ///   chain alone cannot tell when its newest blocks were removed.
  public init(through anchor: AuditTip? = nil) { self.anchor = anchor }

  /// The next block.
  public mutating func take(_ block: AuditBlock) throws(Break) {
    let expected = (tip?.number ?? 0) + 1
    guard block.number == expected else {
      throw Break(
        number: expected, problem: "is missing: block \(block.number) stands in its place")
    }
    guard block.previous == tip?.hash ?? AuditTip.zeros else {
      throw Break(number: expected, problem: "is not chained to the block before")
    }
    guard block.hash == block.computedHash else {
      throw Break(number: expected, problem: "was changed: its contents have another hash")
    }
    if let anchor, anchor.number == block.number, anchor.hash != block.hash {
      throw Break(number: expected, problem: "is not the block whose hash was noted")
    }
    tip = block.tip
    entries += Int64(block.entries.count)
    dropped += block.dropped
  }

  /// There are no more blocks.
  public func end() throws(Break) {
    if let anchor, (tip?.number ?? 0) < anchor.number {
      throw Break(
        number: (tip?.number ?? 0) + 1, problem: "is missing: the log went on to \(anchor.number)")
    }
  }
}
