import Foundation
import Payouts
import Synchronization
import Testing
import Tron

@testable import MongoStore

@Suite struct WindowStoreTests {
  private static let hour: Int64 = 3_600_000

  @Test func `pages come in the order of windows, routers, recipients and ids, each once`()
    async throws
  {
    try await withDatabase { store in
      var all: [Payout] = []
      for index in 0..<60 {
        all.append(
          try scheduledPayout(
            "p\(index)", recipient: UInt8(index * 7 % 5), router: index % 4 == 0 ? .kyc : .v0,
            createdAt: UnixMilliseconds(Int64(index % 3) * Self.hour)))
      }
      _ = try await store.insert(all.shuffled())
      let places = all.compactMap(ScheduledPosition.init).sorted()
      for limit in [1, 7, 100] {
        var found: [ScheduledPosition] = []
        var page: [Payout] = []
        repeat {
          page = try await store.scheduled(endingBy: nil, after: found.last, limit: limit)
          found += page.compactMap(ScheduledPosition.init)
        } while page.count == limit
        #expect(found == places)
      }
      let over = try await store.scheduled(
        endingBy: UnixMilliseconds(2 * Self.hour), after: nil, limit: 100)
      #expect(over.count == 40)
      let later = try await store.scheduled(
        endingBy: UnixMilliseconds(2 * Self.hour), after: places[30], limit: 100)
      #expect(later.compactMap(ScheduledPosition.init) == Array(places[31..<40]))
      let none = try await store.scheduled(
        endingBy: UnixMilliseconds(Self.hour - 1), after: nil, limit: 100)
      #expect(none.isEmpty)
      #expect(try await store.payouts([all[3].id]) == [all[3]])
    }
  }

  @Test func `a payout leaves its transfer once, and only as it was read`() async throws {
    try await withDatabase { store in
      let payout = try scheduledPayout("p", recipient: 1)
      _ = try await store.insert([payout])
      try await store.assign([
        PayoutAssignment(payout: payout.id, rev: 1, transfer: TransferID("t"))
      ])
      let assigned = try #require(try await store.payouts([payout.id]).first)
      #expect(try await store.scheduled(endingBy: nil, after: nil, limit: 5).isEmpty)
      var stale = try #require(PayoutRelease(assigned))
      stale.rev -= 1
      var elsewhere = try #require(PayoutRelease(assigned))
      elsewhere.transfer = TransferID("other")
      try await store.release([stale, elsewhere])
      #expect(try await store.payouts([payout.id]) == [assigned])
      let release = try #require(PayoutRelease(assigned))
      try await store.release([release, release])
      var free = payout
      free.rev = 3
      free.generation = 1
      #expect(try await store.payouts([payout.id]) == [free])
      #expect(try await store.scheduled(endingBy: nil, after: nil, limit: 5) == [free])
    }
  }

  /// One copy claims a, b and c for a transfer and pauses after a; another one finds a and inserts the
  /// transfer; the first one wakes and claims b.
  @Test func `a payout that came too late to its transfer is paid by another one`() async throws {
    try await withDatabase { store in
      let (stage, closing) = try await Self.batcher(on: store)
      let payouts = try ["a", "b", "c"].map { try scheduledPayout($0, recipient: 1) }
      _ = try await store.insert(payouts)
      let first = TransferID(members: payouts.map(\.id), generation: 0)
      func claim(_ payout: Payout) -> PayoutAssignment {
        PayoutAssignment(payout: payout.id, rev: payout.rev, transfer: first)
      }
      try await store.assign([claim(payouts[0])])
      try await stage.sweep(ResendSchedule(), previousSweep: nil)
      try await store.assign([claim(payouts[1])])
      try await stage.sweep(ResendSchedule(), previousSweep: nil)
      try await closing.turn()
      // Long after: what it read is of the past.
      try await store.assign([claim(payouts[2])])
      try await stage.sweep(ResendSchedule(), previousSweep: nil)
      let stored = try await store.payouts(payouts.map(\.id)).sorted { $0.id < $1.id }
      let ids = Array(Set(stored.compactMap(\.transferID)))
      let transfers = try await store.transfers(ids).sorted { $0.members.count < $1.members.count }
      #expect(transfers.map(\.members) == [[payouts[0].id], [payouts[1].id, payouts[2].id]])
      #expect(transfers.map(\.amount.micro) == [1_000_000, 2_000_000])
      #expect(stored.map(\.generation) == [0, 1, 0])
      #expect(stored.map(\.transferID) == [first, transfers.last?.id, transfers.last?.id])
    }
  }

  @Test func `urgent payouts and planned transfers are found and counted`() async throws {
    try await withDatabase { store in
      var all: [Payout] = []
      for (index, priority) in Priority.allCases.enumerated() {
        for turn in 0..<3 {
          let at = UnixMilliseconds(Int64(1_000 * turn + index))
          var payout = try samplePayout("x", createdAt: at.value)
          payout.id = PayoutID(createdAt: at, high: 0, low: UInt64(index))
          payout.request.priority = priority
          if turn == 2 { payout.state = .assigned }
          all.append(payout)
        }
      }
      _ = try await store.insert(all)
      func urgent(
        from: Int64? = nil, before: Int64, limit: Int = 10
      ) async throws -> [Int64] {
        try await store.urgent(
          createdFrom: from.map { UnixMilliseconds($0) }, createdBefore: UnixMilliseconds(before),
          limit: limit
        ).map(\.createdAt.value)
      }
      // The urgent one is the last of each turn.
      let last = Int64(Priority.allCases.firstIndex(of: .urgent) ?? 0)
      #expect(try await urgent(before: 5_000) == [last, 1_000 + last])
      #expect(try await urgent(before: 5_000, limit: 1) == [last])
      #expect(try await urgent(before: 1_000 + last) == [last])
      #expect(try await urgent(from: last + 1, before: 5_000) == [1_000 + last])
      try await store.insert((0..<7).map { try sampleTransfer("t\($0)").moved(to: .planned) })
      try await store.insert([try sampleTransfer("ready")])
      #expect(try await store.planned(upTo: 100) == 7)
      #expect(try await store.planned(upTo: 3) == 3)
    }
  }

