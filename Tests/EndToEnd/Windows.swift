import Foundation
import Testing
import Tron

extension WholeFleet {
  @Suite("Payouts wait for their window and go out together")
  struct Windows {
    /// Seconds; both aligned to 1970.
    private static let lengths = ["HOURLY": 10, "DAILY": 15]

    private struct Group: Hashable {
      var recipient: TronAddress
      var end: Int64
      var type: String
    }

    @Test(
      "Payouts of two tenants, some in a batch, are paid by one transfer a recipient and window while Batchers are SIGKILLed over the boundary"
    )
    func netted() async throws {
      var options = FleetOptions(copies: 2)
      let windows = [
        "WINDOW_HOURLY_SECONDS": "\(Self.lengths["HOURLY"] ?? 0)",
        "WINDOW_DAILY_SECONDS": "\(Self.lengths["DAILY"] ?? 0)",
      ]
      options.environment = [.ingest: windows, .batcher: windows.merging(["NETTING": "on"]) { $1 }]
      try await Fleet.run("windows", options) { fleet in
        let other = try await fleet.tenant("somebody-else")
        async let killing: Void = killBatchers(of: fleet)
        let orders = try orders()
        let mine = try await fleet.api.create(orders, prefix: "mine")
        let theirs = try await other.create(orders, prefix: "theirs")
        let batch = try await fleet.api.createBatch(orders, key: "batch", type: "HOURLY")
        try await killing
        let paid =
          try await fleet.api.reach(
            "confirmed", mine.map(\.id) + batch.payoutIDs, within: .seconds(90))
          + other.reach("confirmed", theirs.map(\.id), within: .seconds(90))
        let types = orders.map(\.type) + orders.map { _ in "HOURLY" } + orders.map(\.type)
        try await chainHolds(
          fleet,
          zip(orders + orders + orders, zip(paid, types)).map {
            ($0, $1.0, $1.1)
          })
        try await fleet.auditIsClean()
        try await nothingLeaks(to: other, of: mine)
      }
    }

    private struct Preview: Decodable {
      var window: String
      var payouts: Int
      var recipients: Int
      var transfers: Int
      var amount: Int64
      var saved: Int
      var least: Int64
      var most: Int64

      enum CodingKeys: String, CodingKey {
        case window, payouts, recipients, transfers, amount = "amount_micro"
        case saved = "saved_transfers", least = "energy_saved_least", most = "energy_saved_most"
      }
    }

    @Test("payoutctl windows says what waits for which window, and what netting will save")
    func preview() async throws {
      try await Fleet.run("windows-preview") { fleet in
        let recipients = try (0..<2).map { _ in try newAddress() }
        let orders = (0..<9).map { number in
          Order(
            recipient: recipients[number % 2], cents: 100,
            fields: ["batch_type": number < 6 ? "\"DAILY\"" : "\"WEEKLY\""])
        }
        _ = try await fleet.api.create(orders, prefix: "preview")
        func previews(netting: String) async throws -> [Preview] {
          let found = try await runToEnd(
            Workspace.binary("payoutctl"), ["windows", "--json"],
            environment: fleet.environment.merging(["NETTING": netting]) { $1 },
            in: fleet.directory)
          try #require(found.status == 0, "\(found.errors)")
          return try JSONDecoder().decode([Preview].self, from: Data(found.output.utf8))
        }
        let netted = try await previews(netting: "on").sorted { $0.payouts > $1.payouts }
        try #require(netted.map { String($0.window.suffix(6)) } == ["/DAILY", "WEEKLY"])
        try #require(netted.map(\.payouts) == [6, 3])
        try #require(netted.map(\.recipients) == [2, 2])
        try #require(netted.map(\.transfers) == [2, 2])
        try #require(netted.map(\.amount) == [6_000_000, 3_000_000])
        try #require(netted.map(\.saved) == [4, 1])
        try #require(netted.map(\.least) == [260_000, 65_000])
        try #require(netted.allSatisfy { $0.most >= $0.least })
        let single = try await previews(netting: "off").sorted { $0.payouts > $1.payouts }
        try #require(single.map(\.transfers) == [6, 3] && single.map(\.saved) == [0, 0])
      }
    }

    /// To four recipients, in two kinds of windows.
    private func orders() throws -> [Order] {
      let recipients = try (0..<4).map { _ in try newAddress() }
      return (0..<12).map { number in
        Order(
          recipient: recipients[number % 4], cents: Int64(number + 1),
          fields: ["batch_type": number % 3 == 0 ? "\"DAILY\"" : "\"HOURLY\""])
      }
    }

    /// Until windows of every kind have ended.
    private func killBatchers(of fleet: Fleet) async throws {
      for turn in 0..<12 {
        try await Task.sleep(for: .milliseconds(1_300))
        let copies = fleet.processes(.batcher)
        let victims = turn % 3 == 0 ? copies : [copies[turn % copies.count]]
        for victim in victims { try await victim.process.kill() }
        for victim in victims { try await victim.process.start() }
      }
    }

    /// Whoever shares a transaction has a recipient, a window and a kind in common. Copies that close
    /// at once may cut a group (ADR 0011), so there may be more than one for each, but netting saves
    /// most of them.
    private func chainHolds(
      _ fleet: Fleet, _ paid: [(order: Order, view: PayoutView, type: String)]
    ) async throws {
      let groups = try Dictionary(grouping: paid) { item in
        Group(
          recipient: item.order.recipient, end: try end(item.type, item.view), type: item.type)
      }
      var groupOf: [String: Group] = [:]
      for (group, members) in groups {
        for txid in members.compactMap(\.view.txid) {
          try #require(groupOf.updateValue(group, forKey: txid) ?? group == group, "\(txid)")
        }
      }
      let count = try await fleet.chainHoldsSums(paid.map { ($0.order, $0.view) })
      try #require(count >= groups.count)
      try #require(count <= groups.count + paid.count / 3, "\(count) for \(groups.count) groups")
    }

    private func end(_ type: String, _ view: PayoutView) throws -> Int64 {
      let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
      let created = Int64(try format.parse(view.createdAt).timeIntervalSince1970)
      let length = Int64(Self.lengths[type] ?? 1)
      return (created / length + 1) * length
    }

    /// Payouts that went out together with a tenant's do not exist for him.
    private func nothingLeaks(to tenant: PayoutAPI, of others: [PayoutView]) async throws {
      let list = try await tenant.copies[0].get(
        "/api/payment/payouts?limit=100", headers: tenant.authorization)
      try #require(list.status == 200 && list.text.contains("confirmed"))
      for view in others { try #require(!list.text.contains(view.id)) }
    }
  }
}

extension Order {
  /// The window that it asks for.
  fileprivate var type: String {
    (fields["batch_type"] ?? "IMMEDIATE").trimmingCharacters(in: CharacterSet(charactersIn: "\""))
  }
}

extension Fleet {
  /// The API as somebody else uses it.
  fileprivate func tenant(_ name: String) async throws -> PayoutAPI {
    let token = try await payoutctl(
      "token", "--sub", name, "--role", "end_user", "--secret-file",
      directory.appending(path: "jwt-secret").path)
    guard token.status == 0 else { throw Problem(token.errors) }
    return PayoutAPI(
      copies: api.copies, token: token.output.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
