import Testing

/// A way in which nodes and chains are unreliable.
enum Unreliability: String, CaseIterable, Sendable {
  case errorsAfterAcceptance, timeouts, silentDrops, forks
}

extension WholeFleet {
  @Suite("The chain is unreliable")
  struct UnreliableChain {
    @Test(
      "200 payouts are paid once each, workers being killed, in spite of",
      arguments: Unreliability.allCases)
    func paidInSpiteOf(_ unreliability: Unreliability) async throws {
      try await Fleet.run("unreliable-\(unreliability.rawValue)") { fleet in
        try await fleet.devnet.become(unreliable: unreliability)
        let orders = try Order.many(200)
        let killer = Killer(fleet: fleet, seed: 11, pauses: 300...1500)
        async let killing: Void = killer.kill(times: 12)
        async let forking: Void = fleet.devnet.fork(times: unreliability == .forks ? 16 : 0)
        let created = try await fleet.createInWaves(
          orders, prefix: "unreliable", waves: 10, pause: .milliseconds(600))
        try await killing
        try await forking
        _ = try await fleet.api.reach("confirmed", created.map(\.id), within: .seconds(150))
        // What was paid is held against a chain that answers truthfully again.
        try await fleet.devnet.removeFaults()
        try await fleet.allArePaidOnce(orders, created, within: .seconds(30))
      }
    }

    @Test(
      "60 payouts are paid once each, and none is signed again for a false 'not found', while what nodes tell of the chain is missing, old or broken, and the node is away for a while"
    )
    func readsThatLie() async throws {
      var options = FleetOptions()
      // So short that transactions expire while the answers are bad.
      options.environment[.signer] = ["TX_VALIDITY_SECONDS": "12"]
      try await Fleet.run("unreliable-reads", options) { fleet in
        try await fleet.devnet.answerReadsBadly()
        let orders = try Order.many(60)
        async let leaving: Void = fleet.devnet.goAway(after: .seconds(4), for: .seconds(8))
        let created = try await fleet.createInWaves(
          orders, prefix: "reads", waves: 6, pause: .milliseconds(1_500))
        try await leaving
        // Long enough for every first attempt to expire under these answers.
        try await Task.sleep(for: .seconds(15))
        try await fleet.devnet.removeFaults()
        try await fleet.allArePaidOnce(orders, created, within: .seconds(90))
        let executed = Set(try await fleet.devnet.chain.receipts().map(\.id))
        for attempt in try await fleet.storedTransfers().flatMap(\.attempts) {
          let isExecuted = executed.contains(attempt.txid)
          try #require(isExecuted == (attempt.death == nil), "\(attempt)")
        }
        try #require(executed.count == orders.count)
      }
    }
  }
}
