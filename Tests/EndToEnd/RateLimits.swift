import Testing

extension WholeFleet {
  @Suite("Requests are too many")
  struct RateLimits {
    private static var options: FleetOptions {
      var options = FleetOptions()
      options.copies = 2
      options.environment[.ingest] = ["RATE_LIMITS": "shared"]
      return options
    }

    @Test("Two copies of Ingest share one limit")
    func shared() async throws {
      try await Fleet.run("rate-limits", Self.options) { fleet in
        let orders = try Order.many(40)
        // All within one minute of the clock, whenever the test runs: a second try may cross it.
        let statuses = try await inParallel(orders.enumerated().map { $0 }, atOnce: 40) {
          number, order in
          try await fleet.api.copies[number % 2].post(
            "/api/payment/payouts", order.body, headers: fleet.api.authorization)
        }
        let resets = Set(statuses.compactMap { $0.headers["x-ratelimit-reset"] })
        let granted = statuses.filter { $0.status == 201 }.count
        try #require(granted == 10 * resets.count, "\(statuses.map(\.status))")
        try #require(statuses.filter { $0.status == 429 }.count == 40 - granted)
      }
    }

    @Test(
      "A store that is SIGKILLed leaves each copy to count alone, and a metric says so",
      .disabled(if: Workspace.givenServers != nil, "not ours to kill"))
    func storeIsAway() async throws {
      try await Fleet.run("rate-limits-alone", Self.options) { fleet in
        try await fleet.servers.store?.kill()
        let ingest = fleet.processes(.ingest)[0]
        let health = try await inParallel(Array(0..<260), atOnce: 16) { _ in
          try await fleet.api.copies[0].get("/api/payment/health")
        }
        let resets = Set(health.compactMap { $0.headers["x-ratelimit-reset"] })
        let refused = health.filter { $0.status == 429 }.count
        try #require(refused == 260 - 120 * resets.count || resets.count > 2)
        let metrics = try await ingest.operations.get("/metrics").text
        let line = metrics.split(separator: "\n").first {
          $0.hasPrefix("rate_limit_fallback_total ")
        }
        let count = line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        try #require(count >= 120, "\(String(describing: line))")
        try #require(ingest.process.isRunning)
      }
    }
  }
}
