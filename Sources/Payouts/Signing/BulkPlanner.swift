import Tron

/// Decides for a bulk of transfers, one after the other, what the Signer writes: an attempt, or
/// why the transfer waits. Each reserves its share of the wallet before the next is looked at.
struct BulkPlanner {
  let planning: AttemptPlanning
  let head: ChainHead
  let epoch: Int64
  let now: UnixMilliseconds
  let owners: [RouterType: TronAddress]
  var budgets: [RouterType: WalletBudget]
  /// What the Signer's own caps leave; a router without caps is absent.
  var rooms: [RouterType: CapRoom] = [:]

  /// The write for a `ready` transfer; `nil` when there is nothing to write.
  mutating func change(for transfer: Transfer, members: [Payout]) -> TransferChange? {
    guard !transfer.hasLiveAttempt else { return nil }
    switch verdict(on: transfer, members) {
    case .plan(let owner, let feeLimit):
      do throws(TransactionError) {
        let attempt = try planning.attempt(
          of: transfer, owner: owner, head: head, epoch: epoch, feeLimit: feeLimit)
        return write(transfer, transfer.planned(attempt, at: now))
      } catch {
        return write(transfer, transfer.held(.inconsistent, at: now))
      }
    case .hold(let reason):
      return write(transfer, transfer.held(reason, at: now))
    }
  }

  /// The write for a `held` transfer: released when it could be planned now.
  mutating func release(of transfer: Transfer, members: [Payout]) -> TransferChange? {
    switch verdict(on: transfer, members) {
    case .plan: write(transfer, transfer.released(at: now))
    case .hold(let reason): write(transfer, transfer.held(reason, at: now))
    }
  }

  private enum Verdict {
    case plan(owner: TronAddress, feeLimit: Sun)
    case hold(Hold.Reason)
  }

  private mutating func verdict(on transfer: Transfer, _ members: [Payout]) -> Verdict {
    guard let owner = owners[transfer.router] else { return .hold(.noWallet) }
    guard planning.objection(to: transfer, members: members) == nil else {
      return .hold(.inconsistent)
    }
    guard transfer.amount <= planning.policy.transferCap else { return .hold(.aboveSignerCap) }
    guard let feeLimit = planning.feeLimit(head) else { return .hold(.feeLimitTooLow) }
    if rooms[transfer.router]?.fits(transfer.amount) == false {
      return .hold(.signerLimitReached)
    }
    // Routers with one wallet share one budget: keep them equal.
    guard var budget = budgets[transfer.router] else { return .hold(.insufficientUSDT) }
    if let missing = budget.reserve(transfer) { return .hold(missing) }
    for (router, address) in owners where address == owner { budgets[router] = budget }
    rooms[transfer.router]?.take(transfer.amount)
    return .plan(owner: owner, feeLimit: feeLimit)
  }

  private func write(_ old: Transfer, _ transition: Transition) -> TransferChange? {
    guard case .changed(let new) = transition else { return nil }
    return TransferChange(from: old, to: new)
  }
}
