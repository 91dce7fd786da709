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
    /// When everything in our journal partitions was read for the last time; `nil` until then, and
    /// when partitions came since.
    var journalReadAt: UnixMilliseconds?

    /// The highest epoch that any owned partition names.
    var journalEpoch: Int64 { journals.values.map(\.epoch).max() ?? 0 }

    /// Accounts whose transactions matter: our wallets, and every owner of a watched attempt.
    var owners: Set<TronAddress> {
      wallets.union(watch.liveAttempts.map(\.attempt.owner))
    }

    /// Notes the transactions of our wallets in a solidified block that nobody watches.
    mutating func noteForeign(_ block: ChainBlock, at now: UnixMilliseconds) {
      let wallets = wallets
      let ours = block.transactions.filter { $0.owner.map(wallets.contains) ?? false }
      guard !ours.isEmpty else { return }
      let watched = Set(watch.transfers.values.flatMap { $0.attempts.map(\.txid) })
      foreign.note(ours.filter { !watched.contains($0.txid) }, at: now)
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
