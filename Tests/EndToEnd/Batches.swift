import Foundation
import Glibc
import Testing
import Tron

extension WholeFleet {
  @Suite("Batches are accepted whole or not at all")
  struct Batches {
    @Test("A batch of 100 is paid, and its counts and its status follow")
    func hundred() async throws {
      try await Fleet.run("batch-100") { fleet in
        let orders = try Order.many(100)
        let created = try await fleet.api.createBatch(orders, key: "hundred")
        try #require(created.total == 100 && created.pending == 100)
        try #require(created.status == "processing" && created.totalAmount == 50.50)
        try #require(created.estimatedCompletion != nil)
        let views = try await fleet.api.reach("confirmed", created.payoutIDs, within: .seconds(90))
        try await fleet.chainHolds(zip(orders, views).map { ($0, $1) })
        let done = try await fleet.api.batch(created.id)
        try #require(done.status == "completed" && done.completed == 100 && done.pending == 0)
        try #require(done.completedAmount == 50.50)
        try await fleet.auditIsClean()
      }
    }

    @Test("Fifty simultaneous requests with one key over two Ingests make one payout, one batch")
    func fifty() async throws {
      try await Fleet.run("batch-key", FleetOptions(copies: 2)) { fleet in
        let orders = try Order.many(3)
        let single = try Order.many(1)[0]
        let answers = try await inParallel(Array(0..<100), atOnce: 100) { turn in
          turn < 50
            ? try await fleet.api.postBatch(orders, key: "batch", copy: turn)
            : try await fleet.api.copies[turn % 2].post(
              "/api/payment/payouts", single.body,
              headers: fleet.api.authorization.merging(["Idempotency-Key": "single"]) { $1 })
        }
        for answers in [answers[..<50], answers[50...]] {
          let created = answers.filter { $0.status == 201 }
          try #require(Set(created.map(\.text)).count == 1, "\(created.map(\.text))")
          for answer in answers where answer.status != 201 {
            try #require(answer.status == 409 && answer.headers["retry-after"] != nil)
          }
          try #require(created.count { $0.headers["idempotency-replayed"] == nil } == 1)
        }
        let other = try await fleet.api.postBatch(orders, key: "single")
        try #require(other.status == 422, "a key of the other route: \(other.text)")
        let batch = try await fleet.api.createBatch(orders, key: "batch")
        let payout = try await fleet.api.create(single, key: "single")
        let views = try await inParallel(batch.payoutIDs, atOnce: 3) {
          try await fleet.api.payout($0)
        }
        try await fleet.allArePaidOnce(
          orders + [single], views + [payout], within: .seconds(60))
      }
    }

