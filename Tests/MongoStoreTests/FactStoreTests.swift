import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite struct FactStoreTests {
  @Test func `a database without an epoch says so`() async throws {
    try await withDatabase { store in
      let error = await #expect(throws: StoreError.self) { try await store.epoch() }
      #expect(error?.code == .notInitialised)
      #expect(error?.effect == Effect.none)
    }
  }

  @Test func `the first epoch is started once`() async throws {
    try await withDatabase { store in
      let first = try await store.startFirstEpoch(at: UnixMilliseconds(5), journalPartitions: 12)
      let second = try await store.startFirstEpoch(at: UnixMilliseconds(6), journalPartitions: 3)
      #expect((first, second) == (true, false))
      #expect(try await store.epoch() == 1)
      try await store.note(journalPartitions: 4)
      #expect(try await store.journalPartitions() == 12)
    }
  }

  @Test func `a database that does not say its partitions is not initialised until it does`()
    async throws
  {
    try await withDatabase { store in
      try await store.insertRaw(.epoch) { document in
        document.append("_id", "epoch")
        document.append("epoch", 1)
        document.append("started_at", 5)
      }
      #expect(try await store.journalPartitions() == nil)
      let error = await #expect(throws: StoreError.self) { try await store.epoch() }
      #expect(error?.code == .notInitialised)
      try await store.note(journalPartitions: 4)
      #expect(try await store.epoch() == 1)
      #expect(try await store.journalPartitions() == 4)
    }
  }

  @Test func `indexes may be created again`() async throws {
    try await withDatabase { store in
      try await store.createIndexes()
      try await store.createIndexes()
    }
  }

  @Test func `the chain head is absent, then written, then replaced`() async throws {
    try await withDatabase { store in
      #expect(try await store.chainHead() == nil)
      var head = sampleHead()
      try await store.write(head)
      head.latest.number = BlockNumber(101)
      try await store.write(head)
      #expect(try await store.chainHead() == head)
    }
  }

  @Test func `many may write the first chain head at once`() async throws {
    try await withDatabase(threads: 8) { store in
      try await withThrowingTaskGroup { group in
        for _ in 0..<16 { group.addTask { try await store.write(sampleHead()) } }
        try await group.waitForAll()
      }
      #expect(try await store.chainHead() == sampleHead())
    }
  }

  @Test func `a router belongs to the wallet that registered it last`() async throws {
    try await withDatabase { store in
      let old = try sampleWallet(1)
      let new = try sampleWallet(2)
      try await store.register(wallet: old, routers: [.v0, .kyc], at: UnixMilliseconds(1))
      try await store.register(wallet: new, routers: [.kyc], at: UnixMilliseconds(2))
      let routers = try await routersByWallet(store)
      #expect(routers == [old: [.v0], new: [.kyc]])
      try await store.register(wallet: old, routers: [], at: UnixMilliseconds(3))
      #expect(try await routersByWallet(store) == [old: [], new: [.kyc]])
    }
  }

  @Test func `registering again keeps the funds`() async throws {
    try await withDatabase { store in
      let wallet = try sampleWallet(1)
      try await store.register(wallet: wallet, routers: [.v0], at: UnixMilliseconds(1))
      let funds = sampleFunds(asOf: 10, micro: 500)
      try await store.write(funds: funds, of: wallet, at: UnixMilliseconds(2))
      try await store.register(wallet: wallet, routers: [.v0, .kyc], at: UnixMilliseconds(3))
      let expected = Wallet(
        address: wallet, routers: [.v0, .kyc], funds: funds, updatedAt: UnixMilliseconds(2),
        registeredAt: UnixMilliseconds(1))
      #expect(try await store.wallets() == [expected])
    }
  }

  @Test func `funds of an earlier block do not replace those of a later one`() async throws {
    try await withDatabase { store in
      let wallet = try sampleWallet(1)
      try await store.register(wallet: wallet, routers: [.v0], at: UnixMilliseconds(1))
      for (asOf, micro) in [(10, 1), (9, 2), (10, 3), (11, 4), (8, 5)] {
        try await store.write(
          funds: sampleFunds(asOf: Int64(asOf), micro: Int64(micro)), of: wallet,
          at: UnixMilliseconds(2))
      }
      #expect(try await store.wallets().map(\.funds) == [sampleFunds(asOf: 11, micro: 4)])
    }
  }

  @Test func `funds of a wallet that nobody registered are dropped`() async throws {
    try await withDatabase { store in
      try await store.write(
        funds: sampleFunds(asOf: 1), of: sampleWallet(1), at: UnixMilliseconds(1))
      #expect(try await store.wallets().isEmpty)
    }
  }

  @Test func `audits page through everything by id`() async throws {
    try await withDatabase { store in
      let payouts = try (0..<7).map { try samplePayout("p\($0)") }
      let transfers = try (0..<7).map { try sampleTransfer("t\($0)") }
      _ = try await store.insert(payouts.shuffled())
      try await store.insert(transfers.shuffled())
      #expect(try await store.allPayouts(after: nil, limit: 4) == Array(payouts[..<4]))
      #expect(try await store.allPayouts(after: payouts[3].id, limit: 4) == Array(payouts[4...]))
      #expect(try await store.allTransfers(after: transfers[5].id, limit: 4) == [transfers[6]])
    }
  }

  private func routersByWallet(
    _ store: MongoStore
  ) async throws -> [TronAddress: [RouterType]] {
    Dictionary(
      uniqueKeysWithValues: try await store.wallets().map { ($0.address, $0.routers) })
  }
}
