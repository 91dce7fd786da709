import Foundation
import Payouts
import Testing

extension WholeFleet {
  @Suite("Topics are replayed while the fleet runs")
  struct Replaying {
    private struct Summary: Decodable {
      var records: Int
      var appended: Int
      var effects: [String: [String: Int]]
      var recordsPerSecond: Double

      enum CodingKeys: String, CodingKey {
        case records, appended, effects, recordsPerSecond = "records_per_second"
      }
    }

    @Test("Every topic from its beginning, twice: no new transaction, no state goes back")
    func everything() async throws {
      try await Fleet.run("replay") { fleet in
        let orders = try Order.many(30)
        let paid = try await fleet.api.create(orders, prefix: "paid")
        try await fleet.allArePaidOnce(orders, paid, within: .seconds(60))
        // Without a Signer some are cancelled and some stay ready.
        for signer in fleet.processes(.signer) { try await signer.process.kill() }
        let withdrawn = try await fleet.api.create(try Order.many(4), prefix: "withdrawn")
        for payout in withdrawn { try #require(try await fleet.api.cancel(payout.id)) }
        let late = try Order.many(6)
        let waiting = try await fleet.api.create(late, prefix: "waiting")
        try await eventually("they wait for a Signer", within: .seconds(30)) {
          let views = try await inParallel(waiting, atOnce: 6) {
            try await fleet.api.payout($0.id)
          }
          return .when(views.allSatisfy { $0.detail == "ready" }, otherwise: "\(views)")
        }

        let dry = try await replay(fleet, "payouts.requested", "--dry-run")
        try #require(dry.appended == 0)
        try #require(dry.effects["payout"]?["nothing"] == 34, "\(dry)")
        try #require(dry.effects["payout"]?["plans"] == 6, "\(dry)")
        for _ in 0..<2 {
          for topic in Topic.all {
            let done = try await replay(fleet, topic.name)
            try #require(done.appended == done.records, "\(topic.name): \(done)")
            print("\(topic.name): \(done.records) records, \(Int(done.recordsPerSecond)) a second")
          }
        }
        try await fleet.startWorkers()
        try await fleet.allArePaidOnce(orders + late, paid + waiting, within: .seconds(90))
        for payout in withdrawn {
          try #require(try await fleet.api.payout(payout.id).status == "cancelled")
        }
        // The world was told the same as before, however often.
        let told = try await replay(fleet, "payouts.settled", "--dry-run")
        try #require(told.records > 4 * 34)
        try await fleet.auditIsClean()
      }
    }

    private func replay(_ fleet: Fleet, _ topic: String, _ more: String...) async throws -> Summary
    {
      let arguments = ["replay", "--topic", topic, "--json"] + more
      let result = try await fleet.payoutctl(arguments, within: .seconds(60))
      try #require(result.status == 0, "\(topic): \(result.errors)")
      return try JSONDecoder().decode(Summary.self, from: Data(result.output.utf8))
    }
  }
}
