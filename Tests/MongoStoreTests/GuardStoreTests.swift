import Payouts
import Synchronization
import Testing
import Tron

@testable import MongoStore

private struct Now: WallClock {
  let value: UnixMilliseconds
  func now() -> UnixMilliseconds { value }
}

private struct Silent: StageObserver {
  func observe(_ event: StageEvent) {}
}

@Suite struct AuditLogStoreTests {
  private static func entries(_ writer: String, _ number: Int) -> [AuditEntry] {
    [
      AuditEntry(
        .admission, "created", at: UnixMilliseconds(5), by: AuditActor(who: writer, from: "::1"),
        subjects: ["\(number)"])
    ]
  }

  private static func walk(_ store: MongoStore) async throws -> AuditChain {
    var chain = AuditChain()
    while true {
      let page = try await store.auditBlocks(after: chain.tip?.number ?? 0, limit: 7)
      guard !page.isEmpty else { return chain }
      for block in page { try chain.take(block) }
    }
  }

  @Test func `several processes append at once and every entry is there once`() async throws {
    try await withDatabase(threads: 8) { store in
      try await withThrowingTaskGroup { group in
        for writer in 0..<4 {
          group.addTask {
            let appender = AuditAppender(
              store: store, clock: Now(value: UnixMilliseconds(1)), writer: "w\(writer)")
            for number in 0..<5 {
              var batch = AuditBatch(entries: Self.entries("w\(writer)", number))
              try await appender.append(&batch)
            }
          }
        }
        try await group.waitForAll()
      }
      let chain = try await Self.walk(store)
      #expect(chain.tip?.number == 20)
      let blocks = try await store.auditBlocks(after: 0, limit: 100)
      let seen = blocks.flatMap(\.entries).map { "\($0.actor.who ?? "") \($0.subjects)" }
      #expect(Set(seen).count == 20)
    }
  }

  @Test func `a block whose insert is repeated is there once`() async throws {
    try await withDatabase { store in
      let block = AuditBlock(
        after: nil, at: UnixMilliseconds(1), writer: "w", entries: Self.entries("w", 1))
      let isFirst = try await store.append(block)
      #expect(isFirst)
      #expect(try await store.append(block), "its answer was lost, and it was sent again")
      let other = AuditBlock(
        after: nil, at: UnixMilliseconds(2), writer: "v", entries: Self.entries("v", 2))
      #expect(try await store.append(other) == false)
      #expect(try await store.auditTip(after: nil) == block.tip)
    }
  }

  @Test func `what another hand changes, removes or exchanges shows`() async throws {
    try await withDatabase { store in
      let appender = AuditAppender(
        store: store, clock: Now(value: UnixMilliseconds(1)), writer: "w")
      for number in 0..<3 {
        try await appender.record(Self.entries("w", number)[0])
      }
      _ = try await Self.walk(store)
      try await store.updateAuditBlock(2, "entries.0.who", "somebody else")
      let fault = await #expect(throws: AuditChain.Break.self) { try await Self.walk(store) }
      #expect(fault?.number == 2)
      // Longer than what we write: it must not be cut to what it was.
      try await store.updateAuditBlock(2, "entries.0.who", "w")
      try await store.updateAuditBlock(2, "entries.0.note", String(repeating: "x", count: 500))
      #expect(await #expect(throws: AuditChain.Break.self) { try await Self.walk(store) } != nil)
    }
  }
}

extension MongoStore {
  /// Changes a block as another hand would.
  fileprivate func updateAuditBlock(
    _ number: Int64, _ field: StaticString, _ value: String
  ) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.auditLog))
      try bulk.updateOne(
        BSONDocument { $0.append("_id", number) },
        BSONDocument { update in update.append("$set") { $0.append(field, value) } })
      _ = try bulk.execute()
    }
  }
}

@Suite struct BreakerStoreTests {
  private static func control(
    _ store: MongoStore, at now: UnixMilliseconds, _ policy: BreakerPolicy = BreakerPolicy()
  ) -> BreakerControl {
    let clock = Now(value: now)
    return BreakerControl(
      store: store, audit: AuditAppender(store: store, clock: clock, writer: "test"), clock: clock,
      observer: Silent(), policy: policy)
  }

