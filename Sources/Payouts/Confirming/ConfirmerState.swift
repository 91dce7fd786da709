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

    /// The highest epoch that any owned partition names.
    var journalEpoch: Int64 { journals.values.map(\.epoch).max() ?? 0 }

    func evidence(of transfer: Transfer) -> JournalEvidence {
      journals[transfer.partition]?.evidence(of: transfer.id) ?? JournalEvidence()
    }

    /// Accounts whose transactions matter: our wallets, and every owner of a watched attempt.
    var owners: Set<TronAddress> {
      wallets.union(watch.liveAttempts.map(\.attempt.owner))
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
