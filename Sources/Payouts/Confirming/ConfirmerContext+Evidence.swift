import Tron

extension ConfirmerContext {
  /// What memory holds of each transfer, and what memory and store hold of its rivals.
  ///
  /// RACE: rivals are read before whatever is decided is written. That a rival's transaction is dead,
  /// or that the rival is closed, stays true; and of the plans of two rivals the later one's reader
  /// has read the earlier.
  func evidence(
    of transfers: [Transfer]
  ) async throws(StoreError) -> [TransferID: JournalEvidence] {
    let remembered = state.with { contents in
      transfers.map { transfer in
        let journal = contents.journals[transfer.partition] ?? JournalMemory()
        return (
          transfer: transfer, evidence: journal.evidence(of: transfer.id),
          rivals: journal.rivals(of: transfer).compactMap { id in
            journal.entry(id).map { (id: id, entry: $0) }
          }
        )
      }
    }
    let ids = Set(remembered.flatMap { $0.rivals.map(\.id) })
    let found = ids.isEmpty ? [] : try await self.transfers.transfers(ids.sorted())
    let stored = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var answer: [TransferID: JournalEvidence] = [:]
    for item in remembered {
      var evidence = item.evidence
      for rival in item.rivals {
        let rivalry = Rivalry(
          memory: rival.entry.evidence, stored: stored[rival.id], members: item.transfer.members)
        if rivalry.isLive { evidence.hasLiveRival = true }
        if rivalry.hasEndedMember { evidence.isBarred = true }
      }
      answer[item.transfer.id] = evidence
    }
    return answer
  }
}

/// What another transfer that names a member means for a transfer. Pure.
struct Rivalry {
  /// What was read of the rival.
  var memory: JournalEvidence
  /// The rival in the store, if it is there.
  var stored: Transfer?
  /// Whom the transfer names.
  var members: [PayoutID]

  /// Whether a transaction of the rival may still pay, or paid and its members were not told yet.
  var isLive: Bool {
    guard let stored else { return !memory.plans.isEmpty }
    if stored.closed { return false }
    return stored.hasLiveAttempt || stored.state == .paid
      || !memory.plans.allSatisfy(stored.isProvenDead)
  }

  /// Whether the rival ended one of the members, by the journal or by the store.
  var hasEndedMember: Bool {
    if memory.settled != nil { return true }
    let withdrawn = (memory.withdrawn ?? []).union(
      stored?.state == .cancelled ? stored?.withdrawn ?? [] : [])
    if !withdrawn.isDisjoint(with: members) { return true }
    return stored?.state == .paid || stored?.state == .failed
  }
}
