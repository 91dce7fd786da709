import Testing
import Tron

extension WholeFleet {
  @Suite("Nothing is killed")
  struct NothingIsKilled {
    @Test("25 payouts become 25 exact transfers, and the API tells what the chain knows")
    func twentyFivePayouts() async throws {
      try await Fleet.run("happy-path") { fleet in
        let orders = try Order.many(25)
        let created = try await fleet.api.create(orders, prefix: "happy")
        for (order, view) in zip(orders, created) {
          try #require(["pending", "processing"].contains(view.status))
          try #require(view.recipient == order.recipient.base58)
          try #require(view.amount == Double(order.cents) / 100)
        }
        let confirmed = try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
        for view in confirmed {
          try #require(view.failure == nil)
          try #require(view.confirmations != nil)
          try #require((view.fee ?? 0) > 0, "the chain charged something")
          try #require(view.txid?.count == 64)
          try #require(view.confirmedAt != nil && view.blockTimestamp != nil)
        }
      }
    }
  }
}
