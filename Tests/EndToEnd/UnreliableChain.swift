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
  }
}
