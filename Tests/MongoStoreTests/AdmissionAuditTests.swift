import Payouts
import Synchronization
import Testing
import Tron

@testable import MongoStore

private final class Clock: WallClock {
  private let time: Mutex<UnixMilliseconds>
  init(_ time: UnixMilliseconds) { self.time = Mutex(time) }
  func now() -> UnixMilliseconds { time.withLock { $0 } }
  func pass(minutes: Int64) {
    time.withLock { $0 = $0.advanced(milliseconds: minutes * 60_000) }
  }
}

@Suite("Admissions that never reached the audit log")
struct AdmissionAuditTests {
  private static let start = UnixMilliseconds(1_800_000_000_000)

  private struct World {
    let store: MongoStore
    let clock = Clock(AdmissionAuditTests.start)

    var audit: AdmissionAudit {
      AdmissionAudit(log: store, records: store, batches: store, audit: appender, clock: clock)
    }
    private var appender: AuditAppender {
      AuditAppender(store: store, clock: clock, writer: "ingest")
    }

    func log(_ subject: String, at: UnixMilliseconds) async throws {
      try await appender.record(
        AuditEntry(.admission, "created", at: at, by: AuditActor(who: "alice"), subjects: [subject])
      )
    }

    func subjects() async throws -> [String] {
      try await store.auditBlocks(after: 0, limit: 100).flatMap(\.entries).flatMap(\.subjects)
    }
  }

  @Test("What is missing is entered once, with who and which call; what is there stays alone")
  func entered() async throws {
    try await withDatabase { store in
      let world = World(store: store)
      #expect(try await world.audit.settle() == 0)
      // Its mark lies ahead: whatever is older was the business of an earlier version.
      world.clock.pass(minutes: 3)
      let known = try timedPayout(world.clock.now())
      let lost = try timedPayout(world.clock.now(), tenant: "bob")
      _ = try await store.insert([known, lost])
      try await world.log(known.id.text, at: world.clock.now())
      #expect(try await world.audit.settle() == 0, "they may still be on their way")
      world.clock.pass(minutes: 5)
      #expect(try await world.audit.settle() == 1)
      let entry = try #require(
        try await store.auditBlocks(after: 0, limit: 100).flatMap(\.entries).last)
      #expect(entry.subjects == [lost.id.text])
      #expect((entry.actor.who, entry.actor.requestID) == ("bob", lost.requestID))
      #expect(entry.at == lost.createdAt)
      world.clock.pass(minutes: 60)
      #expect(try await world.audit.settle() == 0)
      #expect(try await world.subjects() == [known.id.text, lost.id.text])
    }
  }

  @Test("Of a batch there is one entry, and none before it is decided")
  func batches() async throws {
    try await withDatabase { store in
      let world = World(store: store)
      try await world.audit.settle()
      world.clock.pass(minutes: 3)
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
      world.clock.pass(minutes: 5)
      #expect(try await world.audit.settle() == 0)
      #expect(try await store.auditMark()?.admissions == now)
      _ = try await store.decide(
        .committed(
          Batch(
            id: committed, tenant: payouts[0].tenant, requestID: payouts[0].requestID,
            payoutIDs: payouts[..<2].map(\.id), totalAmount: USDTAmount(micro: 11_000_000),
            router: .v0, priority: .normal, batchType: .immediate, idempotency: nil, createdAt: now,
            estimatedCompletion: nil)), on: committed)
      _ = try await store.decide(.aborted(at: now), on: aborted)
      #expect(try await world.audit.settle() == 1)
      #expect(try await world.subjects() == [committed.text])
    }
  }

  @Test("More than a page of payouts and of blocks, and a day without any copy")
  func long() async throws {
    try await withDatabase { store in
      let world = World(store: store)
      try await world.audit.settle()
      world.clock.pass(minutes: 3)
      var lost: [String] = []
      for minute in 0..<3 {
        let payouts = try (0..<400).map { _ in try timedPayout(world.clock.now()) }
        _ = try await store.insert(payouts)
        for payout in payouts.prefix(25) {
          try await world.log(payout.id.text, at: world.clock.now())
        }
        lost += payouts.dropFirst(25).map(\.id.text)
        world.clock.pass(minutes: minute == 2 ? 1440 : 1)
      }
      var entered = 0
      for _ in 0..<30 { entered += try await world.audit.settle() }
      #expect(entered == lost.count)
      let logged = try await world.subjects()
      #expect(Set(logged).isSuperset(of: lost))
      #expect(logged.count == Set(logged).count)
    }
  }
}
