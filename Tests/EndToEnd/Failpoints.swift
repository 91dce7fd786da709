import Foundation
import Payouts
import Testing

extension WholeFleet {
  @Suite("Processes kill themselves between two steps of the protocol")
  struct KillingThemselves {
    @Test("Every failpoint kills its process once, and every payout is paid once or fails unpaid")
    func everyFailpoint() async throws {
      let state = FileManager.default.temporaryDirectory
        .appending(path: "failpoints-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
      defer { remove(state) }
      var options = FleetOptions()
      for worker in Worker.allCases {
        let points = Failpoint.allCases.map(\.rawValue).filter { $0.hasPrefix(worker.rawValue) }
        options.environment[worker] = [
          "FAILPOINTS": points.joined(separator: ","), "FAILPOINTS_STATE_DIR": state.path,
        ]
      }
      options.startsWorkers = false
      try await Fleet.run("failpoints", options) { fleet in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await fleet.restartTheDead() }
          group.addTask { try await payAndFail(fleet) }
          // The restarts end only by a failure or by the cancellation below.
          try await group.next()
          group.cancelAll()
        }
        let hit = try FileManager.default.contentsOfDirectory(atPath: state.path)
        let missed = Set(Failpoint.allCases.map(\.rawValue)).subtracting(hit)
        try #require(missed.isEmpty, "never reached: \(missed.sorted())")
      }
    }

    /// Some payouts, alone and in batches, that are paid, and then some whose transfers fail on the chain until no more
    /// is tried: between them they pass every step.
    private func payAndFail(_ fleet: Fleet) async throws {
      let singles = try Order.many(30)
      let batches = try (0..<3).map { _ in try Order.many(4) }
      async let batched = fleet.api.createBatches(batches, prefix: "batch")
      var created = try await fleet.createInWaves(
        singles, prefix: "paid", waves: 6, pause: .milliseconds(300))
      for batch in try await batched {
        created += try await inParallel(batch.payoutIDs, atOnce: 4) {
          try await fleet.api.payout($0, waitingForAdmission: true)
        }
      }
      var paid = singles + batches.flatMap(\.self)
      try await fleet.allArePaidOnce(paid, created, within: .seconds(120))

      for (order, payout) in try await cancelSome(fleet) {
        paid.append(order)
        created.append(payout)
      }
      try await fleet.devnet.exhaustEnergy()
      let failing = try Order.many(3)
      let doomed = try await fleet.api.create(failing, prefix: "doomed")
      let failed = try await fleet.api.reach("failed", doomed.map(\.id), within: .seconds(120))
      try #require(failed.allSatisfy { $0.failure?.code == "LUCID_ERR_2008" })

      let views = try await fleet.api.reach("confirmed", created.map(\.id), within: .seconds(10))
      try await fleet.chainHolds(zip(paid, views).map { ($0, $1) })
      try await fleet.auditIsClean()
      try await fleet.limitsAreExact()
    }

    /// Cancels some at once; answers those for which it was too late.
    private func cancelSome(_ fleet: Fleet) async throws -> [(Order, PayoutView)] {
      let orders = try Order.many(12)
      let outcomes = try await inParallel(Array(orders.enumerated()), atOnce: 4) { number, order in
        let payout = try await fleet.api.create(order, key: "cancelled-\(number)")
        return (payout, try await fleet.api.cancel(payout.id))
      }
      try #require(outcomes.contains { $0.1 }, "none was cancelled in time")
      for (payout, isCancelled) in outcomes {
        let status = isCancelled ? "cancelled" : "confirmed"
        _ = try await fleet.api.reach(status, [payout.id], within: .seconds(60))
      }
      return zip(orders, outcomes).filter { !$1.1 }.map { ($0, $1.0) }
    }

    private func remove(_ directory: URL) {
      do {
        try FileManager.default.removeItem(at: directory)
      } catch {
        print("left behind: \(directory.path)")
      }
    }
  }
}
