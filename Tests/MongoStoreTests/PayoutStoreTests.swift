import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite struct PayoutStoreTests {
  @Test func `inserted payouts are read back as they were`() async throws {
    try await withDatabase { store in
      let payouts = try (0..<150).map { try samplePayout("p\($0)", key: "k\($0)") }
      #expect(try await store.insert(payouts) == payouts.map { _ in .inserted })
      let found = try await store.payouts(payouts.map(\.id) + [PayoutID("nobody")])
      #expect(Set(found) == Set(payouts))
    }
  }

  @Test func `nothing asked is nothing done`() async throws {
    try await withDatabase { store in
      #expect(try await store.insert([] as [Payout]).isEmpty)
      #expect(try await store.payouts([] as [PayoutID]).isEmpty)
      #expect(try await store.members(of: []).isEmpty)
      try await store.assign([])
      try await store.settle([])
      let page = try await store.payouts(
        in: .accepted, createdBefore: UnixMilliseconds(.max), after: nil, limit: 0)
      #expect(page.isEmpty)
      #expect(try await store.count(in: PayoutState.allCases) == [PayoutState: Int]())
    }
  }

  @Test func `an insert that is repeated is inserted both times and changes nothing`() async throws
  {
    try await withDatabase { store in
      let payout = try samplePayout("p1", key: "k", reference: "r")
      #expect(try await store.insert([payout]) == [.inserted])
      try await store.assign([assignment(of: payout, to: "t1")])
      #expect(try await store.insert([payout]) == [.inserted])
      #expect(try await store.payouts([payout.id]).map(\.state) == [.assigned])
    }
  }

  @Test func `a used idempotency key answers the first payout`() async throws {
    try await withDatabase { store in
      let first = try samplePayout("p1", key: "k")
      _ = try await store.insert([first])
      let insertions = try await store.insert([
        samplePayout("p2", key: "k"), samplePayout("p3", key: "other"),
        samplePayout("p4", tenant: "bob", key: "k"), samplePayout("p5"),
      ])
      #expect(insertions == [.duplicateKey(existing: first), .inserted, .inserted, .inserted])
      #expect(try await store.payouts([PayoutID("p2")]).isEmpty)
    }
  }

  @Test func `a used client reference answers the first payout`() async throws {
    try await withDatabase { store in
      let first = try samplePayout("p1", reference: "r")
      _ = try await store.insert([first])
      let insertions = try await store.insert([
        samplePayout("p2", reference: "r"), samplePayout("p3", tenant: "bob", reference: "r"),
      ])
      #expect(insertions == [.duplicateReference(existing: first), .inserted])
    }
  }

  @Test func `the key is told before the reference when both are used`() async throws {
    try await withDatabase { store in
      let byKey = try samplePayout("p1", key: "k")
      let byReference = try samplePayout("p2", reference: "r")
      _ = try await store.insert([byKey, byReference])
      let insertions = try await store.insert([samplePayout("p3", key: "k", reference: "r")])
      #expect(insertions == [.duplicateKey(existing: byKey)])
    }
  }

  @Test func `of two payouts with one key in one insert the first wins`() async throws {
    try await withDatabase { store in
      let first = try samplePayout("p1", key: "k")
      let second = try samplePayout("p2", key: "k")
      let third = try samplePayout("p3", reference: "r")
      let fourth = try samplePayout("p4", reference: "r")
      let insertions = try await store.insert([first, second, third, fourth])
      #expect(
        insertions == [
          .inserted, .duplicateKey(existing: first), .inserted,
          .duplicateReference(existing: third),
        ])
    }
  }

  @Test func `an empty key is a key like any other`() async throws {
    try await withDatabase { store in
      let first = try samplePayout("p1", key: "", reference: "")
      _ = try await store.insert([first])
      let second = try samplePayout("p2", key: "")
      #expect(try await store.insert([second]) == [.duplicateKey(existing: first)])
    }
  }

  @Test func `a duplicate of what cannot be seen is in doubt, after a few looks`() async throws {
    try await withDatabase { store in
      try await store.createUniqueIndex(on: .payouts, "request_id")
      _ = try await store.insert([samplePayout("p1")])
      let error = await #expect(throws: StoreError.self) {
        try await store.insert([samplePayout("p2")])
      }
      #expect(error?.code == .unavailable)
      #expect(error?.effect == .inDoubt)
    }
  }

  @Test func `one key used by many at once is given to exactly one`() async throws {
    try await withDatabase(threads: 8) { store in
      let insertions = try await withThrowingTaskGroup { group in
        for number in 0..<24 {
          group.addTask { try await store.insert([samplePayout("p\(number)", key: "k")])[0] }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(insertions.filter { $0 == .inserted }.count == 1)
      let winners = Set(
        insertions.compactMap { insertion -> PayoutID? in
          guard case .duplicateKey(let existing) = insertion else { return nil }
          return existing.id
        })
      #expect(winners.count == 1)
      #expect(try await store.count(in: PayoutState.allCases) == [PayoutState.accepted: 1])
    }
  }

  @Test func `assigning moves accepted and scheduled payouts of the right revision`() async throws {
    try await withDatabase { store in
      let accepted = try samplePayout("p1")
      let scheduled = try samplePayout("p2", batchType: .hourly)
      let stale = try samplePayout("p3")
      _ = try await store.insert([accepted, scheduled, stale])
      try await store.assign([
        assignment(of: accepted, to: "t1"), assignment(of: scheduled, to: "t1"),
        PayoutAssignment(payout: stale.id, rev: 2, transfer: TransferID("t1")),
      ])
      let members = try await store.members(of: [TransferID("t1"), TransferID("none")])
      #expect(Set(members.map(\.id)) == [accepted.id, scheduled.id])
      #expect(members.allSatisfy { $0.state == .assigned && $0.rev == 2 })
      #expect(try await store.payouts([stale.id]) == [stale])
    }
  }

  @Test func `each of many payouts gets its own transfer, those of other revisions too`()
    async throws
  {
    try await withDatabase { store in
      let payouts = try (0..<130).map { number in
        var payout = try samplePayout("p\(number)")
        payout.rev = number % 3 == 0 ? 4 : 1
        return payout
      }
      _ = try await store.insert(payouts)
      // Among them one that moved on and one that does not exist.
      let stale = PayoutAssignment(
        payout: payouts[5].id, rev: 9, transfer: TransferID("stale"))
      let nobody = PayoutAssignment(payout: PayoutID("nobody"), rev: 1, transfer: TransferID("t"))
      let wanted = payouts.filter { $0.id != payouts[5].id }
      try await store.assign(
        [stale, nobody]
          + wanted.map { assignment(of: $0, to: "$t of \($0.id)") })
      for payout in try await store.payouts(wanted.map(\.id)) {
        #expect(payout.state == .assigned)
        #expect(payout.transferID == TransferID("$t of \(payout.id)"))
      }
      let found = try await store.payouts(payouts.map(\.id))
      #expect(found.count == payouts.count)
      #expect(found.count { $0.rev == 5 } == 44)
      #expect(found.count { $0.rev == 2 } == 85)
      #expect(try await store.payouts([payouts[5].id]) == [payouts[5]])
    }
  }

  @Test func `a payout is assigned once, whoever asks and however often`() async throws {
    try await withDatabase(threads: 8) { store in
      let payout = try samplePayout("p1")
      _ = try await store.insert([payout])
      try await withThrowingTaskGroup { group in
        for number in 0..<16 {
          group.addTask { try await store.assign([assignment(of: payout, to: "t\(number)")]) }
        }
        try await group.waitForAll()
      }
      let assigned = try #require(try await store.payouts([payout.id]).first)
      #expect(assigned.rev == 2)
      let transfer = try #require(assigned.transferID)
      #expect(try await store.members(of: [transfer]).map(\.id) == [payout.id])
    }
  }

  @Test func `settling ends those that a transfer names once, whatever they carry`() async throws {
    try await withDatabase { store in
      let mine = try samplePayout("p1")
      let other = try samplePayout("p2")
      let waiting = try samplePayout("p3")
      _ = try await store.insert([mine, other, waiting])
      try await store.assign([assignment(of: mine, to: "t1"), assignment(of: other, to: "t2")])
      let paid = PayoutOutcome.paid(try samplePayment())
      let settlements = [mine, other, waiting].map {
        PayoutSettlement(payout: $0.id, transfer: TransferID("t1"), outcome: paid)
      }
      try await store.settle(settlements)
      try await store.settle([
        PayoutSettlement(
          payout: mine.id, transfer: TransferID("t1"), outcome: .failed(sampleFailure()))
      ])
      let settled = try #require(try await store.payouts([mine.id]).first)
      #expect(settled.state == .paid)
      #expect(settled.outcome == paid)
      #expect(settled.rev == 3)
      let others = try await store.payouts([other.id, waiting.id])
      #expect(others.map(\.state) == [.paid, .paid])
      #expect(others.map(\.transferID) == [TransferID("t1"), TransferID("t1")])
    }
  }

  @Test func `each outcome sets its own state`() async throws {
    try await withDatabase { store in
      let outcomes: [(PayoutOutcome, PayoutState)] = [
        (.paid(try samplePayment()), .paid), (.failed(sampleFailure()), .failed),
        (.cancelled(at: UnixMilliseconds(5)), .cancelled),
      ]
      for (number, (outcome, state)) in outcomes.enumerated() {
        let payout = try samplePayout("p\(number)")
        _ = try await store.insert([payout])
        try await store.assign([assignment(of: payout, to: "t")])
        try await store.settle([
          PayoutSettlement(payout: payout.id, transfer: TransferID("t"), outcome: outcome)
        ])
        let settled = try #require(try await store.payouts([payout.id]).first)
        #expect(settled.state == state)
        #expect(settled.outcome == outcome)
      }
      #expect(
        try await store.count(in: PayoutState.allCases)
          == [PayoutState.paid: 1, .failed: 1, .cancelled: 1])
    }
  }

  @Test func `pages walk a state by id and leave the young ones out`() async throws {
    try await withDatabase { store in
      let payouts = try (0..<25).map {
        try samplePayout("p\(100 + $0)", createdAt: $0 == 7 ? 9_999 : 1_000)
      }
      let scheduled = try samplePayout("p999", batchType: .weekly)
      _ = try await store.insert(payouts.shuffled() + [scheduled])
      var walked: [PayoutID] = []
      while true {
        let page = try await store.payouts(
          in: .accepted, createdBefore: UnixMilliseconds(9_999), after: walked.last, limit: 10)
        walked += page.map(\.id)
        guard page.count == 10 else { break }
      }
      #expect(walked == payouts.map(\.id).filter { $0 != PayoutID("p107") })
    }
  }
}

private func assignment(of payout: Payout, to transfer: String) -> PayoutAssignment {
  PayoutAssignment(payout: payout.id, rev: payout.rev, transfer: TransferID(transfer))
}
