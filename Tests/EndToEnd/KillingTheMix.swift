import Testing
import Tron

extension WholeFleet {
  @Suite("Workers are killed while everything is asked for at once")
  struct KillingTheMix {
    private static let windows = [
      "WINDOW_HOURLY_SECONDS": "6", "WINDOW_DAILY_SECONDS": "9", "WINDOW_WEEKLY_SECONDS": "12",
    ]
    private static let types = ["IMMEDIATE", "HOURLY", "DAILY", "WEEKLY"]
    private static let priorities = ["LOW", "NORMAL", "HIGH", "URGENT"]
    private static let routers = ["PayoutRouterV0", "PayoutRouterKYC"]

    @Test(
      "Every kind of window, priority and router, and batches, netted, are paid once while every worker is SIGKILLed at random"
    )
    func everything() async throws {
      var options = FleetOptions(copies: 2)
      options.environment[.ingest] = Self.windows
      options.environment[.batcher] = Self.windows.merging(["NETTING": "on"]) { $1 }
      options.payUnderKYC("kill-mix")
      try await Fleet.run("kill-mix", options) { fleet in
        let recipients = try (0..<6).map { _ in try newAddress() }
        for recipient in recipients { try await fleet.addKYC(recipient) }
        let orders = Self.orders(to: recipients)
        async let killing: Void = Killer(fleet: fleet, seed: 7).kill(times: 24)
        let created = try await fleet.createInWaves(
          orders, prefix: "mix", waves: 6, pause: .milliseconds(500))
        var batched: [(order: Order, id: String)] = []
        for (number, type) in Self.types.enumerated() {
          let items = (0..<6).map {
            Order(recipient: recipients[$0], cents: Int64(1_000 + 10 * number + $0))
          }
          let batch = try await fleet.api.createBatch(
            items, key: "batch-\(number)", type: type, priority: Self.priorities[number])
          batched += zip(items, batch.payoutIDs).map { ($0, $1) }
        }
        try await killing
        let ids = created.map(\.id) + batched.map(\.id)
        let paid = try await fleet.api.reach("confirmed", ids, within: .seconds(120))
        try #require(Set(paid.map(\.id)).count == ids.count)
        let all = orders + batched.map(\.order)
        let count = try await fleet.chainHoldsSums(zip(all, paid).map { ($0, $1) })
        // What is due at once is never netted; of the rest at least something was.
        try #require(count < ids.count, "netting saved nothing")
        try await immediateAreAlone(zip(all, paid).map { ($0, $1) })
        try await fleet.auditIsClean()
        try await fleet.limitsAreExact()
      }
    }

    /// Two of each of the 32 kinds.
    private static func orders(to recipients: [TronAddress]) -> [Order] {
      (0..<64).map { number in
        let kind = number % 32
        return Order(
          recipient: recipients[number % recipients.count], cents: Int64(number + 1),
          fields: [
            "batch_type": "\"\(types[kind % 4])\"", "node_id": "\"node\"",
            "priority": "\"\(priorities[kind / 4 % 4])\"",
          ], router: routers[kind / 16])
      }
    }

    private func immediateAreAlone(_ paid: [(order: Order, view: PayoutView)]) async throws {
      let counts = Dictionary(grouping: paid, by: \.view.txid).mapValues(\.count)
      for (order, view) in paid where order.fields["batch_type"] == "\"IMMEDIATE\"" {
        try #require(counts[view.txid] == 1, "\(view)")
      }
    }
  }
}