    @Test(
      "A store that is SIGKILLed while batches come: each is there as a whole, or not at all",
      .disabled(if: Workspace.givenServers != nil, "not ours to kill"))
    func storeIsKilled() async throws {
      var options = FleetOptions()
      options.storeSyncsOnCommit = true
      try await Fleet.run("batch-store-killed", options) { fleet in
        // Nobody repeats these: what a kill interrupts is left to the sweeper.
        async let abandoned = Self.postWithoutRepeating(fleet, batches: 40)
        for _ in 0..<4 {
          try await Task.sleep(for: .milliseconds(200))
          try await fleet.servers.store?.kill()
          try await fleet.servers.startStore()
        }
        let posted = try await abandoned
        let kept = try (0..<3).map { _ in try Order.many(5) }
        _ = try await fleet.api.createBatches(kept, prefix: "kept")
        try await fleet.noPayoutIsPrepared(within: .seconds(90))

        let stored = Dictionary(grouping: try await fleet.storedPayouts()) { $0.batch }
        try #require(stored.values.allSatisfy { $0.count == 5 }, "a part of a batch is there")
        let accepted = posted.filter { $0.answer?.status == 201 }
        for batch in accepted {
          let view: BatchView = try #require(try batch.answer?.decoded())
          try #require(stored[view.id] != nil, "an accepted batch is not there")
        }
        let payouts = stored.values.flatMap(\.self).map(\.id)
        let views = try await fleet.api.reach("confirmed", payouts, within: .seconds(120))
        let orders = (posted.flatMap(\.orders) + kept.flatMap(\.self))
        let byRecipient = Dictionary(uniqueKeysWithValues: orders.map { ($0.recipient.base58, $0) })
        try await fleet.chainHolds(
          views.map { (try #require(byRecipient[$0.recipient]), $0) })
        try await fleet.auditIsClean()
        print(
          "batches: \(posted.count) posted, \(accepted.count) told accepted, \(stored.count) there")
      }
    }

    @Test(
      "An Ingest that dies between two steps, and nobody repeats: before the commit none, then all")
    func ingestDies() async throws {
      let points = ["prepare", "commit", "flip"].map { "ingest.batch_after_\($0)" }
      let state = FileManager.default.temporaryDirectory
        .appending(path: "batch-failpoints-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
      defer {
        do {
          try FileManager.default.removeItem(at: state)
        } catch {
          print("left behind: \(state.path)")
        }
      }
      var options = FleetOptions()
      options.environment[.ingest] = [
        "FAILPOINTS": points.joined(separator: ","), "FAILPOINTS_STATE_DIR": state.path,
      ]
      try await Fleet.run("batch-failpoints", options) { fleet in
        let ingest = fleet.processes(.ingest)[0].process
        let batches = try points.map { _ in try Order.many(4) }
        for orders in batches {
          await #expect(throws: Problem.self) { _ = try await fleet.api.postBatch(orders) }
          try #require(try await ingest.ended(within: .seconds(10)) == .killed(SIGKILL))
          try await ingest.start()
          try await fleet.workersAreReady()
        }
        try await fleet.noPayoutIsPrepared(within: .seconds(60))
        let stored = try await fleet.storedPayouts()
        try #require(stored.count == 8, "the first batch is gone, the others are there")
        try #require(Set(stored.map(\.batch)).count == 2)
        let views = try await fleet.api.reach("confirmed", stored.map(\.id), within: .seconds(60))
        let byRecipient = Dictionary(
          uniqueKeysWithValues: batches[1...].flatMap(\.self).map { ($0.recipient.base58, $0) })
        try await fleet.chainHolds(views.map { (try #require(byRecipient[$0.recipient]), $0) })
        try await fleet.auditIsClean()
      }
    }

    @Test("payoutctl pays a file of 120 once, however often it is sent, and shows its batches")
    func file() async throws {
      try await Fleet.run("batch-file") { fleet in
        let orders = try Order.many(120)
        let csv = fleet.directory.appending(path: "payouts.csv")
        let rows = orders.map {
          "\($0.recipient.base58),\($0.cents / 100).\($0.cents % 100 / 10)\($0.cents % 10),\"a, b\""
        }
        try Data(("recipient,amount,reason\r\n" + rows.joined(separator: "\r\n")).utf8)
          .write(to: csv)
        let token = fleet.directory.appending(path: "token")
        try Data(fleet.api.token.utf8).write(to: token)
        let api = "http://127.0.0.1:\(fleet.api.copies[0].port)/api/payment"
        let dry = try await fleet.payoutctl(
          "batch", "create", "--csv", csv.path, "--dry-run", "--json")
        try #require(dry.status == 0, "\(dry.errors)")
        try #require(try await fleet.storedPayouts().isEmpty)

        struct Report: Decodable {
          struct Batch: Decodable {
            var batch_id: String
            var replayed: Bool
          }
          var total_amount_usdt: String
          var batches: [Batch]
        }
        var reports: [Report] = []
        for _ in 0..<2 {
          let run = try await fleet.payoutctl(
            "batch", "create", "--csv", csv.path, "--token-file", token.path, "--api", api,
            "--json")
          try #require(run.status == 0, "\(run.errors) \(run.output)")
          reports.append(try JSONDecoder().decode(Report.self, from: Data(run.output.utf8)))
        }
        try #require(reports[0].total_amount_usdt == "72.60")
        try #require(reports[0].batches.map(\.batch_id) == reports[1].batches.map(\.batch_id))
        try #require(
          reports.map { $0.batches.map(\.replayed) } == [[false, false], [true, true]])

        var views: [PayoutView] = []
        for batch in reports[0].batches {
          let ids = try await fleet.api.batch(batch.batch_id).payoutIDs
          views += try await fleet.api.reach("confirmed", ids, within: .seconds(90))
        }
        try await fleet.allArePaidOnce(orders, views, within: .seconds(5))
        let shown = try await fleet.payoutctl(
          "batch", "get", reports[0].batches[1].batch_id, "--token-file", token.path, "--api", api)
        try #require(shown.status == 0 && shown.output.contains("completed"), "\(shown.errors)")

        struct Listed: Decodable {
          var payout_id: String
        }
        let listed = try await fleet.payoutctl(
          "payout", "list", "--all", "--limit", "50", "--status", "confirmed", "--token-file",
          token.path, "--api", api, "--json")
        try #require(listed.status == 0, "\(listed.errors)")
        let ids = try listed.output.split(separator: "\n").map {
          try JSONDecoder().decode(Listed.self, from: Data($0.utf8)).payout_id
        }
        try #require(ids.count == views.count && Set(ids) == Set(views.map(\.id)))
      }
    }

    private struct Posted: Sendable {
      var orders: [Order]
      /// `nil` when there was none.
      var answer: HTTPAnswer?
    }

    private static func postWithoutRepeating(
      _ fleet: Fleet, batches: Int
    ) async throws -> [Posted] {
      try await inParallel(Array(0..<batches), atOnce: 8) { _ in
        let orders = try Order.many(5)
        do {
          return Posted(orders: orders, answer: try await fleet.api.postBatch(orders))
        } catch is Problem {
          return Posted(orders: orders, answer: nil)
        }
      }
    }
  }
}

/// A payout as another client reads it from the store.
struct StoredPayout: Decodable, Hashable, Sendable {
  var id: String
  var state: String
  var rev: Int64
  var transfer: String?
  var batch: String?
}

extension Fleet {
  func storedPayouts() async throws -> [StoredPayout] {
    try await witness("store.py", ["payouts"]).split(separator: "\n").map {
      try JSONDecoder().decode(StoredPayout.self, from: Data($0.utf8))
    }
  }

  /// Waits until every batch is decided and finished.
  func noPayoutIsPrepared(within limit: Duration) async throws {
    try await eventually("no payout is prepared", within: limit, every: .seconds(1)) {
      let prepared = try await storedPayouts().count { $0.state == "prepared" }
      return .when(prepared == 0, otherwise: "\(prepared) are")
    }
  }
}
