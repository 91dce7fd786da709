import Foundation
import Testing

extension WholeFleet {
  @Suite("What is urgent passes what is not")
  struct UrgentFirst {
    /// Measures, so only when it is asked for: URGENT_BEHIND=20000 is the backlog. `make bench` does the
    /// same with optimisation; see docs/performance.md.
    private static let asked = ProcessInfo.processInfo.environment["URGENT_BEHIND"]
      .flatMap(Int.init)

    @Test(
      "An URGENT payout behind a backlog of LOW ones reaches the chain within two seconds of an idle system's time, and LOW progresses",
      .enabled(if: asked != nil, "a measurement: set URGENT_BEHIND"))
    func behindLow() async throws {
      let backlog = try #require(Self.asked)
      var options = FleetOptions()
      // What the store is too slow for must not become a hint again and again.
      let sweeps = ["SWEEP_INTERVAL_SECONDS": "10"]
      for worker in Worker.allCases { options.environment[worker] = sweeps }
      try await Fleet.run("urgent", options) { fleet in
        let idle = try await latencies(fleet, prefix: "idle")
        let batches = try (0..<backlog / 100).map { _ in
          try (0..<100).map { _ in Order(recipient: try newAddress(), cents: 1) }
        }
        _ = try await inParallel(batches.enumerated().map { $0 }, atOnce: 2) { number, orders in
          try await fleet.api.createBatch(orders, key: "low-\(number)", priority: "LOW")
        }
        let before = try await fleet.devnet.chain.transfers().count
        let loaded = try await latencies(fleet, prefix: "loaded")
        let after = try await fleet.devnet.chain.transfers().count
        print("URGENT to the chain, seconds: idle \(idle), behind LOW ones \(loaded);")
        print("\(before) transfers before, \(after) after, of \(backlog)")
        try #require(after - before > loaded.count, "LOW does not progress")
        try #require(after < backlog, "there was nothing left to pass")
        let typical = idle.sorted()[idle.count / 2]
        let worst = try #require(loaded.max())
        try #require(worst <= typical + 2, "\(loaded) behind LOW ones, \(idle) idle")
      }
    }

    /// From POST to the block that has it, of some payouts, one after the other.
    private func latencies(_ fleet: Fleet, prefix: String) async throws -> [Double] {
      var seconds: [Double] = []
      let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
      for number in 0..<5 {
        let order = Order(
          recipient: try newAddress(), cents: 5, fields: ["priority": "\"URGENT\""])
        let begun = Date()
        let created = try await fleet.api.create(order, key: "\(prefix)-\(number)")
        let block: String = try await eventually(
          "an URGENT payout to be in a block", within: .seconds(60), every: .milliseconds(200)
        ) {
          let view = try await fleet.api.payout(created.id)
          guard let time = view.blockTimestamp else { return .notYet(view.detail ?? view.status) }
          return .found(time)
        }
        seconds.append(try format.parse(block).timeIntervalSince(begun))
      }
      return seconds
    }
  }
}
