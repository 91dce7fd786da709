import Foundation
import Payouts
import Testing
import Tron

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

    /// What replaying must not change.
    private struct Snapshot: Equatable {
      var payouts: Set<StoredPayout>
      var states: [String: String]
      var txids: Set<String>
      var settled: Set<Data>
    }

    private static let name = "replay"

    @Test(
      "Every topic from its beginning, twice, with payouts in every state: no new transaction, no state goes back, nothing is told anew"
    )
    func everything() async throws {
      var options = FleetOptions()
      let windows = ["WINDOW_HOURLY_SECONDS": "5"]
      options.environment[.ingest] = windows
      options.environment[.batcher] = windows.merging(["NETTING": "on"]) { $1 }
      options.environment[.signer] = ["SIGNER_MAX_TRANSFER_USDT": "50"]
      options.payUnderKYC(Self.name)
      try await Fleet.run(Self.name, options) { fleet in
        let scene = try await Scene.set(in: fleet)
        try await fleet.auditIsClean()
        let before = try await snapshot(fleet)

        let dry = try await replay(fleet, "payouts.requested", "--dry-run")
        try #require(dry.appended == 0)
        // Nobody waits for a Batcher or a Signer; the one without a record stays where it is.
        try #require(dry.effects["payout"] == ["nothing": dry.records], "\(dry)")
        for _ in 0..<2 {
          for topic in Topic.all {
            let done = try await replay(fleet, topic.name)
            try #require(done.appended == done.records, "\(topic.name): \(done)")
            print("\(topic.name): \(done.records) records, \(Int(done.recordsPerSecond)) a second")
          }
        }
        // A payout behind all that was appended: once it has its transfer, all was read.
        let marker = try await fleet.api.create(try Order.many(1), prefix: "marker")
        try await eventually("what was appended is read", within: .seconds(60)) {
          let view = try await fleet.api.payout(marker[0].id)
          return .when(view.detail == "armed", otherwise: "\(view)")
        }
        try await unchanged(fleet, since: before, but: marker[0].id)

        try await fleet.devnet.removeFaults()
        try await fleet.addKYC(scene.unknown.recipient)
        _ = try await fleet.api.reach(
          "confirmed", (scene.armed + [scene.held] + marker).map(\.id), within: .seconds(90))
        try await fleet.auditIsClean()
      }
    }

    @Test(
      "The same with payouts that wait for a Signer, for a Confirmer and to be cancelled, while both are kept from them; then everything ends as it would have"
    )
    func underWay() async throws {
      try await Fleet.run("replay-under-way") { fleet in
        let api = fleet.api
        for confirmer in fleet.processes(.confirmer) { _ = try await confirmer.process.stop() }
        let planned = try await api.create(try Order.many(3), prefix: "planned")
        try await areAt("planned", planned, fleet)
        for signer in fleet.processes(.signer) { _ = try await signer.process.stop() }
        let ready = try await api.create(try Order.many(5), prefix: "ready")
        try await areAt("ready", ready, fleet)
        let withdrawn = Array(ready.prefix(2))
        for payout in withdrawn {
          let answer = try await api.copies[0].post(
            "/api/payment/payouts/\(payout.id)/cancel", "", headers: api.authorization)
          try #require(answer.status == 202, "\(answer.text)")
        }
        try await areAt("voiding", withdrawn, fleet)
        // They plan nothing then.
        try await breaker("open", fleet)
        for signer in fleet.processes(.signer) { try await signer.process.start() }
        let before = try await snapshot(fleet)

        let dry = try await replay(fleet, "payouts.requested", "--dry-run")
        try #require(dry.effects["payout"]?["plans"] ?? 0 >= 3, "\(dry)")
        let ends = try await replay(fleet, "transfers.signed", "--dry-run")
        try #require(ends.effects["plan"]?["arms"] ?? 0 >= 3, "\(ends)")
        try #require(ends.effects["void"]?["concludes"] ?? 0 >= 2, "\(ends)")
        for _ in 0..<2 {
          for topic in Topic.all {
            let done = try await replay(fleet, topic.name)
            try #require(done.appended == done.records, "\(topic.name): \(done)")
          }
        }
        try await hasReadEverything("batcher", fleet)
        try #require(try await snapshot(fleet) == before)

        try await breaker("close", fleet)
        try await fleet.startWorkers()
        let paid = planned + ready.dropFirst(2)
        _ = try await api.reach("confirmed", paid.map(\.id), within: .seconds(90))
        _ = try await api.reach("cancelled", withdrawn.map(\.id), within: .seconds(90))
        let after = try await snapshot(fleet)
        try #require(after.txids.isSuperset(of: before.txids))
        // One transaction each, the first ones still the same: nothing was built anew.
        try #require(after.txids.count == paid.count)
        try await fleet.auditIsClean()
      }
    }

    private func areAt(_ detail: String, _ payouts: [PayoutView], _ fleet: Fleet) async throws {
      try await eventually("payouts to be \(detail)", within: .seconds(60)) {
        var others: [String] = []
        for payout in payouts {
          let view = try await fleet.api.payout(payout.id)
          if view.detail != detail { others.append(view.detail ?? view.status) }
        }
        return .when(others.isEmpty, otherwise: "\(others)")
      }
    }

    private func breaker(_ what: String, _ fleet: Fleet) async throws {
      let result = try await fleet.payoutctl("breaker", what, "--reason", "a replay")
      try #require(result.status == 0, "\(result.errors)")
    }

    private func hasReadEverything(_ group: String, _ fleet: Fleet) async throws {
      try await eventually("the \(group) to have read everything", within: .seconds(60)) {
        let result = try await fleet.payoutctl("status", "--json")
        let status = try JSONDecoder().decode(Status.self, from: Data(result.output.utf8))
        return .when(status.lag[group] == 0, otherwise: result.output)
      }
    }

    private struct Status: Decodable {
      var lag: [String: Int]
    }

    @Test("A replay that is killed, and one that is interrupted, go on where they were")
    func resumed() async throws {
      try await Fleet.run("replay-resumed") { fleet in
        let orders = try Order.many(20)
        let created = try await fleet.api.create(orders, prefix: "resumed")
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
        _ = try await fleet.repeatRecords(of: ["payouts.requested"], times: 300)
        let file = fleet.directory.appending(path: "replay.state")
        let whole = try await replay(fleet, "payouts.requested", "--dry-run")
        let killed = try await stop(fleet, with: SIGKILL, state: file)
        try #require(killed == .killed(SIGKILL))
        let left = try remaining(file)
        try #require(left > 0 && left < whole.records)
        let interrupted = try await stop(fleet, with: SIGINT, state: file, below: left)
        try #require(interrupted == .exited(130))
        try #require(try remaining(file) < left)
        let rest = try await replay(fleet, "payouts.requested", "--state", file.path)
        try #require(rest.records > 0 && rest.records < left)
        try #require(!FileManager.default.fileExists(atPath: file.path))
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
      }
    }

    /// Starts a replay and sends it a signal once it has come further than before.
    private func stop(
      _ fleet: Fleet, with signal: Int32, state: URL, below: Int = .max
    ) async throws -> ChildProcess.Ending? {
      let child = ChildProcess(
        "replay", Workspace.binary("payoutctl"),
        ["replay", "--topic", "payouts.requested", "--state", state.path],
        environment: fleet.environment,
        log: fleet.directory.appending(path: "replay-\(signal).log"))
      try await child.start()
      var first = below
      try await eventually("the replay to progress", within: .seconds(60), every: .milliseconds(3))
      { () async throws -> Sighting<Void> in
        guard child.isRunning else { throw Problem("it has ended: \(child.logTail(5))") }
        guard FileManager.default.fileExists(atPath: state.path) else { return .notYet("no state") }
        let left = try remaining(state)
        if first == .max { first = left }
        return .when(left < first, otherwise: "\(left) left")
      }
      child.signal(signal)
      return try await child.ended(within: .seconds(30))
    }

    private func remaining(_ file: URL) throws -> Int {
      Int(try JSONDecoder().decode(ReplayState.self, from: Data(contentsOf: file)).remaining)
    }

    private func snapshot(_ fleet: Fleet) async throws -> Snapshot {
      let transfers = try await fleet.storedTransfers()
      return Snapshot(
        payouts: Set(try await fleet.storedPayouts()),
        states: Dictionary(
          transfers.map { ($0.id, $0.state) }, uniquingKeysWith: { first, _ in first }),
        txids: Set(transfers.flatMap { $0.attempts.map(\.txid) }),
        settled: Set(try await fleet.records(of: "payouts.settled").compactMap(\.value)))
    }

    private func unchanged(_ fleet: Fleet, since before: Snapshot, but marker: String) async throws
    {
      var after = try await snapshot(fleet)
      let own = try await fleet.storedTransfers().filter { $0.members == [marker] }
      after.payouts = after.payouts.filter { $0.id != marker }
      for transfer in own {
        after.states[transfer.id] = nil
        after.txids.subtract(transfer.attempts.map(\.txid))
      }
      try #require(after.payouts == before.payouts)
      try #require(after.states == before.states)
      try #require(after.txids == before.txids)
      try #require(after.settled == before.settled)
    }

    private func replay(_ fleet: Fleet, _ topic: String, _ more: String...) async throws -> Summary
    {
      let arguments = ["replay", "--topic", topic, "--json"] + more
      let result = try await fleet.payoutctl(arguments, within: .seconds(60))
      try #require(result.status == 0, "\(topic): \(result.errors)")
      return try JSONDecoder().decode(Summary.self, from: Data(result.output.utf8))
    }
  }

  /// Payouts in every state that lasts while all workers run: paid, netted, failed, cancelled,
  /// accepted and held for want of a record, scheduled, held by the Signer's cap, armed.
  private struct Scene {
    var unknown: Order
    var held: PayoutView
    var armed: [PayoutView]

    static func set(in fleet: Fleet) async throws -> Scene {
      let api = fleet.api
      var paid = try await api.create(try Order.many(6), prefix: "paid")
      let recipient = try newAddress()
      paid += try await api.create(
        (1...3).map {
          Order(recipient: recipient, cents: $0, fields: ["batch_type": "\"HOURLY\""])
        }, prefix: "netted")
      _ = try await api.reach("confirmed", paid.map(\.id), within: .seconds(60))

      try await fleet.devnet.blacklist(fleet.wallet, true)
      let failing = try await api.create(try Order.many(2), prefix: "failed")
      _ = try await api.reach("failed", failing.map(\.id), within: .seconds(60))
      try await fleet.devnet.blacklist(fleet.wallet, false)

      for signer in fleet.processes(.signer) { _ = try await signer.process.stop() }
      let withdrawn = try await api.create(try Order.many(2), prefix: "withdrawn")
      for payout in withdrawn { try #require(try await api.cancel(payout.id)) }
      _ = try await api.reach("cancelled", withdrawn.map(\.id), within: .seconds(30))

      for batcher in fleet.processes(.batcher) { _ = try await batcher.process.stop() }
      let unknown = Order(
        recipient: try newAddress(), cents: 7, fields: ["node_id": "\"n\""],
        router: "PayoutRouterKYC")
      try await fleet.addKYC(unknown.recipient)
      let held = try await api.create(unknown, key: "held")
      try await fleet.revokeKYC(unknown.recipient)
      try await fleet.devnet.swallowBroadcasts()
      try await fleet.startWorkers()

      let scheduled = try await api.create(
        try Order.many(2).map { order in
          var order = order
          order.fields["batch_type"] = "\"WEEKLY\""
          return order
        }, prefix: "scheduled")
      let large = try await api.create(
        Order(recipient: try newAddress(), cents: 10_000), key: "large")
      let armed = try await api.create(try Order.many(3), prefix: "armed")
      let details =
        [held.id: "held:kyc_record_revoked", large.id: "held:above_signer_cap"].merging(
          scheduled.map { ($0.id, "scheduled") } + armed.map { ($0.id, "armed") }
        ) { $1 }
      try await eventually("everything to be where it stays", within: .seconds(60)) {
        var others: [String] = []
        for (id, detail) in details {
          let view = try await api.payout(id)
          if view.detail != detail { others.append("\(view.detail ?? "-"), not \(detail)") }
        }
        return .when(others.isEmpty, otherwise: "\(others)")
      }
      return Scene(unknown: unknown, held: held, armed: armed)
    }
  }
}
