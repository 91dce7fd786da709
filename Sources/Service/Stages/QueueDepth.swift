import Payouts

/// How much waits where, as the store counts it.
public enum QueueDepth {
  /// Counts what is not final, by state, at intervals: what is final grows for ever, and so would the
  /// counting. One process of each kind is enough.
  public static func task(
    payouts: any PayoutStore, transfers: any TransferStore, interval: Duration = .seconds(15),
    context: LoopContext
  ) -> PeriodicTask {
    PeriodicTask(name: "queue_depth", interval: interval, mostShare: 0.1, context: context) {
      let waiting = PayoutState.allCases.filter { !$0.isFinal }
      let payouts = try await payouts.count(in: waiting)
      for state in waiting {
        MetricNames.storedPayouts.gauge(("state", state.rawValue)).set(payouts[state] ?? 0)
      }
      let open = TransferState.allCases.filter(\.isOpen)
      let transfers = try await transfers.count(in: open)
      for state in open {
        MetricNames.storedTransfers.gauge(("state", state.rawValue)).set(transfers[state] ?? 0)
      }
    }
  }
}