  @Test func `it is closed until somebody opens it, and one change wins`() async throws {
    try await withDatabase(threads: 8) { store in
      #expect(try await store.breaker() == Breaker())
      let control = Self.control(store, at: UnixMilliseconds(50))
      let changes = try await withThrowingTaskGroup(of: Bool.self) { group in
        for copy in 0..<6 {
          group.addTask {
            try await control.apply(
              .openedByHand(reason: "copy \(copy)", by: "p"), by: AuditActor(who: "p")
            ).isChanged
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(changes == 1)
      let breaker = try await store.breaker()
      #expect(breaker.state == .open && breaker.rev == 2 && breaker.unlogged == nil)
      let log = try await store.auditBlocks(after: 0, limit: 10)
      #expect(log.flatMap(\.entries).map(\.action) == ["open"])
    }
  }

  @Test func `two copies see one another's changes within a second`() async throws {
    try await withDatabase { store in
      struct Clock: WallClock {
        let read: @Sendable () -> UnixMilliseconds
        func now() -> UnixMilliseconds { read() }
      }
      let box = TimeBox()
      let view = BreakerView(store: store, clock: Clock { box.time.withLock { $0 } })
      #expect(try await view.current().state == .closed)
      try await Self.control(store, at: UnixMilliseconds(1)).apply(
        .openedByHand(reason: "r", by: "p"), by: AuditActor())
      #expect(try await view.current().state == .closed, "not read anew yet")
      box.time.withLock { $0 = UnixMilliseconds(1_000) }
      #expect(try await view.current().state == .open)
      try await Self.control(store, at: UnixMilliseconds(2)).apply(
        .closedByHand(reason: "r", by: "p"), by: AuditActor())
      // A clock that was set back does not keep the old look alive.
      box.time.withLock { $0 = UnixMilliseconds(-5) }
      #expect(try await view.current().state == .closed)
    }
  }

  @Test func `two Signers share the trials of a half-open breaker`() async throws {
    try await withDatabase(threads: 8) { store in
      let policy = BreakerPolicy(pause: .seconds(1), trials: 3)
      let failures = TransferTally(failed: 9, failedInARow: 9)
      try await Self.control(store, at: UnixMilliseconds(0), policy).apply(
        .transfersTallied(failures), by: .system("confirmer"))
      let later = Self.control(store, at: UnixMilliseconds(1_000), policy)
      try await later.apply(.clockLookedAt, by: .system("confirmer"))
      let granted = try await withThrowingTaskGroup(of: Set<TransferID>.self) { group in
        for signer in 0..<2 {
          let gate = BreakerGate(
            view: BreakerView(store: store, clock: Now(value: UnixMilliseconds(1_000))),
            control: later)
          let ready = try (0..<5).map { try sampleTransfer("s\(signer)-\($0)") }
          group.addTask { try await gate.admitted(ready) }
        }
        return try await group.reduce(into: Set<TransferID>()) { $0.formUnion($1) }
      }
      #expect(granted.count == 3)
      #expect(try await Set(store.breaker().trials.map(\.transfer)) == granted)
      #expect(try await store.breaker().trials.allSatisfy { $0.at == UnixMilliseconds(1_000) })
    }
  }

  @Test func `the tally counts what ended in the window, failures on the chain only`() async throws
  {
    try await withDatabase { store in
      func end(
        _ id: String, _ state: TransferState, at: Int64, _ reason: Failure.Reason = .reverted,
        closed: Bool = true
      ) async throws {
        var transfer = try sampleTransfer(id).moved(to: state)
        transfer.updatedAt = UnixMilliseconds(at)
        if state == .failed {
          transfer.failure = sampleFailure()
          transfer.failure?.reason = reason
        }
        transfer.closed = closed
        try await store.insert([transfer])
      }
      func tally(
        _ after: Int64, since: Int64 = 100, inARow: Int = 5
      ) async throws -> TransferTally {
        try await store.tally(
          after: UnixMilliseconds(after), since: UnixMilliseconds(since), inARow: inARow)
      }
      try await end("old", .failed, at: 50)
      try await end("paid1", .paid, at: 110)
      #expect(try await tally(100) == TransferTally(), "payments are not counted without failures")
      try await end("f1", .failed, at: 120)
      try await end("paid2", .paid, at: 130)
      try await end("f2", .failed, at: 140, .outOfEnergy)
      try await end("f3", .failed, at: 150, .executionFailed)
      try await end("expired", .failed, at: 160, .expired)
      try await end("cancelled", .cancelled, at: 170)
      try await end("open", .failed, at: 180, closed: false)
      #expect(try await tally(100) == TransferTally(failed: 3, failedInARow: 2, paid: 2))
      #expect(try await tally(100) == TransferTally(failed: 3, failedInARow: 2, paid: 2), "again")
      #expect(try await tally(145) == TransferTally(failed: 1, failedInARow: 2, paid: 0))
      #expect(try await tally(500) == TransferTally(failedInARow: 2), "however long ago")
      #expect(try await tally(500, inARow: 1) == TransferTally(failedInARow: 1))
      #expect(
        try await tally(500, since: 145) == TransferTally(failedInARow: 1), "after the closing")
      try await end("paid3", .paid, at: 200)
      #expect(try await tally(500) == TransferTally())
    }
  }

  @Test func `it knows the transactions of every attempt`() async throws {
    try await withDatabase { store in
      var transfer = try sampleTransfer("t")
      transfer.attempts = [try sampleAttempt(1, seed: "one"), try sampleAttempt(2, seed: "two")]
      try await store.insert([transfer])
      let ours = transfer.attempts.map(\.txid)
      let other = TransactionID(hashing: [9])
      #expect(try await store.known(ours + [other]) == Set(ours))
      #expect(try await store.known([]).isEmpty)
    }
  }
}

/// A time that a test sets.
private final class TimeBox: Sendable {
  let time = Mutex(UnixMilliseconds(0))
}

@Suite struct KYCStoreTests {
  private static func record(_ recipient: TronAddress, level: String = "full") -> KYCRecord {
    KYCRecord(
      recipient: recipient, level: level, expiresAt: UnixMilliseconds(9_000),
      referenceHash: String(repeating: "0a", count: 32), by: "op", at: UnixMilliseconds(1))
  }

  @Test func `a record is written if it is still what was read`() async throws {
    try await withDatabase { store in
      let alice = try sampleWallet(1)
      let first = Self.record(alice)
      #expect(try await store.write(first, replacing: nil))
      #expect(try await store.write(first, replacing: nil) == false)
      var revoked = first
      revoked.rev = 2
      revoked.revocation = KYCRecord.Revocation(reason: "r", by: "b", at: UnixMilliseconds(3))
      #expect(try await store.write(revoked, replacing: first))
      #expect(try await store.write(revoked, replacing: first) == false)
      #expect(try await store.kycRecords([alice, try sampleWallet(2)]) == [revoked])
    }
  }

  @Test func `records whose change is not logged are found, and no others`() async throws {
    try await withDatabase { store in
      var record = Self.record(try sampleWallet(1))
      #expect(try await store.write(record, replacing: nil))
      #expect(try await store.kycUnlogged(limit: 5).isEmpty)
      let old = record
      record.rev = 2
      record.unlogged = AuditEntry(
        .kyc, "added", at: UnixMilliseconds(1), by: AuditActor(who: "op"), subjects: ["a"])
      #expect(try await store.write(record, replacing: old))
      #expect(try await store.kycUnlogged(limit: 5) == [record])
    }
  }

  @Test func `records come by pages`() async throws {
    try await withDatabase { store in
      for byte in 1...5 {
        #expect(
          try await store.write(Self.record(try sampleWallet(UInt8(byte))), replacing: nil))
      }
      var seen: [TronAddress] = []
      while true {
        let page = try await store.kycRecords(after: seen.last, limit: 2)
        seen += page.map(\.recipient)
        if page.count < 2 { break }
      }
      #expect(seen.count == 5)
      #expect(seen == seen.sorted { $0.base58 < $1.base58 })
    }
  }

  @Test func `accepted payouts of the KYC router are found, and no others`() async throws {
    try await withDatabase { store in
      func payout(_ id: String, _ router: RouterType, _ type: BatchType) throws -> Payout {
        var payout = try samplePayout(id, batchType: type)
        payout.request.router = router
        return payout
      }
      _ = try await store.insert([
        try payout("a", .kyc, .immediate), try payout("b", .v0, .immediate),
        try payout("c", .kyc, .hourly), try payout("d", .kyc, .immediate),
      ])
      let first = try await store.acceptedForKYC(after: nil, limit: 1)
      #expect(first.map(\.id.text) == ["a"])
      let rest = try await store.acceptedForKYC(after: first.last?.id, limit: 5)
      #expect(rest.map(\.id.text) == ["d"])
    }
  }
}
