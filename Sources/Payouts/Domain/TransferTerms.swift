import Tron

/// What a transfer is, as the journal tells it: enough to put one back that the store lost.
public struct TransferTerms: Hashable, Sendable {
  /// The payouts that it pays.
  public var members: [PayoutID]
  /// Who is paid.
  public var recipient: TronAddress
  /// The sum.
  public var amount: USDTAmount
  /// Whose wallet pays.
  public var router: RouterType
  /// The topic of its hints.
  public var lane: Lane

  /// As a PLAN has it.
  public init(_ plan: Plan) {
    members = plan.members
    recipient = plan.recipient
    amount = plan.amount
    router = plan.router
    lane = plan.lane
  }

  /// As a VOID has it.
  public init(_ void: VoidRecord) {
    members = void.members
    recipient = void.recipient
    amount = void.amount
    router = void.router
    lane = void.lane
  }
}

extension Transfer {
  /// A transfer that the store lost, put back (rule C1): with every attempt of the journal, live and
  /// unarmed, so that nothing is planned for it before they are proven dead. One whose VOID was read
  /// comes back `voiding`, with those it withdraws.
  public init(
    restoring id: TransferID, _ terms: TransferTerms, plans: [Plan], withdrawn: Set<PayoutID>?,
    partition: Int32, at now: UnixMilliseconds
  ) {
    self.init(
      id: id, members: terms.members, recipient: terms.recipient, amount: terms.amount,
      router: terms.router, lane: terms.lane, partition: partition, createdAt: now)
    attempts = plans.map { Attempt(restoring: $0.attempt) }
    nextAttempt = (attempts.map(\.number).max() ?? 0) + 1
    if let withdrawn {
      state = .voiding
      self.withdrawn = withdrawn.sorted()
    }
  }
}

extension Attempt {
  /// The attempt of a PLAN, of which the store knows nothing more.
  init(restoring attempt: Attempt) {
    self = attempt
    signature = nil
    armed = false
    included = nil
    death = nil
  }
}
