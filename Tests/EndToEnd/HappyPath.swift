import Testing
import Tron

extension WholeFleet {
  @Suite("Nothing is killed")
  struct NothingIsKilled {
    @Test(
      "25 payouts become 25 exact transfers, and the API tells what the chain knows; a worker with another number of partitions does not start"
    )
    func twentyFivePayouts() async throws {
      try await Fleet.run("happy-path") { fleet in
        for worker in ["batcher", "ingest"] {
          try await endsOnOtherPartitions(worker, fleet)
        }
        let orders = try Order.many(25)
        let created = try await fleet.api.create(orders, prefix: "happy")
        for (order, view) in zip(orders, created) {
          try #require(["pending", "processing"].contains(view.status))
          try #require(view.recipient == order.recipient.base58)
          try #require(view.amount == Double(order.cents) / 100)
        }
        let confirmed = try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
        for view in confirmed {
          try #require(view.failure == nil)
          try #require(view.confirmations != nil)
          try #require((view.fee ?? 0) > 0, "the chain charged something")
          try #require(view.txid?.count == 64)
          try #require(view.confirmedAt != nil && view.blockTimestamp != nil)
        }
      }
    }

    /// The database knows the number that its transfers were spread over.
    private func endsOnOtherPartitions(_ worker: String, _ fleet: Fleet) async throws {
      var environment = fleet.environment
      environment["KAFKA_PARTITIONS"] = "5"
      environment["OPS_PORT"] = "0"
      environment["HTTP_PORT"] = "0"
      environment["JWT_HS256_SECRET_FILE"] = fleet.directory.appending(path: "jwt-secret").path
      let ended = try await runToEnd(
        Workspace.binary(worker), [], environment: environment, in: fleet.directory,
        within: .seconds(30))
      try #require(ended.status == 78, "\(worker): \(ended.errors)")
      try #require(
        ended.errors.contains("\(worker): KAFKA_PARTITIONS: is 5, but")
          && ended.errors.contains("for example KAFKA_PARTITIONS=4"), "\(ended.errors)")
    }
  }
}
