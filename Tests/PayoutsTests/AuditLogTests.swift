import Payouts
import Synchronization
import Testing
import Tron

@Suite("The audit log")
struct AuditLogTests {
  private static func entry(_ subject: String, at: Int64 = 5, note: String? = nil) -> AuditEntry {
    AuditEntry(
      .admission, "created", at: UnixMilliseconds(at),
      by: AuditActor(
        who: "alice", role: "service", from: "10.0.0.1", requestID: RequestID("req_1")),
      subjects: [subject], note: note)
  }

  private static func chain(_ count: Int) -> [AuditBlock] {
    var blocks: [AuditBlock] = []
    for number in 0..<count {
      blocks.append(
        AuditBlock(
          after: blocks.last?.tip, at: UnixMilliseconds(Int64(number)), writer: "ingest-1",
          entries: [entry("payout_\(number)"), entry("payout_\(number)b")]))
    }
    return blocks
  }

  private static func firstBreak(
    _ blocks: [AuditBlock], through anchor: AuditTip? = nil
  ) -> AuditChain.Break? {
    var chain = AuditChain(through: anchor)
    do throws(AuditChain.Break) {
      for block in blocks { try chain.take(block) }
      try chain.end()
      return nil
    } catch {
      return error
    }
  }

  @Test("A chain as it was written is intact, an empty one too")
  func intact() {
    #expect(Self.firstBreak([]) == nil)
    #expect(Self.firstBreak(Self.chain(5)) == nil)
  }

  @Test("A block's hash is SHA-256 over length-prefixed values: computed by another program")
  func knownHash() {
    // python3: hashlib.sha256(b"".join(b"%d:%s," % (len(v), v) for v in
    //   [b"1", b"1", b"1000", b"w", b"0", b"0" * 64, b"1", b"kyc", b"added", b"999", b"op"])
    //   + b"-,-,-,-,1:1,1:1,3:T\xc3\xa9,").hexdigest()
    let block = AuditBlock(
      after: nil, at: UnixMilliseconds(1000), writer: "w",
      entries: [
        AuditEntry(
          .kyc, "added", at: UnixMilliseconds(999), by: AuditActor(who: "op"), subjects: ["Té"])
      ])
    #expect(block.hash == "cfbc59914d181c5dc4a31f28d75bc6ca55f7ac4e5bf073a4c9cc5826d8dfbb30")
  }

  /// What somebody with access to the store might do.
  private static let tamperings:
    [(what: String, number: Int64, change: @Sendable (inout [AuditBlock]) -> Void)] = [
      ("an entry changed", 3, { $0[2].entries[1].subjects = ["payout_x"] }),
      ("an entry removed", 3, { $0[2].entries.removeLast() }),
      ("entries reordered", 3, { $0[2].entries.reverse() }),
      ("a time changed", 2, { $0[1].at = UnixMilliseconds(77) }),
      ("a count changed", 2, { $0[1].entries[0].count = 2 }),
      ("who it was changed", 4, { $0[3].entries[0].actor.who = "bob" }),
      (
        "a role moved into the address", 4,
        { blocks in
          blocks[3].entries[0].actor.role = nil
          blocks[3].entries[0].actor.from = "service10.0.0.1"
        }
      ),
      ("losses hidden", 2, { $0[1].dropped = -1 }),
      ("a block removed", 3, { $0.remove(at: 2) }),
      ("the first block removed", 1, { $0.removeFirst() }),
      ("two blocks exchanged", 2, { $0.swapAt(1, 2) }),
      (
        "a block changed with a fitting hash", 4,
        { blocks in
          blocks[2].entries[0].note = "forged"
          blocks[2].hash = blocks[2].computedHash
        }
      ),
      ("a block repeated", 3, { $0.insert($0[1], at: 2) }),
    ]

  @Test("Whatever is changed, removed or put elsewhere breaks it, at the right place")
  func tampering() {
    for tampering in Self.tamperings {
      var blocks = Self.chain(5)
      tampering.change(&blocks)
      #expect(Self.firstBreak(blocks)?.number == tampering.number, "\(tampering.what)")
    }
  }

  @Test("Blocks removed from its end, or a chain written anew, show against a noted tip")
  func anchor() {
    let blocks = Self.chain(5)
    #expect(Self.firstBreak(blocks, through: blocks[4].tip) == nil)
    #expect(Self.firstBreak(blocks, through: blocks[2].tip) == nil)
    #expect(Self.firstBreak(Array(blocks.prefix(3))) == nil, "the chain alone cannot tell")
    #expect(Self.firstBreak(Array(blocks.prefix(3)), through: blocks[4].tip)?.number == 4)
    #expect(
      Self.firstBreak(blocks, through: AuditTip(number: 2, hash: blocks[3].hash))?.number == 2)
  }

  @Test("Text of others is cut to what a block can hold")
  func cut() {
    let entry = Self.entry(
      String(repeating: "s", count: 999), note: String(repeating: "é", count: 999))
    #expect(entry.note?.count == AuditEntry.maximumText)
    #expect(entry.subjects[0].count == AuditEntry.maximumText)
  }
}

