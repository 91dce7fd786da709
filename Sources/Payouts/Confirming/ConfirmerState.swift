import Synchronization
import Tron

/// Everything a Confirmer remembers, behind one lock: what it read of its journal partitions, what
/// it watches, and what the nodes told of the chain. Losing it all is harmless.
final class ConfirmerState: Sendable {
  struct Contents {
    var journals: [Int32: JournalMemory] = [:]
    var watch = WatchList()
    var solid: [String: SolidChainView] = [:]
    var head = HeadChainView()
    var wallets: Set<TronAddress> = []
    var foreign = ForeignCandidates()
    /// Since when each wallet is ours, where it is known.
    var walletsSince: [TronAddress: UnixMilliseconds] = [:]
    /// How far each of our journal partitions was read.
    var reading: [Int32: JournalReading] = [:]

    /// Everything that was appended to our partitions before this was read; `nil` when that is not
    /// known of one of them, or when there is none.
    var journalReadAt: UnixMilliseconds? {
      let times = reading.values.map(\.readAt)
      guard !times.contains(nil) else { return nil }
      return times.compactMap(\.self).min()
    }

    /// The highest epoch that any owned partition names.
    var journalEpoch: Int64 { journals.values.map(\.epoch).max() ?? 0 }

    /// Accounts whose transactions matter: our wallets, and every owner of a watched attempt.
    var owners: Set<TronAddress> {
      wallets.union(watch.liveAttempts.map(\.attempt.owner))
    }

    /// Takes the wallets as the store has them.
    mutating func take(_ wallets: [Wallet]) {
      self.wallets = Set(wallets.map(\.address))
      walletsSince = Dictionary(
        wallets.compactMap { wallet in wallet.registeredAt.map { (wallet.address, $0) } },
        uniquingKeysWith: min)
    }

    /// Notes the transactions of our wallets in a solidified block that nobody watches and no PLAN
    /// tells of. What a wallet did before it was registered is not for us to explain.
    ///
    /// - Parameter owners: Whose transactions the view that the block goes into looked for: a wallet
    ///   that came since is looked at when the view begins anew.
    mutating func noteForeign(
      _ block: ChainBlock, owners: Set<TronAddress>, at now: UnixMilliseconds
    ) {
      let (wallets, since) = (wallets.intersection(owners), walletsSince)
      let ours = block.transactions.filter { transaction in
        guard let owner = transaction.owner, wallets.contains(owner) else { return false }
        return since[owner].map { block.time >= $0 } ?? true
      }
      guard !ours.isEmpty else { return }
      let watched = Set(watch.transfers.values.flatMap { $0.attempts.map(\.txid) })
      foreign.note(
        ours.filter { !watched.contains($0.txid) && !isPlanned($0.txid) }, at: now)
    }

    /// Whether a PLAN of the transaction was read in one of our partitions.
    func isPlanned(_ txid: TransactionID) -> Bool {
      journals.values.contains { $0.knows(txid) }
    }

    /// Partitions that are ours now.
    var partitions: Set<Int32> { Set(journals.keys) }

    /// Takes versions of transfers; those of foreign partitions are left to their owners.
    mutating func update(_ transfers: [Transfer]) {
      for transfer in transfers where journals[transfer.partition] != nil { watch.update(transfer) }
    }
  }

  private let contents = Mutex(Contents())

  func with<Result>(_ body: (inout Contents) -> Result) -> Result {
    contents.withLock { body(&$0) }
  }
}
