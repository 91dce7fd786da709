import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite struct LimitStoreTests {
  private static let noon = UnixMilliseconds(1_790_000_000_000)
  private static let id = CounterID(day: UTCDay(noon), router: .v0)
  private static let hour = UTCDay.hour(of: noon)

  private func payout(
    _ number: UInt64, micro: Int64 = 1_000_000, tenant: String = "alice",
    at time: UnixMilliseconds = Self.noon
  ) throws -> Payout {
    var payout = try samplePayout(
      PayoutID(createdAt: time, high: 0, low: number).text, tenant: tenant,
      createdAt: time.value)
    payout.request.amount = USDTAmount(micro: micro)
    return payout
  }

  private struct FixedClock: WallClock {
    func now() -> UnixMilliseconds { LimitStoreTests.noon }
  }

  private func limiter(_ store: MongoStore, usdt: Int64) -> AmountLimiter {
    AmountLimiter(
      policy: LimitPolicy(
        routers: [
          .v0: AmountLimits(
            daily: USDTAmount(micro: usdt * 1_000_000), hourly: USDTAmount(micro: usdt * 1_000_000))
        ]),
      counters: store.limits, reservations: store, clock: FixedClock())
  }

  /// Changes of every kind, some of which must not happen.
  private var changes: [CounterChange] {
    let group = PayoutID("payout_g1")
    let other = PayoutID("payout_g2")
    func change(_ fill: (inout CounterChange) -> Void) -> CounterChange {
      var change = CounterChange(Self.id)
      fill(&change)
      return change
    }
    let pending = PendingGroup(at: Self.noon, amounts: [group: USDTAmount(micro: 30)])
    return [
      change { $0.added = [0: 5, 23: 7] },
      change {
        $0.sumAtMost = 11; $0.added = [1: 1]
      },
      change {
        $0.sumAtMost = 12; $0.hoursAtMost = [0: 5, 4: 0]; $0.added = [4: 2]
      },
      change {
        $0.hoursAtMost = [4: 1]; $0.added = [4: 2]
      },
      change {
        $0.absentGroup = group; $0.newGroups = [group: pending]; $0.added = [5: 30]
      },
      change {
        $0.absentGroup = group; $0.newGroups = [group: pending]; $0.added = [5: 30]
      },
      change {
        $0.presentGroups = [group, other]; $0.endedGroups = [group]
      },
      change {
        $0.presentGroups = [group]
        $0.endedGroups = [group]
        $0.absentGroup = other
        $0.newGroups = [other: pending]
        $0.added = [5: -10, 6: 10]
      },
      change {
        $0.notReleased = [group]; $0.released = [group: Self.noon]; $0.prunes = 0
      },
      change {
        $0.notReleased = [group]; $0.added = [5: -1]
      },
      change {
        $0.prunes = 1; $0.added = [5: -1]
      },
      change {
        $0.prunes = 0; $0.forgotten = [group]
      },
      change {
        $0.prunes = 0; $0.forgotten = [group]
      },
      change {
        $0.repairs = 0; $0.isRepair = true; $0.added = [5: -1]; $0.addedToSum = 3
      },
      change {
        $0.repairs = 0; $0.isRepair = true; $0.added = [5: -1]
      },
    ]
  }

  @Test func `a change happens exactly when and as the pure function says`() async throws {
    try await withDatabase { store in
      #expect(try await !store.limits.apply(changes[0]), "there is no counter yet")
      var expected = LimitCounter(id: Self.id)
      try await store.limits.open(expected)
      try await store.limits.open(LimitCounter(id: Self.id, hours: [3: 9]))
      for (index, change) in changes.enumerated() {
        let after = expected.applying(change)
        #expect(try await store.limits.apply(change) == (after != nil), "change \(index)")
        expected = after ?? expected
        var stored = try #require(try await store.limits.counters([Self.id]).first)
        stored.hours = stored.hours.filter { $0.value != 0 }
        expected.hours = expected.hours.filter { $0.value != 0 }
        #expect(stored == expected, "change \(index)")
      }
    }
  }

  @Test func `counters of a range of days come in pages, in order`() async throws {
    try await withDatabase { store in
      let day = UTCDay(Self.noon)
      var ids: [CounterID] = []
      for offset in Int64(0)..<4 {
        for tenant in [nil, "alice", "bob"] {
          let id = CounterID(
            day: day.advanced(days: offset), router: .v0, tenant: tenant.map { TenantID($0) })
          try await store.limits.open(LimitCounter(id: id))
          if (1...2).contains(offset) { ids.append(id) }
        }
      }
      var found: [CounterID] = []
      while true {
        let page = try await store.limits.counters(
          from: day.advanced(days: 1), through: day.advanced(days: 2), after: found.last, limit: 4)
        found += page.map(\.id)
        if page.count < 4 { break }
      }
      #expect(found == ids.sorted())
    }
  }

  @Test func `a thousand reservations at once by two clients leave exactly the room for ten`()
    async throws
  {
    let uri = try requireEnvironment("MONGO_URI", "the address of a MongoDB server for tests")
    let name = newDatabaseName()
    let stores = [
      try MongoStore.open(uri: uri, database: name, threads: 4),
      try MongoStore.open(uri: uri, database: name, threads: 4),
    ]
    let limiters = stores.map { limiter($0, usdt: 10) }
    let granted = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<200 {
        let requests = try (0..<5).map { [try payout(UInt64(number * 5 + $0))] }
        let limiter = limiters[number % 2]
        group.addTask {
          let reservation = try await limiter.reserve(requests)
          let fitting = requests.enumerated().filter { reservation.refusals[$0.offset] == nil }
          await limiter.end(reservation, inserted: Set(fitting.flatMap(\.element).map(\.id)))
          return fitting.count
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(granted == 10)
    let counter = try #require(try await stores[0].limits.counters([Self.id]).first)
    #expect(counter.sum == 10_000_000 && counter.hour(Self.hour) == 10_000_000)
    try await stores[0].dropDatabase()
    for store in stores { await store.close() }
  }

  @Test func `the payouts themselves add up by hour, tenant and state`() async throws {
    try await withDatabase { store in
      let later = Self.noon.advanced(seconds: 3_600)
      let payouts = [
        try payout(1), try payout(2, tenant: "bob"), try payout(3, at: later),
        try payout(4, at: Self.noon.advanced(seconds: 86_400)), try payout(5), try payout(6),
      ]
      _ = try await store.insert(payouts)
      let transfer = TransferID("t")
      try await store.assign(
        payouts.suffix(2).map { PayoutAssignment(payout: $0.id, rev: 1, transfer: transfer) })
      let failed = PayoutOutcome.failed(sampleFailure())
      try await store.settle(
        payouts.suffix(2).map {
          PayoutSettlement(payout: $0.id, transfer: transfer, outcome: failed)
        })
      try await store.releaseDone([payouts[5].id])

      let hours = try await store.reserved(by: Self.id, excluding: [])
      #expect(hours == [Self.hour: 3_000_000, Self.hour + 1: 1_000_000])
      let others = try await store.reserved(by: Self.id, excluding: [payouts[0].id, payouts[4].id])
      #expect(others == [Self.hour: 1_000_000, Self.hour + 1: 1_000_000])
      var alices = Self.id
      alices.tenant = TenantID("alice")
      let hers = try await store.reserved(by: alices, excluding: [])
      #expect(hers == [Self.hour: 2_000_000, Self.hour + 1: 1_000_000])
    }
  }

  @Test func `what ends unpaid is given back once, however often it is looked for`() async throws {
    try await withDatabase { store in
      let limiter = limiter(store, usdt: 10)
      let payouts = try (1...3).map { try payout(UInt64($0)) }
      let reservation = try await limiter.reserve(payouts.map { [$0] })
      _ = try await store.insert(payouts)
      await limiter.end(reservation, inserted: Set(payouts.map(\.id)))
      let transfer = TransferID("t")
      try await store.assign(
        payouts.map { PayoutAssignment(payout: $0.id, rev: 1, transfer: transfer) })
      try await store.settle([
        PayoutSettlement(
          payout: payouts[0].id, transfer: transfer, outcome: .failed(sampleFailure())),
        PayoutSettlement(
          payout: payouts[1].id, transfer: transfer, outcome: .cancelled(at: Self.noon)),
        PayoutSettlement(
          payout: payouts[2].id, transfer: transfer, outcome: .paid(try samplePayment())),
      ])
      #expect(try await store.dueForRelease(among: nil, limit: 9).count == 2)
      let releases = LimitReleases(
        counters: store.limits, reservations: store, clock: FixedClock())
      #expect(try await releases.sweep() == 2)
      #expect(try await releases.sweep() == 0)
      // A crash before the marks were taken away.
      try await store.updateRaw(
        .payouts, id: payouts[0].id.text, "$set", ReleaseMark.field, ReleaseMark.due)
      #expect(try await releases.sweep() == 1)
      let counter = try #require(try await store.limits.counters([Self.id]).first)
      #expect(counter.sum == 1_000_000 && counter.released.count == 2)
      let day = UTCDay(Self.noon)
      let findings = try await LimitRepair(
        counters: store.limits, reservations: store, clock: FixedClock()
      ).run(from: day, through: day, heals: true)
      #expect(findings.count == 1 && findings.allSatisfy { !$0.differs })
    }
  }

  @Test func `the Signer's ledger enters a transaction once, and forgets what is taken away`()
    async throws
  {
    try await withDatabase { store in
      let (a, b) = (TransactionID(hashing: [1]), TransactionID(hashing: [2]))
      #expect(try await store.enter([a], at: Self.noon) == [a])
      #expect(try await store.enter([a, b], at: Self.noon) == [b])
      #expect(try await store.counted([a, b, TransactionID(hashing: [3])]) == [a, b])
      try await store.remove([a])
      #expect(try await store.counted([a, b]) == [b])
      #expect(try await store.enter([], at: Self.noon).isEmpty)
    }
  }

  @Test func `the repair heals what another hand did, up and down, and says what it was`()
    async throws
  {
    try await withDatabase { store in
      let limiter = limiter(store, usdt: 10)
      let payouts = try (1...3).map { try payout(UInt64($0)) }
      let reservation = try await limiter.reserve([payouts])
      _ = try await store.insert(payouts)
      await limiter.end(reservation, inserted: Set(payouts.map(\.id)))
      let day = UTCDay(Self.noon)
      let repair = LimitRepair(
        counters: store.limits, reservations: store, clock: FixedClock(), pendingAge: .zero)
      for (field, by) in [("sum_micro", -4), ("sum_micro", 9)] as [(StaticString, Int64)] {
        try await store.updateCounter(Self.id, field, by)
        let found = try await repair.run(from: day, through: day, heals: true)
        #expect(found.map(\.total) == [by])
      }
      let again = try await repair.run(from: day, through: day, heals: true)
      #expect(again.map(\.differs) == [false])
      let counter = try #require(try await store.limits.counters([Self.id]).first)
      #expect(counter.sum == 3_000_000 && counter.hour(Self.hour) == 3_000_000)
      #expect(counter.pending.isEmpty && counter.repairs == 2)
    }
  }
}

extension MongoStore {
  fileprivate func updateCounter(
    _ id: CounterID, _ field: StaticString, _ by: Int64
  ) async throws(StoreError) {
    try await updateRaw(.limits, id: id.text, "$inc", field, by)
  }
}