@Suite("Entries on their way into the audit log")
struct AuditQueueTests {
  private static let now = UnixMilliseconds(10_500)

  private static func entry(_ number: Int) -> AuditEntry {
    AuditEntry(.admission, "created", at: now, by: AuditActor(), subjects: ["\(number)"])
  }

  private static func refusal(
    from: String, _ reason: String = "token_missing", at: Int64 = 10_500
  ) -> AuditEntry {
    AuditEntry(
      .authenticationRefused, "refused", at: UnixMilliseconds(at), by: AuditActor(from: from),
      note: reason)
  }

  @Test("They leave in order, a bounded number in each block")
  func order() {
    var queue = AuditQueue()
    let none = queue.take(now: Self.now)
    #expect(none == nil)
    for number in 0..<1_500 { queue.add(Self.entry(number)) }
    let first = queue.take(now: Self.now)
    let second = queue.take(now: Self.now)
    #expect(first?.entries.map { $0.subjects[0] } == (0..<1_000).map { "\($0)" })
    #expect(second?.entries.count == 500)
    let rest = queue.take(now: Self.now)
    #expect(rest == nil)
  }

  @Test("What does not fit is counted in the next block")
  func dropped() {
    var queue = AuditQueue()
    let added = (0..<10_003).filter { queue.add(Self.entry($0)) }
    #expect(added == Array(0..<10_000))
    let (first, second) = (queue.take(now: Self.now), queue.take(now: Self.now))
    #expect(first?.dropped == 3)
    #expect(second?.dropped == 0)
  }

  @Test("What could not be written goes first the next time, unchanged")
  func givenBack() throws {
    var queue = AuditQueue()
    queue.add(Self.entry(1))
    let taken = queue.take(now: Self.now)
    var batch = try #require(taken)
    batch.block = AuditBlock(after: nil, at: Self.now, writer: "w", entries: batch.entries)
    queue.giveBack(batch)
    queue.add(Self.entry(2))
    let (first, second) = (queue.take(now: Self.now), queue.take(now: Self.now))
    #expect(first == batch)
    #expect(second?.entries == [Self.entry(2)])
  }

  @Test("A flood of refusals becomes one entry for each address, reason and minute")
  func flood() {
    var queue = AuditQueue()
    for _ in 0..<1_000 { queue.addRefusal(Self.refusal(from: "1.1.1.1")) }
    for _ in 0..<10 { queue.addRefusal(Self.refusal(from: "2.2.2.2")) }
    for _ in 0..<5 { queue.addRefusal(Self.refusal(from: "2.2.2.2", "token_expired")) }
    let early = queue.take(now: Self.now)
    #expect(early == nil, "the minute is not over")
    let batch = queue.take(now: UnixMilliseconds(60_000))
    #expect(batch?.entries.map(\.count) == [1_000, 5, 10])
  }

  @Test("A flood from very many addresses is bounded, and counted to the last")
  func manyAddresses() {
    var queue = AuditQueue()
    for number in 0..<5_000 { queue.addRefusal(Self.refusal(from: "a\(number)")) }
    let entries = queue.take(now: UnixMilliseconds(60_000))?.entries ?? []
    #expect(entries.count == 21)
    #expect(entries.reduce(0) { $0 + $1.count } == 5_000)
    #expect(queue.depth == 0)
  }

  @Test("Calls whose times go to and fro between minutes make no more entries than their order")
  func toAndFro() {
    var queue = AuditQueue()
    for number in 0..<1_000 {
      queue.addRefusal(
        Self.refusal(from: "1.1.1.1", at: number.isMultiple(of: 2) ? 59_999 : 60_001))
      _ = queue.take(now: UnixMilliseconds(number.isMultiple(of: 3) ? 59_999 : 60_001))
    }
    #expect(queue.depth == 1, "one of the minute before was taken")
    let last = queue.take(now: UnixMilliseconds(120_000))
    #expect(last?.entries.map(\.count) == [999])
  }

  @Test("The end does not wait for the minute to be over")
  func final() {
    var queue = AuditQueue()
    queue.addRefusal(Self.refusal(from: "1.1.1.1"))
    let last = queue.take(now: Self.now, isFinal: true)
    #expect(last?.entries.count == 1)
  }
}
