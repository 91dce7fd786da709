import Foundation
import Testing

extension WholeFleet {
  @Suite("Transactions expire unseen")
  struct Expiry {
    @Test("A transaction that expires unseen is signed again once, after proof, and paid once")
    func signedAgainOnce() async throws {
      var options = FleetOptions()
      options.environment[.signer] = ["TX_VALIDITY_SECONDS": "15"]
      try await Fleet.run("expiry", options) { fleet in
        let orders = try Order.many(3)
        try await fleet.devnet.swallowBroadcasts()
        let created = try await fleet.api.create(orders, prefix: "expiry")
        try await eventually("every first attempt is proven dead", within: .seconds(60)) {
          let transfers = try await fleet.storedTransfers()
          let dead = transfers.filter { $0.attempts.first?.death == "expired" }
          return .when(dead.count == orders.count, otherwise: "\(transfers)")
        }
        try await fleet.devnet.removeFaults()
        let paid = try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
        for transfer in try await fleet.storedTransfers() {
          try #require(transfer.attempts.map(\.death) == ["expired", nil])
          try #require(paid.contains { $0.txid == transfer.attempts[1].txid })
        }
        let receipts = try await fleet.devnet.chain.receipts()
        try #require(receipts.count == orders.count, "the dead never got into a block")
      }
    }
  }
}
