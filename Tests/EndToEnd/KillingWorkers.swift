import Testing

extension WholeFleet {
  @Suite("Workers are killed again and again")
  struct KillingWorkers {
    @Test(
      "200 payouts are paid once each while every worker in turn is SIGKILLed at random moments",
      arguments: [1, 2])
    func everyWorkerInTurn(copies: Int) async throws {
      try await Fleet.run("kill-\(copies)", FleetOptions(copies: copies)) { fleet in
        let orders = try Order.many(200)
        async let killing: Void = Killer(fleet: fleet, seed: UInt64(copies)).kill(times: 40)
        let created = try await fleet.createInWaves(
          orders, prefix: "kill", waves: 20, pause: .milliseconds(700))
        try await killing
        try await fleet.allArePaidOnce(orders, created, within: .seconds(120))
        try await fleet.limitsAreExact()
      }
    }

    @Test("A worker that is told to stop ends with status 0 within ten seconds and loses nothing")
    func restartedInGoodOrder() async throws {
      try await Fleet.run("stop-in-order") { fleet in
        let orders = try Order.many(40)
        async let restarting: Void = restartAll(of: fleet)
        let created = try await fleet.createInWaves(
          orders, prefix: "stop", waves: 8, pause: .milliseconds(500))
        try await restarting
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
      }
    }

    private func restartAll(of fleet: Fleet) async throws {
      for worker in fleet.processes() {
        let ending = try await worker.process.stop()
        try #require(ending == .exited(0), "\(worker.process.name): \(String(describing: ending))")
        try await worker.process.start()
      }
    }
  }
}
