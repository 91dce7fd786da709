import Foundation
import Testing

extension WholeFleet {
  @Suite("Limits of amounts")
  struct Limits {
    @Test(
      "A thousand requests against room for ten admit ten, while copies of Ingest die all the time")
    func race() async throws {
      // Limits of days are those of the day that it is: one that ends meanwhile proves nothing.
      for attempt in 1...2 where try await admitsTen("limits-\(attempt)") { return }
      throw Problem("two days ended in a row")
    }

    private static let copies = 3

    /// Answers whether the day was the same all the time.
    private func admitsTen(_ name: String) async throws -> Bool {
      let points = FileManager.default.temporaryDirectory.appending(path: "limits-\(UUID())")
      try FileManager.default.createDirectory(at: points, withIntermediateDirectories: true)
      defer {
        do {
          try FileManager.default.removeItem(at: points)
        } catch {
          print("\(points.path) stays: \(error)")
        }
      }
      var options = FleetOptions()
      options.copies = Self.copies
      options.environment[.ingest] = [
        "LIMIT_DAILY_USDT": "10", "LIMIT_HOURLY_USDT": "off", "RATE_LIMITS": "off",
        // Whatever the moments of the kills: once each right after the count and the insert.
        "FAILPOINTS": "ingest.after_reserve,ingest.after_insert",
        "FAILPOINTS_STATE_DIR": points.path,
      ]
      let day = Self.day
      try await Fleet.run(name, options) { fleet in
        var answers: [HTTPAnswer] = []
        try await withThrowingTaskGroup(of: [HTTPAnswer].self) { group in
          group.addTask {
            try await fleet.restartTheDead()
            return []
          }
          group.addTask { try await Self.kill(fleet) }
          group.addTask { try await Self.ask(fleet, 1_000, prefix: "race") }
          // The restarts end only by a failure or by the cancellation below.
          for _ in 0..<2 { answers += try await group.next() ?? [] }
          group.cancelAll()
        }
        try await fleet.reviveAll()
        try #require(answers.count == 1_000, "every request was answered in the end")
        let hit = try FileManager.default.contentsOfDirectory(atPath: points.path)
        try #require(Set(hit) == ["ingest.after_reserve", "ingest.after_insert"], "\(hit)")
        // What a crash left counts until somebody looks; nobody inserts any more.
        _ = try await fleet.payoutctl("limits", "repair", "--pending-seconds", "0")
        answers += try await Self.ask(fleet, 30, prefix: "rest")
        guard Self.day == day else { return }
        let codes = Set(answers.filter { $0.status == 400 }.map(Self.code))
        try #require(codes == ["LUCID_ERR_2002"])
        try #require(answers.last.map { Self.code($0) == "LUCID_ERR_2002" } == true)
        let stored = try await fleet.witness("store.py", ["payouts"]).split(separator: "\n")
        try #require(stored.count == 10, "\(stored.count) were admitted")
        try #require(answers.filter { $0.status == 201 }.count == 10)
        try await fleet.limitsAreExact()
        try await Self.statusTellsTheUse(fleet)
      }
      return Self.day == day
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

    /// One USDT each, over all copies; one that dies is asked again by the same key, or another is.
    private static func ask(
      _ fleet: Fleet, _ count: Int, prefix: String
    ) async throws -> [HTTPAnswer] {
      let orders = try (0..<count).map { _ in Order(recipient: try newAddress(), cents: 100) }
      return try await inParallel(orders.enumerated().map { $0 }, atOnce: 250) { number, order in
        let headers = fleet.api.authorization.merging(
          ["Idempotency-Key": "\(prefix)-\(number)"]
        ) { $1 }
        var turn = number
        return try await eventually("an answer to \(prefix)-\(number)", within: .seconds(120)) {
          turn += 1
          do {
            let answer = try await fleet.api.copies[turn % copies].post(
              "/api/payment/payouts", order.body, headers: headers)
            let isFinal = answer.status == 201 || answer.status == 400
            return isFinal ? .found(answer) : .notYet("\(answer.status) \(answer.text)")
          } catch let problem as Problem {
            return .notYet(problem.description)
          }
        }
      }
    }

    /// Any copy, again and again, from the first moments on: they begin to be asked at once.
    private static func kill(_ fleet: Fleet) async throws -> [HTTPAnswer] {
      var random = SeededRandom(seed: 4)
      for _ in 0..<20 {
        try await Task.sleep(for: .milliseconds(Int.random(in: 20...100, using: &random)))
        let victim = fleet.processes(.ingest)[Int.random(in: 0..<copies, using: &random)]
        _ = victim.process.signal(SIGKILL)
      }
      return []
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
