import Glibc
import Testing

extension WholeFleet {
  @Suite("A server is away", .disabled(if: Workspace.givenServers != nil, "not ours to kill"))
  struct ServersAway {
    @Test("A broker that is away at the start: payouts are accepted and paid when it is there")
    func brokerIsAwayAtStart() async throws {
      var options = FleetOptions()
      options.startsWorkers = false
      options.environment[.ingest] = ["PUBLISH_WAIT_MS": "200"]
      try await Fleet.run("broker-away", options) { fleet in
        // The stand-in writes new topics to disk only after a moment; a broker keeps its topics.
        try await Task.sleep(for: .seconds(3))
        try await fleet.servers.broker?.kill()
        try await fleet.startWorkers()
        let orders = try Order.many(5)
        let created = try await fleet.api.create(orders, prefix: "away")
        try await fleet.isNotReady(.batcher, because: "broker")
        try await fleet.isNotReady(.signer, because: "broker")
        try await fleet.isNotReady(.confirmer, because: "broker")
        try await fleet.servers.startBroker()
        try await fleet.workersAreReady()
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
      }
    }

    @Test("A broker that is SIGKILLed twice and forgets its last messages: all are paid once")
    func brokerIsKilled() async throws {
      try await Fleet.run("broker-killed") { fleet in
        let orders = try Order.many(60)
        async let killing: Void = interrupt(fleet, times: 2) {
          try await fleet.servers.broker?.kill()
        } restart: {
          try await fleet.servers.startBroker()
        }
        let created = try await fleet.createInWaves(
          orders, prefix: "broker", waves: 12, pause: .milliseconds(800))
        try await killing
        try await fleet.workersAreReady()
        try await fleet.allArePaidOnce(orders, created, within: .seconds(120))
      }
    }

    @Test("A store that is SIGKILLed twice: workers say that they wait, and all are paid once")
    func storeIsKilled() async throws {
      var options = FleetOptions()
      options.storeSyncsOnCommit = true
      try await Fleet.run("store-killed", options) { fleet in
        let orders = try Order.many(40)
        async let killing: Void = interrupt(fleet, times: 2) {
          try await fleet.servers.store?.kill()
          for worker in Worker.allCases { try await fleet.isNotReady(worker, because: "store") }
          // Health is read from what is looked at every few seconds.
          try await eventually("health says that the store is away", within: .seconds(20)) {
            let health = try await fleet.api.copies[0].get("/api/payment/health")
            return .when(health.status == 503, otherwise: health.text)
          }
        } restart: {
          try await fleet.servers.startStore()
        }
        let created = try await fleet.createInWaves(
          orders, prefix: "store", waves: 10, pause: .milliseconds(800))
        try await killing
        try await fleet.workersAreReady()
        try await fleet.allArePaidOnce(orders, created, within: .seconds(120))
      }
    }

    @Test("A node that is SIGKILLed and away for a while: payouts wait for it and are paid once")
    func nodeIsAway() async throws {
      try await Fleet.run("node-away") { fleet in
        let orders = try Order.many(20)
        async let killing: Void = interrupt(fleet, times: 1) {
          try await fleet.devnet.process.kill()
          try await fleet.isNotReady(.confirmer, because: "unreachable")
        } restart: {
          try await fleet.devnet.process.start()
        }
        let created = try await fleet.createInWaves(
          orders, prefix: "node", waves: 5, pause: .milliseconds(600))
        try await killing
        try await fleet.workersAreReady()
        try await fleet.allArePaidOnce(orders, created, within: .seconds(90))
      }
    }

    /// Takes something away for a moment and gives it back, a few times while payouts are made.
    private func interrupt(
      _ fleet: Fleet, times: Int, away: @Sendable () async throws -> Void,
      restart: @Sendable () async throws -> Void
    ) async throws {
      for _ in 0..<times {
        try await Task.sleep(for: .seconds(2))
        try await away()
        try await Task.sleep(for: .seconds(1))
        try await restart()
      }
    }
  }
}

extension Fleet {
  /// Waits until every copy of a worker says that it is not ready, and names the reason.
  func isNotReady(_ worker: Worker, because word: String) async throws {
    for copy in processes(worker) {
      try await eventually("\(copy.process.name) says that it waits", within: .seconds(40)) {
        do {
          let (isReady, text) = try await copy.readiness()
          return .when(!isReady && (word.isEmpty || text.contains(word)), otherwise: text)
        } catch let problem as Problem {
          return .notYet(problem.description)
        }
      }
    }
  }
}
