import Foundation
import Testing

extension WholeFleet {
  @Suite("Limits of amounts")
  struct Limits {
    @Test(
      "A thousand requests at once against room for ten admit ten, while a copy of Ingest is SIGKILLed"
    )
    func race() async throws {
      var options = FleetOptions()
      options.copies = 2
      options.environment[.ingest] = [
        "LIMIT_DAILY_USDT": "10", "LIMIT_HOURLY_USDT": "off", "RATE_LIMITS": "off",
      ]
      try await Fleet.run("limits", options) { fleet in
        let day = Self.day
        async let killing: Void = kill(fleet)
        var answers = try await ask(fleet, 1_000)
        try await killing
        try #require(answers.contains { $0.status == 400 })
        // What a crash left counts until somebody looks; nobody inserts any more.
        _ = try await fleet.payoutctl("limits", "repair", "--pending-seconds", "0")
        answers += try await ask(fleet, 30)
        // Limits of days are those of the day that it is.
        guard Self.day == day else { return }
        let codes = Set(answers.filter { $0.status == 400 }.map(Self.code))
        try #require(codes == ["LUCID_ERR_2002"])
        try #require(answers.last.map { Self.code($0) == "LUCID_ERR_2002" } == true)
        let stored = try await fleet.witness("store.py", ["payouts"]).split(separator: "\n")
        try #require(stored.count == 10, "\(stored.count) were admitted")
        try #require(answers.filter { $0.status == 201 }.count <= 10)
        try await fleet.limitsAreExact()
        try await Self.statusTellsTheUse(fleet)
      }
    }

    /// Ten of one USDT each; the limits are those of payoutctl's own environment, the defaults.
    private static func statusTellsTheUse(_ fleet: Fleet) async throws {
      struct Status: Decodable {
        struct Use: Decodable {
          struct Part: Decodable, Equatable {
            var used_micro: Int64
            var limit_micro: Int64?
          }
          var router: String
          var day: Part
          var hour: Part
        }
        var limits: [Use]
      }
      let json = try await fleet.payoutctl("status", "--json")
      let limits = try JSONDecoder().decode(Status.self, from: Data(json.output.utf8)).limits
      try #require(limits.map(\.router) == ["PayoutRouterV0", "PayoutRouterKYC"])
      try #require(
        limits.map(\.day) == [
          .init(used_micro: 10_000_000, limit_micro: 10_000_000_000),
          .init(used_micro: 0, limit_micro: 10_000_000_000),
        ])
      try #require(limits[0].hour.used_micro <= 10_000_000)
      let text = try await fleet.payoutctl("status").output
      try #require(text.contains("PayoutRouterV0: day 10.00 of 10000.00 USDT, hour "), "\(text)")
    }

    private static var day: Int { Int(Date().timeIntervalSince1970) / 86_400 }

    private static func code(_ answer: HTTPAnswer) -> String {
      struct Body: Decodable {
        struct Fault: Decodable { var code: String }
        var error: Fault
      }
      do { return try answer.decoded(Body.self).error.code } catch { return answer.text }
    }

    /// One USDT each, without a key: a lost answer is not asked for again.
    private func ask(_ fleet: Fleet, _ count: Int) async throws -> [HTTPAnswer] {
      let orders = try (0..<count).map { _ in Order(recipient: try newAddress(), cents: 100) }
      let answers = try await inParallel(orders.enumerated().map { $0 }, atOnce: 64) {
        number, order -> HTTPAnswer? in
        do {
          return try await fleet.api.copies[number % 2].post(
            "/api/payment/payouts", order.body, headers: fleet.api.authorization)
        } catch is Problem {
          return nil
        }
      }
      return answers.compactMap(\.self)
    }

    /// The second copy, again and again.
    private func kill(_ fleet: Fleet) async throws {
      let victim = fleet.processes(.ingest)[1].process
      for _ in 0..<6 {
        try await Task.sleep(for: .milliseconds(400))
        try await victim.kill()
        try await victim.start()
      }
      try await fleet.workersAreReady()
    }
  }
}

extension Fleet {
  private struct LimitsReport: Decodable {
    struct Counter: Decodable {
      var unknown: [Int]

      enum CodingKeys: String, CodingKey { case unknown = "unknown_hours" }
    }

    var counters: [Counter]
  }

  /// The counters of limits are what the payouts add up to.
  func limitsAreExact(within limit: Duration = .seconds(30)) async throws {
    try await eventually("counters to agree with payouts", within: limit) {
      let check = try await payoutctl("limits", "check", "--json")
      guard check.status == 0 else { throw Problem("limits check: \(check.output)\(check.errors)") }
      let report = try JSONDecoder().decode(LimitsReport.self, from: Data(check.output.utf8))
      return .when(report.counters.allSatisfy(\.unknown.isEmpty), otherwise: check.output)
    }
  }
}
