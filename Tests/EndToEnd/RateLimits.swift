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

    /// Each window of a minute grants up to its limit and refuses the rest: the calls may well cross
    /// from one minute into the next.
    private static func check(_ answers: [HTTPAnswer], limit: Int) throws {
      let windows = Dictionary(grouping: answers) { $0.headers["x-ratelimit-reset"] }
      try #require(windows[nil] == nil, "an answer does not say when its window ends")
      for (end, answers) in windows {
        let granted = answers.count { $0.status != 429 }
        try #require(
          granted == min(limit, answers.count),
          "\(granted) of \(answers.count) until \(String(describing: end))")
      }
    }

    @Test("Two copies of Ingest share one limit")
    func shared() async throws {
      try await Fleet.run("rate-limits", Self.options) { fleet in
        // Nobody else asks the store: what it is too slow for, each copy counts alone, as it promises.
        for worker in [Worker.batcher, .signer, .confirmer].flatMap(fleet.processes) {
          _ = try await worker.process.stop()
        }
        let orders = try Order.many(40)
        let answers = try await inParallel(orders.enumerated().map { $0 }, atOnce: 8) {
          number, order in
          try await fleet.api.copies[number % 2].post(
            "/api/payment/payouts", order.body, headers: fleet.api.authorization)
        }
        try #require(answers.allSatisfy { [201, 429].contains($0.status) })
        try Self.check(answers, limit: 10)
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
        try Self.check(health, limit: 120)
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
