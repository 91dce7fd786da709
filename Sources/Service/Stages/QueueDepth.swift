import Payouts

/// How much waits where, as the store counts it.
public enum QueueDepth {
  /// Counts payouts and transfers by state at intervals; one process of each kind is enough.
  public static func task(
    payouts: any PayoutStore, transfers: any TransferStore, interval: Duration = .seconds(15),
    context: LoopContext
  ) -> PeriodicTask {
    PeriodicTask(name: "queue_depth", interval: interval, context: context) {
      let payouts = try await payouts.countByState()
      for state in PayoutState.allCases {
        MetricNames.storedPayouts.gauge(("state", state.rawValue)).set(payouts[state] ?? 0)
      }
      let transfers = try await transfers.countByState()
      for state in TransferState.allCases {
        MetricNames.storedTransfers.gauge(("state", state.rawValue)).set(transfers[state] ?? 0)
      }
    }
  }
}
