import Synchronization
import Testing
import Tron

@testable import MongoStore
@testable import Payouts

private final class Clock: WallClock {
  private let time: Mutex<UnixMilliseconds>
  init(_ time: UnixMilliseconds) { self.time = Mutex(time) }
  func now() -> UnixMilliseconds { time.withLock { $0 } }
  func pass(seconds: Int64) {
    time.withLock { $0 = $0.advanced(milliseconds: seconds * 1_000) }
  }
}

@Suite("Admissions that never reached the audit log")
struct AdmissionAuditTests {
  private struct World {
    let store: MongoStore
    let clock = Clock(UnixMilliseconds(1_800_000_000_000))

    var audit: AdmissionAudit {
      AdmissionAudit(log: store, records: store, batches: store, audit: appender, clock: clock)
    }
    private var appender: AuditAppender {
      AuditAppender(store: store, clock: clock, writer: "ingest")
    }

    /// A process has written everything, and says so.
    func beat(_ id: String) async throws -> AuditWriter {
      let writer = AuditWriter(id: id, flushed: clock.now(), alive: clock.now())
      try await store.write(writer)
      return writer
    }

    func log(_ payouts: some Sequence<Payout>) async throws {
      try await appender.record(
        payouts.map {
          AuditEntry(
            .admission, "created", at: $0.createdAt, by: AuditActor(who: "alice"),
            subjects: [$0.id.text])
        })
    }

    func entries() async throws -> [AuditEntry] {
      try await store.auditBlocks(after: 0, limit: 1000).flatMap(\.entries)
    }
  }

  @Test("What a killed process took along is entered once, with who and which call")
  func entered() async throws {
    try await withDatabase { store in
      let world = World(store: store)
      _ = try await world.beat("killed")
      world.clock.pass(seconds: 2)
      let known = try timedPayout(world.clock.now())
      let lost = try timedPayout(world.clock.now(), tenant: "bob")
      _ = try await store.insert([known, lost])
      try await world.log([known])
      world.clock.pass(seconds: 170)
      #expect(try await world.audit.settle() == 0, "it may still live")
      world.clock.pass(seconds: 20)
      #expect(try await world.audit.settle() == 1)
      let entry = try #require(try await world.entries().last)
      #expect(entry.subjects == [lost.id.text])
      #expect((entry.actor.who, entry.actor.requestID) == ("bob", lost.requestID))
      #expect(entry.at == lost.createdAt)
      world.clock.pass(seconds: 3600)
      #expect(try await world.audit.settle() == 0)
      #expect(try await world.entries().flatMap(\.subjects) == [known.id.text, lost.id.text])
    }
  }

  @Test(
    "Who lives, and who said that it ended, is not looked after; who said something since stays")
  func alive() async throws {
    try await withDatabase { store in
      let world = World(store: store)
      let old = try await world.beat("lives")
      let ended = try await world.beat("ended")
      _ = try await store.insert([try timedPayout(world.clock.now())])
      try await store.remove(ended)
      world.clock.pass(seconds: 300)
      let new = try await world.beat("lives")
      #expect(try await world.audit.settle() == 0)
      try await store.remove(old)
      world.clock.pass(seconds: 300)
      #expect(
        try await store.auditWriters(silentSince: world.clock.now(), limit: 9) == [new])
    }
  }

  @Test("Of a batch there is one entry, and none before it is decided")
  func batches() async throws {
    try await withDatabase { store in
      let world = World(store: store)
      _ = try await world.beat("killed")
      let now = world.clock.now()
      let (committed, aborted) = (BatchID("batch_yes"), BatchID("batch_no"))
      var payouts: [Payout] = []
      for (number, batch) in [committed, committed, aborted].enumerated() {
        var payout = try timedPayout(now, state: .prepared, serial: UInt64(number))
        payout.batchID = batch
        payout.rev = 0
        payouts.append(payout)
      }
      #expect(try await store.prepare(payouts) == .prepared)
      world.clock.pass(seconds: 300)
      #expect(try await world.audit.settle() == 0)
      _ = try await store.decide(
        .committed(
          Batch(
            id: committed, tenant: payouts[0].tenant, requestID: payouts[0].requestID,
            payoutIDs: payouts[..<2].map(\.id), totalAmount: USDTAmount(micro: 11_000_000),
            router: .v0, priority: .normal, batchType: .immediate, idempotency: nil, createdAt: now,
            estimatedCompletion: nil)), on: committed)
      _ = try await store.decide(.aborted(at: now), on: aborted)
      #expect(try await world.audit.settle() == 1)
      #expect(try await world.entries().flatMap(\.subjects) == [committed.text])
    }
  }

  @Test("Only the last moments are compared, in pages of payouts and of blocks, within a long log")
  func long() async throws {
    try await withDatabase { store in
      let world = World(store: store)
      for _ in 0..<60 {
        world.clock.pass(seconds: 10)
        let payouts = try (0..<3).map { _ in try timedPayout(world.clock.now()) }
        _ = try await store.insert(payouts)
        try await world.log(payouts)
      }
      // Long before: whoever did not log this one is another one's business.
      _ = try await store.insert([
        try timedPayout(world.clock.now().advanced(milliseconds: -500_000))
      ])
      _ = try await world.beat("killed")
      let last = try (0..<700).map { _ in try timedPayout(world.clock.now()) }
      _ = try await store.insert(last)
      for payout in last.prefix(80) { try await world.log([payout]) }
      world.clock.pass(seconds: 600)
      #expect(try await world.audit.settle() == 620)
      let logged = try await world.entries().flatMap(\.subjects)
      #expect(logged.count == Set(logged).count)
      #expect(Set(logged).isSuperset(of: last.map(\.id.text)))
    }
  }

  @Test("Two that look at once, and one that died before it took the dead one's name away")
  func twice() async throws {
    try await withDatabase(threads: 4) { store in
      let world = World(store: store)
      let killed = try await world.beat("killed")
      let lost = try (0..<3).map { _ in try timedPayout(world.clock.now()) }
      _ = try await store.insert(lost)
      world.clock.pass(seconds: 300)
      async let first = world.audit.settle()
      async let second = world.audit.settle()
      let entered = try await (first, second)
      #expect(entered.0 + entered.1 >= lost.count)
      #expect(Set(try await world.entries().flatMap(\.subjects)) == Set(lost.map(\.id.text)))
      try await store.write(killed)
      #expect(try await world.audit.settle() == 0)
    }
  }
}
