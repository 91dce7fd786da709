import Tron

/// A solidified transaction of one of our wallets that memory does not know.
struct ForeignCandidate: Hashable {
  var txid: TransactionID
  var wallet: TronAddress
  /// The contract's type, as the node names it; `nil` when it could not be read.
  var contract: String?
  /// When this Confirmer first saw it.
  var seenAt: UnixMilliseconds
}

/// Solidified transactions of our wallets that are still to be explained.
struct ForeignCandidates {
  // LIMIT: while so many are to be looked into, no further blocks are read.
  private static let capacity = 10_000

  private(set) var pending: [TransactionID: ForeignCandidate] = [:]
  /// Judged already; a view that begins anew shows them again.
  private var judged: Set<TransactionID> = []

  /// Whether no more blocks should be read until some of these are explained or judged.
  var isFull: Bool { pending.count >= Self.capacity }

  /// Notes solidified transactions of our wallets.
  mutating func note(_ transactions: [ChainTransaction], at now: UnixMilliseconds) {
    for transaction in transactions {
      guard let owner = transaction.owner, !judged.contains(transaction.txid),
        pending[transaction.txid] == nil
      else { continue }
      pending[transaction.txid] = ForeignCandidate(
        txid: transaction.txid, wallet: owner, contract: transaction.contract, seenAt: now)
    }
  }

  mutating func explained(_ txids: Set<TransactionID>) {
    for txid in txids { pending[txid] = nil }
  }

  mutating func judged(_ candidates: [ForeignCandidate]) {
    if judged.count > Self.capacity { judged = [] }
    for candidate in candidates {
      pending[candidate.txid] = nil
      judged.insert(candidate.txid)
    }
  }
}

/// Looks for solidified transactions of our wallets that no attempt of ours explains: somebody else
/// has the key. Such a foreign spend opens the breaker at once, and only a person closes it.
public struct ForeignSpendWatch: Sendable {
  private let context: ConfirmerContext
  private let store: any BreakerStore
  private let control: BreakerControl

  // LIMIT: transactions looked up in one call.
  private static let bulk = 500
  /// What takes nothing out of the wallet: stake, votes, energy lent and taken back, rewards.
  private static let harmless: Set<String> = [
    "FreezeBalanceContract", "UnfreezeBalanceContract", "FreezeBalanceV2Contract",
    "UnfreezeBalanceV2Contract", "WithdrawExpireUnfreezeContract", "CancelAllUnfreezeV2Contract",
    "VoteWitnessContract", "WithdrawBalanceContract", "DelegateResourceContract",
    "UnDelegateResourceContract", "AccountUpdateContract", "SetAccountIdContract",
  ]

  /// Collects the parts.
  public init(context: ConfirmerContext, store: any BreakerStore, control: BreakerControl) {
    self.context = context
    self.store = store
    self.control = control
  }

  /// One look; call it every second. No store call when nothing is unexplained.
  ///
  /// A transaction is foreign when it is in no stored transfer and in no PLAN that we read, although
  /// we have read our journal to its end since we saw it, and although a store that was rolled back
  /// had time to get it back from the journal (rule C1).
  public func look() async throws(StoreError) {
    let pending = context.state.with { Array($0.foreign.pending.values) }
    for start in stride(from: 0, to: pending.count, by: Self.bulk) {
      try await look(Array(pending[start..<min(start + Self.bulk, pending.count)]))
    }
  }

  private func look(_ pending: [ForeignCandidate]) async throws(StoreError) {
    let known = try await store.known(pending.map(\.txid))
    let now = context.clock.now()
    let foreign = context.state.with { contents in
      let planned = pending.map(\.txid).filter(contents.isPlanned)
      let explained = known.union(planned)
      contents.foreign.explained(explained)
      let graceStart = now.advanced(milliseconds: -context.policy.foreignSpendGrace.milliseconds)
      return pending.filter { candidate in
        !explained.contains(candidate.txid) && candidate.seenAt <= graceStart
          && contents.journalReadAt.map { $0 > candidate.seenAt } ?? false
      }
    }
    guard !foreign.isEmpty else { return }
    try await judge(foreign)
    context.state.with { $0.foreign.judged(foreign) }
  }

  private func judge(_ foreign: [ForeignCandidate]) async throws(StoreError) {
    // A person who closed the breaker since has seen those that opened it.
    let seen = Set(try await control.now().spends)
    let spends = foreign.filter {
      !Self.harmless.contains($0.contract ?? "") && !seen.contains($0.txid)
    }
    for candidate in foreign {
      context.observer.observe(
        .foreignTransaction(
          candidate.txid, wallet: candidate.wallet, contract: candidate.contract ?? "unknown",
          isSpend: spends.contains(candidate)))
    }
    guard let first = spends.min(by: { $0.seenAt < $1.seenAt }) else { return }
    let more = spends.count > 1 ? " and \(spends.count - 1) more" : ""
    try await control.apply(
      .foreignSpendSeen(
        "\(first.contract ?? "a transaction") \(first.txid) of \(first.wallet)\(more) is not ours",
        txids: spends.map(\.txid)),
      by: .system("confirmer"))
  }
}
