import Payouts
import Tron

/// The calls that concern batches.
enum BatchCall: CaseIterable {
  case prepare, decide, admit, discard
}

extension MemoryStore: BatchStore {
  /// Does it unless a fault was laid that keeps it from happening; then throws that fault.
  private func call<Answer: Sendable>(
    _ kind: BatchCall, _ body: (inout State) -> Answer
  ) throws(StoreError) -> Answer {
    let (answer, fault) = state.withLock { state -> (Answer?, StoreError?) in
      let fault = state.batchFaults.removeValue(forKey: kind)
      if let fault, !fault.isWritten { return (nil, fault.0) }
      return (body(&state), fault?.0)
    }
    if let fault { throw fault }
    guard let answer else {
      throw StoreError(code: .unavailable, effect: .none, message: "no answer")
    }
    return answer
  }

  func prepare(_ payouts: [Payout]) async throws(StoreError) -> BatchPreparation {
    await passPause()
    return try call(.prepare) { state in
      for (index, payout) in payouts.enumerated() {
        let insertion = Self.insert(payout, into: &state.payouts)
        guard insertion == .inserted else { return .refused(index: index, insertion) }
      }
      return .prepared
    }
  }

  func decide(
    _ decision: BatchDecision, on id: BatchID
  ) async throws(StoreError) -> BatchDecision {
    try call(.decide) { state in
      let standing = state.batches[id] ?? decision
      state.batches[id] = standing
      return standing
    }
  }

  func decisions(
    on ids: [BatchID]
  ) async throws(StoreError) -> [BatchID: BatchDecision] {
    if let fault = state.withLock({ $0.readFault }) { throw fault }
    return state.withLock { state in state.batches.filter { ids.contains($0.key) } }
  }

  func admitPayouts(of batch: Batch) async throws(StoreError) {
    try call(.admit) { state in
      for id in batch.payoutIDs where state.payouts[id]?.state == .prepared {
        state.payouts[id] = state.payouts[id]?.admitted
      }
    }
  }

  func discard(_ payouts: [PayoutID], of batch: BatchID) async throws(StoreError) {
    try call(.discard) { state in
      for id in payouts where state.payouts[id]?.state == .prepared {
        state.payouts[id] = nil
      }
    }
  }
}