  /// WINDOW_BENCH_PAYOUTS=10000 measures a larger window.
  @Test
  func `closing a window is several times as fast as forming a transfer for each payout`()
    async throws
  {
    let given = ProcessInfo.processInfo.environment["WINDOW_BENCH_PAYOUTS"].flatMap(Int.init)
    let count = given ?? 600
    let recipients = max(1, count / 5)
    try await withDatabase { store in
      let parts = try await Self.batcher(on: store)
      let members = try (0..<count).map { index in
        var payout = try scheduledPayout("member-\(index)", recipient: 0)
        payout.request.recipient = try Self.recipient(index % recipients)
        return payout
      }
      // Half of those formed by themselves come before, half after, for the store slows down.
      let singles = try (0..<max(60, count / 50)).map {
        try samplePayout("single-\($0)", createdAt: 1_000)
      }
      let pieces = try (0..<max(200, count / 10)).map {
        try samplePayout("piece-\($0)", createdAt: 1_000)
      }
      for payouts in [members, singles, pieces] {
        for start in stride(from: 0, to: payouts.count, by: 500) {
          _ = try await store.insert(Array(payouts[start..<min(start + 500, payouts.count)]))
        }
      }

      let watch = ContinuousClock()
      var alone = Duration.zero
      var bulks = Duration.zero
      func formByThemselves(_ half: (ArraySlice<Payout>) -> ArraySlice<Payout>) async throws {
        let records = half(singles[...]).map(Self.record)
        alone += try await watch.measure {
          for record in records { try await parts.stage.process([record]) }
        }
        let rest = half(pieces[...]).map(Self.record)
        bulks += try await watch.measure { try await parts.stage.process(rest) }
      }
      try await formByThemselves { $0.prefix($0.count / 2) }
      var formed = 0
      let together = try await watch.measure {
        while formed < count {
          let turn = try await parts.closing.turn()
          try #require(turn > 0, "closing stopped at \(formed)")
          formed += turn
        }
      }
      try await formByThemselves { $0.dropFirst($0.count / 2) }
      let transfers: [TransferState: Int] = try await store.count(
        in: TransferState.allCases)
      #expect(transfers[.ready] == singles.count + pieces.count + recipients)
      let rate = Double(count) / (together / .seconds(1))
      let single = Double(singles.count) / (alone / .seconds(1))
      let bulk = Double(pieces.count) / (bulks / .seconds(1))
      print(
        "payouts a second: \(Int(rate)) of a window, \(Int(single)) one by one,"
          + " \(Int(bulk)) in bulks of \(pieces.count / 2)")
      // With margin for a busy machine; docs/performance.md has what was measured.
      #expect(rate >= 2.5 * single, "\(rate) and \(single) payouts a second")
    }
  }

  private static func batcher(
    on store: MongoStore
  ) async throws -> (stage: BatcherStage, closing: WindowClosing) {
    let end = try #require(WindowCalendar.utc.window(.hourly, at: UnixMilliseconds(0))).end
    let clock = StoppedClock(time: end.advanced(seconds: 60))
    let context = BatcherContext(
      store: store, log: SilentLog(), clock: clock,
      observer: SilentObserver(), failpoints: NoFailpoints(),
      kyc: KYCGate(store: store, clock: clock, facts: store), partitions: 12)
    let block = ChainHead.Block(
      number: BlockNumber(1), id: sampleBlockID(1), time: end.advanced(seconds: 60))
    try await store.write(
      ChainHead(
        latest: block, solidified: block, energyPrice: Sun(1), bandwidthPrice: Sun(1),
        transferEnergy: 1, updatedAt: end))
    let duty = ClosingDuty(owned: true)
    let closing = WindowClosing(
      context, facts: store, calendar: .utc, netting: NettingPolicy(), duty: duty)
    return (BatcherStage(context, duty: duty), closing)
  }

  private static func recipient(_ index: Int) throws -> TronAddress {
    let account =
      [UInt8](repeating: 1, count: 16) + withUnsafeBytes(of: UInt32(index)) { Array($0) }
    return try TronAddress(bytes: [TronAddress.prefix] + account)
  }

  private static func record(of payout: Payout) -> IncomingRecord {
    let record = LogMessages.requested(payout)
    return IncomingRecord(
      topic: .requested, partition: 0, offset: 0, timestamp: payout.createdAt,
      key: Array(record.key.utf8), value: record.value, headers: record.headers)
  }
}

private struct SilentLog: LogAppender {
  func append(_ records: [OutgoingRecord]) async throws(LogError) {}
}

private struct SilentObserver: StageObserver {
  func observe(_ event: StageEvent) {}
}

private struct StoppedClock: WallClock {
  let time: UnixMilliseconds
  func now() -> UnixMilliseconds { time }
}
