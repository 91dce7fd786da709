import Tron

extension ConfirmerContext {
  /// What memory holds of each transfer, and what memory and store hold of its rivals.
  func evidence(
    of transfers: [Transfer]
  ) async throws(StoreError) -> [TransferID: JournalEvidence] {
    let rivalries = try await rivalries(of: transfers)
    var answer = state.with { contents in
      Dictionary(
        transfers.map { transfer in
          let journal = contents.journals[transfer.partition]
          return (transfer.id, journal?.evidence(of: transfer.id) ?? JournalEvidence())
        }, uniquingKeysWith: { first, _ in first })
    }
    for transfer in transfers {
      let rivals = rivalries[transfer.id, default: []]
      if rivals.contains(where: \.isLive) { answer[transfer.id]?.hasLiveRival = true }
      if rivals.contains(where: { $0.hasEnded(anyOf: transfer.members) }) {
        answer[transfer.id]?.isBarred = true
      }
    }
    return answer
  }

  /// The rivals that memory knows, as the store has them.
  ///
  /// RACE: they are read before whatever is decided is written. That a rival is dead or has ended unpaid
  /// stays true, even when the store falls back; that it is paid does not, so nothing is told on it.
  /// And of the plans of two rivals the later one's reader has read the earlier.
  func rivalries(
    of transfers: [Transfer]
  ) async throws(StoreError) -> [TransferID: [Rivalry]] {
    let remembered = state.with { contents in
      transfers.compactMap { transfer -> (TransferID, [(TransferID, JournalMemory.Entry)])? in
        guard let journal = contents.journals[transfer.partition] else { return nil }
        let rivals = journal.rivals(of: transfer)
        guard !rivals.isEmpty else { return nil }
        let entries = rivals.sorted().compactMap { id in journal.entry(id).map { (id, $0) } }
        return (transfer.id, entries)
      }
    }
    guard !remembered.isEmpty else { return [:] }
    let ids = Set(remembered.flatMap { $0.1.map(\.0) })
    let found = try await self.transfers.transfers(ids.sorted())
    let stored = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return Dictionary(
      remembered.map { id, rivals in
        (id, rivals.map { Rivalry(memory: $0.1, stored: stored[$0.0]) })
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// Another transfer that names a member of a transfer. Pure.
struct Rivalry {
  /// What was read of the rival.
  var memory: JournalMemory.Entry
  /// The rival in the store, if it is there.
  var stored: Transfer?

  /// Whether a transaction of the rival may pay or has paid. One that ended unpaid is harmless: what was
  /// planned before its end is dead, what comes after is never armed.
  var isLive: Bool {
    guard let stored else { return !memory.evidence.plans.isEmpty }
    switch stored.state {
    case .failed, .cancelled: return false
    case .paid: return true
    case .ready, .held, .planned, .armed, .failing, .voiding:
      return stored.hasLiveAttempt || !memory.evidence.plans.allSatisfy(stored.isProvenDead)
    }
  }

  /// Whether it names the payout.
  func names(_ payout: PayoutID) -> Bool {
    stored?.members.contains(payout) ?? false || memory.terms?.members.contains(payout) ?? false
  }

  /// Whether the rival ended one of these payouts, by the journal or by the store.
  func hasEnded(anyOf members: [PayoutID]) -> Bool {
    if memory.evidence.settled != nil { return true }
    let withdrawn = (memory.evidence.withdrawn ?? []).union(
      stored?.state == .cancelled ? stored?.withdrawn ?? [] : [])
    if !withdrawn.isDisjoint(with: members) { return true }
    return stored?.state == .paid || stored?.state == .failed
  }
}
