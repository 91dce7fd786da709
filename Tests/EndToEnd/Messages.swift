import Foundation
import Testing

extension WholeFleet {
  @Suite("Messages are malformed, repeated and old")
  struct Messages {
    @Test("Malformed records of every topic go to the dead letters and stop no worker")
    func malformedRecords() async throws {
      try await Fleet.run("malformed") { fleet in
        let bad = Self.consumed.flatMap { topic in Self.malformed.map { record($0, in: topic) } }
        try await fleet.produce(bad)
        let orders = try Order.many(5)
        let created = try await fleet.api.create(orders, prefix: "malformed")
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))

        struct Letter: Decodable {
          var topic: String
          var reason: String
          var key: Data
          var value: Data
        }
        let letters = try await fleet.records(of: "payouts.deadletter").map {
          try JSONDecoder().decode(Letter.self, from: $0.value ?? Data())
        }
        for record in bad {
          let letter = letters.first {
            $0.topic == record.topic && $0.key == record.key && $0.value == record.value ?? Data()
          }
          try #require(letter?.reason.isEmpty == false, "no dead letter for \(record)")
        }
        for worker in fleet.processes() { try #require(worker.process.isRunning) }
      }
    }

    @Test("Every record of every topic, appended again twice, changes nothing")
    func repeatedRecords() async throws {
      try await Fleet.run("repeated") { fleet in
        let orders = try Order.many(20)
        let created = try await fleet.api.create(orders, prefix: "repeated")
        let before = try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
        let transfers = try await fleet.storedTransfers()

        let count = try await fleet.repeatRecords(of: Self.consumed, times: 2)
        try #require(count >= 3 * orders.count, "an announcement, a hint and a plan of each")
        // What comes after the repetitions in every partition was processed after them.
        let later = try Order.many(20)
        let latest = try await fleet.api.create(later, prefix: "later")
        let after = try await fleet.allArePaidOnce(
          orders + later, created + latest, within: .seconds(60))
        for (old, new) in zip(before, after) {
          try #require(old.txid == new.txid && old.confirmedAt == new.confirmedAt)
        }
        let now = try await fleet.storedTransfers()
        for transfer in transfers {
          let same = now.first { $0.id == transfer.id }
          try #require(same?.attempts.count == 1, "an old message caused another attempt")
        }
        let receipts = try await fleet.devnet.chain.receipts()
        try #require(receipts.count == orders.count + later.count)
      }
    }

    @Test("The trace of a request goes through every topic and every worker's log")
    func trace() async throws {
      try await Fleet.run("trace") { fleet in
        let order = Order(recipient: try newAddress(), cents: 123)
        let trace = "0af7651916cd43dd8448eb211c80319c"
        let answer = try await fleet.api.copies[0].post(
          "/api/payment/payouts", order.body,
          headers: fleet.api.authorization.merging(
            ["traceparent": "00-\(trace)-b7ad6b7169203331-01"]) { $1 })
        let created: PayoutView = try answer.decoded()
        try await fleet.allArePaidOnce([order], [created], within: .seconds(60))
        for topic in [
          "payouts.requested", "transfers.ready.normal", "transfers.signed", "payouts.settled",
        ] {
          try await eventually("a trace in \(topic)") {
            let records = try await fleet.records(of: topic).filter { record in
              !record.headers.contains(["type", "epoch"])
            }
            let traces = records.map { record in
              record.headers.first { $0.first == "traceparent" }?.last
            }
            let isTraced =
              !traces.isEmpty && traces.allSatisfy { $0?.hasPrefix("00-\(trace)-") == true }
            return .when(isTraced, otherwise: "\(traces)")
          }
        }
        for worker in fleet.processes() {
          let log = fleet.directory.appending(path: "\(worker.process.name).log")
          try await eventually("a trace in the log of \(worker.process.name)") {
            let text = try String(contentsOf: log, encoding: .utf8)
            return .when(text.contains("\"trace_id\":\"\(trace)\""), otherwise: "no trace")
          }
        }
      }
    }

    /// The topics that some worker reads.
    private static let consumed = [
      "payouts.requested", "transfers.ready.urgent", "transfers.ready.high",
      "transfers.ready.normal", "transfers.ready.low", "transfers.signed",
    ]

    /// Values and headers that no topic carries.
    private static let malformed: [(value: String?, headers: [[String]])] = [
      (nil, []),
      ("", usual("payout")),
      ("not JSON", usual("payout")),
      ("{}", usual("ready")),
      ("{}", usual("plan")),
      ("[]", usual("settled")),
      ("{\"transfer_id\":5}", usual("void")),
      ("{\"transfer_id\":5}", usual("ready")),
      ("{\"epoch\":\"x\"}", usual("epoch")),
      ("{\"transfer_id\":\"t\"}", [["type", "ready"], ["version", "99"]]),
      ("{\"transfer_id\":\"t\"}", [["type", "nonsense"], ["version", "1"]]),
      (String(repeating: "[", count: 100_000), usual("payout")),
    ]

    private static func usual(_ type: String) -> [[String]] {
      [["type", type], ["version", "1"]]
    }

    private func record(
      _ part: (value: String?, headers: [[String]]), in topic: String
    ) -> LogRecord {
      LogRecord(
        topic: topic, partition: nil, key: Data(UUID().uuidString.utf8),
        value: part.value.map { Data($0.utf8) }, headers: part.headers)
    }
  }
}
