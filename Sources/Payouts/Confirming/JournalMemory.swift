import Tron

/// What a Confirmer has read of one journal partition since it took it (rule R2). Starts empty;
/// a record enters when it is read, before any later record is looked at.
struct JournalMemory {
  private struct Entry {
    var evidence = JournalEvidence()
    /// Whole plans, for putting them back into a store that was rolled back (rule C1).
    var plans: [TransactionID: Plan] = [:]
    var failure: Failure?
    var lastRead: UnixMilliseconds
  }

  private var entries: [TransferID: Entry] = [:]
  /// The highest epoch that the partition names.
  private(set) var epoch: Int64 = 0

  /// How many transfers are remembered.
  var count: Int { entries.count }

  mutating func read(_ record: JournalRecord, at time: UnixMilliseconds) {
    guard let id = record.transferID else {
      if case .epoch(let number) = record { epoch = max(epoch, number) }
      return
    }
    var entry = entries[id] ?? Entry(lastRead: time)
    entry.lastRead = max(entry.lastRead, time)
    switch record {
    case .plan(let plan):
      entry.evidence.plans.insert(plan.attempt.txid)
      entry.plans[plan.attempt.txid] = plan
    case .void:
      entry.evidence.isVoid = true
    case .settled(let settlement):
      if entry.evidence.settled != .paid { entry.evidence.settled = settlement.result }
      entry.failure = settlement.failure ?? entry.failure
    case .epoch: break
    }
    entries[id] = entry
  }

  func evidence(of id: TransferID) -> JournalEvidence { entries[id]?.evidence ?? JournalEvidence() }

  /// Whether a PLAN of the transaction was read, whosever it is.
  func knows(_ txid: TransactionID) -> Bool {
    entries.values.contains { $0.evidence.plans.contains(txid) }
  }

  func plan(_ txid: TransactionID, of id: TransferID) -> Plan? { entries[id]?.plans[txid] }

  func plans(of id: TransferID) -> [Plan] {
    (entries[id].map { Array($0.plans.values) } ?? []).sorted {
      $0.attempt.number < $1.attempt.number
    }
  }

  func failure(of id: TransferID) -> Failure? { entries[id]?.failure }

  /// Transfers with plans that may have to be put back into the store.
  var repairable: [TransferID] { entries.filter { !$0.value.plans.isEmpty }.map(\.key) }

  /// The transfer has ended and everyone knows: the evidence stays, the bytes are not needed.
  mutating func forgetPlans(of id: TransferID) { entries[id]?.plans = [:] }

  /// Forgets what a new owner of the partition would not read either.
  mutating func forget(before time: UnixMilliseconds) {
    entries = entries.filter { $0.value.lastRead >= time }
  }
}
