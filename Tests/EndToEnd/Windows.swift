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
        let preview = try await fleet.payoutctl("windows", "--json")
        try #require(preview.status == 0, "\(preview.errors)")
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

    /// One Transfer for each recipient, window and kind, of the sum; every member has its id, and the
    /// shares add up to what it cost.
    private func chainHolds(
      _ fleet: Fleet, _ paid: [(order: Order, view: PayoutView, type: String)]
    ) async throws {
      let groups = try Dictionary(grouping: paid) { item in
        Group(
          recipient: item.order.recipient, end: try end(item.type, item.view), type: item.type)
      }
      let transfers = try await fleet.devnet.chain.transfers().filter { $0.sender == fleet.wallet }
      let fees = Dictionary(
        try await fleet.devnet.chain.receipts().map { ($0.id, $0.fee ?? 0) },
        uniquingKeysWith: { first, _ in first })
      try #require(transfers.count == groups.count, "\(transfers.count) for \(groups.count) groups")
      for (group, members) in groups {
        let txids = Set(members.compactMap(\.view.txid))
        try #require(txids.count == 1, "\(group) was paid by \(txids)")
        let transfer = try #require(transfers.first { txids.contains($0.txid) })
        try #require(transfer.recipient == group.recipient)
        try #require(
          transfer.amount.micro == members.reduce(0) { $0 + $1.order.amount.micro }, "\(group)")
        let shares = members.reduce(Int64(0)) {
          $0 + Int64((($1.view.fee ?? 0) * 1_000_000).rounded())
        }
        try #require(shares == fees[transfer.txid], "the fee of \(group)")
      }
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
