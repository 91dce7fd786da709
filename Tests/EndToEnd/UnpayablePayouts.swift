import Testing
import Tron

extension WholeFleet {
  @Suite("The chain refuses to pay")
  struct UnpayablePayouts {
    @Test("A transfer that reverts fails its payout at once; nothing is paid, nothing is repeated")
    func reverts() async throws {
      try await Fleet.run("revert") { fleet in
        try await fleet.devnet.blacklist(fleet.wallet, true)
        try await failUnpaid(fleet, prefix: "blacklisted", transactions: 3)
        try await fleet.devnet.blacklist(fleet.wallet, false)

        try await fleet.devnet.pauseToken(true)
        try await failUnpaid(fleet, prefix: "paused", transactions: 6)
        try await fleet.devnet.pauseToken(false)

        let orders = try Order.many(3)
        let created = try await fleet.api.create(orders, prefix: "afterwards")
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
      }
    }

    @Test("A transfer that runs out of energy is tried twice, then its payout fails unpaid")
    func runsOutOfEnergy() async throws {
      try await Fleet.run("energy") { fleet in
        try await fleet.devnet.exhaustEnergy()
        try await failUnpaid(fleet, prefix: "exhausted", transactions: 6)
      }
    }

    @Test("Payouts of a wallet without USDT are held, say so, and are paid once it has some")
    func walletIsEmpty() async throws {
      var options = FleetOptions()
      options.walletUSDT = .zero
      try await Fleet.run("unfunded", options) { fleet in
        let orders = try Order.many(5)
        let created = try await fleet.api.create(orders, prefix: "unfunded")
        try await eventually("every transfer is held", within: .seconds(30)) {
          let transfers = try await fleet.storedTransfers()
          let held = transfers.filter { $0.hold == "insufficient_usdt" }
          return .when(held.count == orders.count, otherwise: "\(transfers)")
        }
        for view in created {
          let now = try await fleet.api.payout(view.id)
          try #require(now.status == "processing" && now.detail?.contains("held") == true, "\(now)")
        }
        try #require(try await fleet.devnet.chain.receipts().isEmpty, "nothing was even tried")

        try await fleet.devnet.fund(fleet.wallet, USDTAmount(micro: 1_000_000_000))
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
      }
    }

    /// Creates three payouts, waits until they failed, and holds the chain against that.
    private func failUnpaid(_ fleet: Fleet, prefix: String, transactions: Int) async throws {
      let orders = try Order.many(3)
      let created = try await fleet.api.create(orders, prefix: prefix)
      let failed = try await fleet.api.reach("failed", created.map(\.id), within: .seconds(60))
      for view in failed {
        try #require(view.failure?.code == "LUCID_ERR_2008", "\(view)")
        try #require(view.txid == nil || view.confirmedAt == nil)
      }
      let transfers = try await fleet.devnet.chain.transfers()
      try #require(!transfers.contains { $0.sender == fleet.wallet })
      try await fleet.auditIsClean()
      let receipts = try await fleet.devnet.chain.receipts()
      try #require(receipts.count == transactions, "\(receipts.map(\.receipt.result))")
    }
  }
}
