import Foundation
import Testing

extension WholeFleet {
  @Suite("Payouts are cancelled")
  struct Cancelling {
    @Test("Cancelling races signing: what is cancelled is never paid, what is not is paid once")
    func race() async throws {
      try await Fleet.run("cancel-race", FleetOptions(copies: 2)) { fleet in
        let orders = try Order.many(80)
        let outcomes = try await inParallel(Array(orders.enumerated()), atOnce: 16) {
          number, order in
          let payout = try await fleet.api.create(order, key: "race-\(number)")
          // Some at once, some when the workers have had time for it.
          try await Task.sleep(for: .milliseconds(number % 8 * 60))
          return (payout, try await fleet.api.cancel(payout.id))
        }
        let paid = outcomes.indices.filter { !outcomes[$0].1 }
        let cancelled = outcomes.filter(\.1)
        print("cancelled \(cancelled.count), too late for \(paid.count)")
        try #require(!paid.isEmpty && !cancelled.isEmpty, "the race has one winner only")
        try await fleet.allArePaidOnce(
          paid.map { orders[$0] }, paid.map { outcomes[$0].0 }, within: .seconds(90))
        for (payout, _) in cancelled {
          let view = try await fleet.api.payout(payout.id)
          try #require(view.status == "cancelled" && view.txid == nil)
          try #require(try await fleet.api.cancel(payout.id))
        }
      }
    }

    @Test("While no Signer runs all of a batch is cancelled, Confirmers being killed meanwhile")
    func batch() async throws {
      try await Fleet.run("cancel-batch") { fleet in
        for signer in fleet.processes(.signer) { try await signer.process.kill() }
        let batch = try await fleet.api.createBatch(try Order.many(20), key: "batch")
        for confirmer in fleet.processes(.confirmer) { try await confirmer.process.kill() }
        let path = "/api/payment/payouts/batch/\(batch.id)/cancel"
        let waits = try await fleet.api.copies[0].post(path, "", headers: fleet.api.authorization)
        try #require(waits.status == 202, "nobody can have read the records: \(waits.text)")
        try await fleet.startWorkers()
        _ = try await fleet.api.reach("cancelled", batch.payoutIDs, within: .seconds(60))
        let view = try await fleet.api.batch(batch.id)
        try #require(view.status == "cancelled" && view.cancelled == 20)
        // The Signer is back, and the sweepers have had their time: still nothing leaves the wallet.
        let later = try Order.many(1)
        let payout = try await fleet.api.create(later[0], key: "later")
        try await fleet.allArePaidOnce(later, [payout], within: .seconds(60))
      }
    }
  }
}
