import Foundation
import Testing
import Tron

extension WholeFleet {
  @Suite("Programs that are not ours look at what was done")
  struct Witnesses {
    @Test("tronpy, pymongo and confluent-kafka all tell the same of 10 payouts")
    func allTellTheSame() async throws {
      try await Fleet.run("witnesses") { fleet in
        let orders = try Order.many(10)
        let created = try await fleet.api.create(orders, prefix: "witnesses")
        let paid = try await fleet.allArePaidOnce(orders, created, within: .seconds(60))

        let accounts = orders.map(\.recipient.base58) + [fleet.wallet.base58]
        let balances = try await fleet.witness("chain.py", ["usdt"] + accounts)
          .split(separator: "\n").compactMap { Int64($0) }
        let sum = orders.reduce(0) { $0 + $1.amount.micro }
        let left = fleet.options.walletUSDT.micro - sum
        try #require(balances == orders.map(\.amount.micro) + [left])

        let transfers = try await fleet.storedTransfers()
        try #require(transfers.allSatisfy { $0.state == "paid" && $0.attempts.count == 1 })
        try #require(Set(transfers.map { $0.attempts[0].txid }) == Set(paid.compactMap(\.txid)))

        struct Settled: Decodable {
          var payout_id: String
          var status: String
        }
        // The message follows the store's write.
        try await eventually("every payout is announced as settled", within: .seconds(20)) {
          let settled = try await fleet.records(of: "payouts.settled").map {
            try JSONDecoder().decode(Settled.self, from: $0.value ?? Data())
          }
          try #require(settled.allSatisfy { $0.status == "confirmed" })
          let ids = Set(settled.map(\.payout_id))
          return .when(ids == Set(created.map(\.id)), otherwise: "\(ids)")
        }
      }
    }

    @Test("Every record that a fleet writes follows the published schema of its topic")
    func recordsFollowTheirSchemas() async throws {
      try await Fleet.run("schemas") { fleet in
        let orders = try Order.many(3)
        let paid = try await fleet.api.create(orders, prefix: "paid")
        try await fleet.allArePaidOnce(orders, paid, within: .seconds(60))
        try await fleet.devnet.blacklist(fleet.wallet, true)
        let failed = try await fleet.api.create(try Order.many(2), prefix: "failed")
        _ = try await fleet.api.reach("failed", failed.map(\.id), within: .seconds(60))
        for signer in fleet.processes(.signer) { try await signer.process.kill() }
        let unsigned = try await fleet.api.create(try Order.many(1), prefix: "cancelled")
        for payout in unsigned { try #require(try await fleet.api.cancel(payout.id)) }

        // Announcements follow the store's writes.
        try await eventually("all of it is in the topics", within: .seconds(30)) {
          let types = try await fleet.validRecords()
          let expected = [
            "payout": 6, "ready": 5, "plan": 5, "settled": 11, "void": 1, "epoch": 1,
          ]
          let isThere = expected.allSatisfy { types[$0.key, default: 0] >= $0.value }
          return .when(isThere, otherwise: "\(types)")
        }
        let bad = LogRecord(
          topic: "payouts.requested", partition: nil, key: Data("k".utf8),
          value: Data("not JSON".utf8), headers: [["type", "payout"], ["version", "1"]])
        try await fleet.produce([bad])
        try await eventually("it is a dead letter", within: .seconds(30)) {
          let letters = try await fleet.records(of: "payouts.deadletter")
          return .when(letters.count == 1, otherwise: "\(letters.count)")
        }
        try #require(try await fleet.validRecords(of: "payouts.deadletter") == ["dead_letter": 1])
      }
    }
  }
}
