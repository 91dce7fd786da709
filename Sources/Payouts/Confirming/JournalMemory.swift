import Tron

/// What a Confirmer has read of one journal partition since it took it (rule R2). Starts empty;
/// a record enters when it is read, before any later record is looked at.
struct JournalMemory {
  /// What was read of one transfer.
  struct Entry {
    var evidence = JournalEvidence()
    /// What the transfer is, as its PLAN or VOID says; `nil` when neither was read.
    var terms: TransferTerms?
    /// Whole plans, for putting them back into a store that was rolled back (rule C1).
    var plans: [TransactionID: Plan] = [:]
    var settlement: Settlement?
    /// Where the first record stands that ends a payout unpaid with this transfer.
    var ends: [PayoutID: Int64] = [:]
    /// Whether the store was seen to know the end; see ``JournalMemory/forget(before:)``.
    var isClosed = false
    var lastOffset: Int64
    var lastRead: UnixMilliseconds
  }

  /// The position that the store had when it was last looked at.
  struct Written: Hashable {
    var position: JournalPosition?
  }

  private var entries: [TransferID: Entry] = [:]
  /// The transfers that name a payout.
  private var naming: [PayoutID: Set<TransferID>] = [:]
  private var transactions: Set<TransactionID> = []
  /// The highest epoch that the partition names.
  private(set) var epoch: Int64 = 0
  /// The offset after the last record whose effect is stored.
  private(set) var position: Int64?
  /// The stored position as this process knows it; `nil` before the first look.
  var written: Written?
  /// Whether the store fell back and not everything here was looked at since.
  private(set) var isReopened = false

  /// How many transfers are remembered.
  var count: Int { entries.count }

  mutating func read(
    _ record: JournalRecord, offset: Int64, at time: UnixMilliseconds
  ) {
    guard let id = record.transferID else {
      if case .epoch(let number) = record { epoch = max(epoch, number) }
      return
    }
    var entry = entries[id] ?? Entry(lastOffset: offset, lastRead: time)
    entry.lastOffset = max(entry.lastOffset, offset)
    entry.lastRead = max(entry.lastRead, time)
    switch record {
    case .plan(let plan):
      entry.evidence.plans.insert(plan.attempt.txid)
      entry.plans[plan.attempt.txid] = plan
      entry.terms = TransferTerms(plan)
      transactions.insert(plan.attempt.txid)
      note(plan.members, of: id)
    case .void(let void):
      entry.evidence.withdrawn = (entry.evidence.withdrawn ?? []).union(void.withdrawn)
      entry.end(void.withdrawn, at: offset)
      entry.terms = entry.terms ?? TransferTerms(void)
      note(void.members, of: id)
    case .settled(let settlement):
      if entry.evidence.settled != .paid {
        entry.evidence.settled = settlement.result
        entry.settlement = settlement
      }
      if settlement.result == .failed { entry.end(entry.terms?.members ?? [], at: offset) }
    case .epoch: break
    }
    entries[id] = entry
  }

  /// Whether another transfer that names the payout ended it unpaid, in an earlier record than this one:
  /// of two ends of one payout the first is told, whoever reads them.
  func hasEarlierEnd(of payout: PayoutID, than id: TransferID) -> Bool {
    let own = entries[id]?.ends[payout] ?? .max
    return (naming[payout] ?? []).contains { rival in
      rival != id && (entries[rival]?.ends[payout]).map { $0 < own } ?? false
    }
  }

  private mutating func note(_ members: [PayoutID], of id: TransferID) {
    for member in members { naming[member, default: []].insert(id) }
  }

  /// Notes that everything before this offset was read.
  mutating func advance(to offset: Int64) { position = max(position ?? 0, offset) }

  func entry(_ id: TransferID) -> Entry? { entries[id] }

  func evidence(of id: TransferID) -> JournalEvidence { entries[id]?.evidence ?? JournalEvidence() }

  /// Other transfers of which a record was read that names a member.
  func rivals(of transfer: Transfer) -> Set<TransferID> {
    var rivals: Set<TransferID> = []
    for member in transfer.members { rivals.formUnion(naming[member] ?? []) }
    rivals.remove(transfer.id)
    return rivals
  }

  /// Whether a PLAN of the transaction was read, whosever it is.
  func knows(_ txid: TransactionID) -> Bool { transactions.contains(txid) }

  func plan(_ txid: TransactionID, of id: TransferID) -> Plan? { entries[id]?.plans[txid] }

  func plans(of id: TransferID) -> [Plan] {
    (entries[id].map { Array($0.plans.values) } ?? []).sorted {
      $0.attempt.number < $1.attempt.number
    }
  }

  func settlement(of id: TransferID) -> Settlement? { entries[id]?.settlement }

  /// Transfers that the store may have lost, or attempts of them.
  var unclosed: [TransferID] { entries.filter { !$0.value.isClosed }.map(\.key) }

  /// The store knows the end. That counts once the position behind the record of the end is stored as
  /// well: should the store fall back to before the end, so does the position, and that is noticed. What
  /// a payment was made of is not needed any more; what failed must be proven dead again after a fall.
  mutating func close(_ id: TransferID) {
    guard let entry = entries[id], entry.evidence.forbidsArming,
      let stored = written?.position, stored.offset > entry.lastOffset
    else { return }
    entries[id]?.isClosed = true
    if entry.evidence.settled == .paid { entries[id]?.plans = [:] }
  }

  /// The store fell back: what it knew is not certain any more.
  mutating func reopen() {
    isReopened = true
    for id in entries.keys { entries[id]?.isClosed = false }
  }

  /// Everything was looked at since.
  mutating func repaired() { isReopened = false }

  /// Forgets what a new owner of the partition would not read either, but nothing whose end the store
  /// does not know: what is older than the horizon is dead on the chain *or paid*, and only a store that
  /// knows which makes forgetting safe.
  mutating func forget(before time: UnixMilliseconds) {
    for (id, entry) in entries where entry.isClosed && entry.lastRead < time {
      entries[id] = nil
      transactions.subtract(entry.evidence.plans)
      for member in entry.terms?.members ?? [] {
        naming[member]?.remove(id)
        if naming[member]?.isEmpty == true { naming[member] = nil }
      }
    }
  }
}

extension JournalMemory.Entry {
  fileprivate mutating func end(_ payouts: [PayoutID], at offset: Int64) {
    for payout in payouts { ends[payout] = min(ends[payout] ?? offset, offset) }
  }
}
