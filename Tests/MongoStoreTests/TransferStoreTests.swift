import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite struct TransferStoreTests {
  @Test func `an insert leaves a transfer that is there alone`() async throws {
    try await withDatabase { store in
      let first = try sampleTransfer("t1", micro: 1)
      try await store.insert([first])
      try await store.insert([try sampleTransfer("t1", micro: 2), try fullTransfer("t2")])
      #expect(try await store.transfers([first.id]) == [first])
      #expect(try await store.transfers([TransferID("t2")]) == [fullTransfer("t2")])
      try await store.insert([try fullTransfer("t2")])
    }
  }

  @Test func `an insert whose transaction id belongs to another transfer is refused`() async throws
  {
    try await withDatabase { store in
      try await store.insert([try sampleTransfer("t1").planned(seed: "same")])
      let error = await #expect(throws: StoreError.self) {
        try await store.insert([sampleTransfer("t2").planned(seed: "same")])
      }
      #expect(error?.code == .server)
      #expect(error?.message.contains("belongs to another transfer") == true)
    }
  }

  @Test func `a change of the version that was read is written with its rev and a new token`()
    async throws
  {
    try await withDatabase { store in
      let old = try sampleTransfer("t1")
      try await store.insert([old])
      let new = try old.planned(seed: "a")
      let won = try #require(
        try await store.compareAndSet([TransferChange(from: old, to: new)]).first)
      #expect(won.rev == old.rev + 1)
      #expect(won.token != old.token)
      #expect(try await store.transfers([old.id]) == [won])
      var expected = new
      expected.rev = won.rev
      expected.token = won.token
      #expect(won == expected)
    }
  }

  @Test func `a stale revision, a foreign token and a missing transfer change nothing`()
    async throws
  {
    try await withDatabase { store in
      let stored = try sampleTransfer("t1")
      try await store.insert([stored])
      var stale = stored
      stale.rev = 0
      var rolledBack = stored
      rolledBack.token = WriteToken("of a write that was rolled back")
      let missing = try sampleTransfer("t2")
      for old in [stale, rolledBack, missing] {
        let change = TransferChange(from: old, to: old.moved(to: .held))
        #expect(try await store.compareAndSet([change]).isEmpty)
      }
      #expect(try await store.transfers([stored.id, missing.id]) == [stored])
    }
  }

  @Test func `a bulk tells its winners from its losers`() async throws {
    try await withDatabase { store in
      let transfers = try (0..<40).map { try sampleTransfer("t\($0)") }
      try await store.insert(transfers)
      let losers = transfers.filter { $0.id.text.hasSuffix("3") }
      _ = try await store.compareAndSet(
        losers.map { TransferChange(from: $0, to: $0.moved(to: .held)) })
      let won = try await store.compareAndSet(
        transfers.map { TransferChange(from: $0, to: $0.moved(to: .voiding)) })
      #expect(won.map(\.id) == transfers.map(\.id).filter { !$0.text.hasSuffix("3") })
      #expect(Set(won.map(\.token)).count == 1)
      let stored = try await store.transfers(transfers.map(\.id))
      #expect(Set(stored.filter { $0.state == .voiding }) == Set(won))
    }
  }

  @Test func `of many changes of one version at once exactly one wins`() async throws {
    try await withDatabase(threads: 8) { store in
      let old = try sampleTransfer("t1")
      try await store.insert([old])
      let wins = try await withThrowingTaskGroup { group in
        for number in 0..<24 {
          group.addTask {
            try await store.compareAndSet([
              TransferChange(from: old, to: old.planned(seed: "\(number)"))
            ])
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(wins.count == 1)
      #expect(try await store.transfers([old.id]) == wins)
    }
  }

  @Test func `after a rollback the same revision of another write does not match`() async throws {
    try await withDatabase { store in
      let old = try sampleTransfer("t1")
      try await store.insert([old])
      let lost = try #require(
        try await store.compareAndSet([TransferChange(from: old, to: old.planned(seed: "a"))])
          .first)
      // The store loses that write and another one takes its place, with the same revision.
      try await store.updateRaw(.transfers, id: "t1", "$set", "token", "another write")
      #expect(
        try await store.compareAndSet([TransferChange(from: lost, to: lost.moved(to: .armed))])
          .isEmpty)
    }
  }

  @Test func `a transaction id belongs to one transfer only`() async throws {
    try await withDatabase { store in
      let first = try sampleTransfer("t1")
      let second = try sampleTransfer("t2")
      let third = try sampleTransfer("t3")
      try await store.insert([first, second, third])
      let changes = [
        TransferChange(from: first, to: try first.planned(seed: "same")),
        TransferChange(from: second, to: try second.planned(seed: "same")),
        TransferChange(from: third, to: try third.planned(seed: "other")),
      ]
      let won = try await store.compareAndSet(changes)
      #expect(won.map(\.id) == [first.id, third.id])
      #expect(try await store.transfers([second.id]) == [second])
    }
  }

  @Test func `a second attempt keeps the first transaction id taken`() async throws {
    try await withDatabase { store in
      let first = try sampleTransfer("t1")
      let second = try sampleTransfer("t2")
      try await store.insert([first, second])
      let planned = try #require(
        try await store.compareAndSet([TransferChange(from: first, to: first.planned(seed: "a"))])
          .first)
      _ = try await store.compareAndSet([
        TransferChange(from: planned, to: planned.planned(seed: "b"))
      ])
      let taken = TransferChange(from: second, to: try second.planned(seed: "a"))
      #expect(try await store.compareAndSet([taken]).isEmpty)
    }
  }

  @Test func `a transfer twice in one call is refused before anything is written`() async throws {
    try await withDatabase { store in
      let old = try sampleTransfer("t1")
      try await store.insert([old])
      let change = TransferChange(from: old, to: old.moved(to: .held))
      let error = await #expect(throws: StoreError.self) {
        try await store.compareAndSet([change, change])
      }
      #expect(error?.effect == .refused)
      #expect(try await store.transfers([old.id]) == [old])
    }
  }

  @Test func `pages walk several states by id, of the partitions and the age asked for`()
    async throws
  {
    try await withDatabase { store in
      let transfers = try (0..<60).map { number in
        try sampleTransfer(
          "t\(100 + number)", partition: Int32(number % 4), createdAt: number == 8 ? 9_999 : 1_000
        ).moved(to: TransferState.allCases[number % 3])
      }
      try await store.insert(transfers.shuffled())
      let expected = transfers.filter {
        [.ready, .planned].contains($0.state) && [0, 1].contains($0.partition)
          && $0.updatedAt < UnixMilliseconds(9_999)
      }
      let walked = try await walk(limit: 7) { after in
        try await store.transfers(
          in: [.ready, .planned], partitions: [0, 1], updatedBefore: UnixMilliseconds(9_999),
          after: after, limit: 7)
      }
      #expect(walked == expected)
      let all = try await store.transfers(
        in: TransferState.allCases, partitions: nil, updatedBefore: nil, after: nil, limit: 1_000)
      #expect(all == transfers)
    }
  }

  @Test func `what ended is found until it is closed, and nothing else`() async throws {
    try await withDatabase { store in
      let transfers = try TransferState.allCases.enumerated().map { number, state in
        try sampleTransfer("t\(number)").moved(to: state)
      }
      try await store.insert(transfers)
      let ended = transfers.filter { !$0.state.isOpen }
      let unclosed = {
        try await walk(limit: 2) { after in
          try await store.unclosed(
            partitions: [0], updatedBefore: UnixMilliseconds(5_000), after: after, limit: 2)
        }
      }
      #expect(try await unclosed() == ended)
      try await store.close(Array(transfers.dropLast().map(\.id)))
      #expect(try await unclosed() == [transfers[transfers.count - 1]])
      let closed = try await store.transfers(transfers.map(\.id)).filter(\.closed)
      #expect(Set(closed.map(\.id)) == Set(ended.dropLast().map(\.id)))
      #expect(closed.allSatisfy { $0.rev == 1 && $0.token == WriteToken("formed") })
      let elsewhere = try await store.unclosed(
        partitions: [1], updatedBefore: UnixMilliseconds(5_000), after: nil, limit: 10)
      #expect(elsewhere.isEmpty)
    }
  }

  @Test func `in flight is the sum of planned and armed transfers of one router`() async throws {
    try await withDatabase { store in
      #expect(try await store.inFlight(router: .v0) == (0, .zero))
      var transfers: [Transfer] = []
      for (number, state) in TransferState.allCases.enumerated() {
        for router in RouterType.allCases {
          let amount: Int64 = router == .v0 ? 1_000 : 7
          transfers.append(
            try sampleTransfer("t\(number)\(router)", router: router, micro: amount)
              .moved(to: state))
        }
      }
      try await store.insert(transfers)
      #expect(try await store.inFlight(router: .v0) == (2, USDTAmount(micro: 2_000)))
      #expect(try await store.inFlight(router: .kyc) == (2, USDTAmount(micro: 14)))
    }
  }

  @Test func `transfers are counted by state`() async throws {
    try await withDatabase { store in
      try await store.insert([
        try sampleTransfer("t1"), try sampleTransfer("t2"),
        try sampleTransfer("t3").moved(to: .paid),
      ])
      #expect(
        try await store.count(in: TransferState.allCases) == [TransferState.ready: 2, .paid: 1])
    }
  }
}

/// Reads page after page until one is not full.
private func walk(
  limit: Int, _ page: (TransferID?) async throws -> [Transfer]
) async throws -> [Transfer] {
  var walked: [Transfer] = []
  while true {
    let next = try await page(walked.last?.id)
    walked += next
    guard next.count == limit else { return walked }
  }
}
