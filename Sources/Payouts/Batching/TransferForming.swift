import Tron

/// Forms transfers out of payouts that carry them. Pure.
enum TransferForming {
  /// The transfer of a group of payouts, or of a single one.
  static func transferID(of group: [Payout]) -> TransferID {
    TransferID(
      members: group.map(\.id), generation: group.map(\.generation).max() ?? 0)
  }

  /// Rule B2: one transfer for each group of payouts that really carry it, with their sum.
  ///
  /// An id means its members: when others than those that it was derived from carry it, or one of them
  /// is withdrawn or held back, the transfer is `voiding` from its first moment, and those who carry it
  /// wait for another one.
  ///
  /// A group whose members do not all have one recipient and one router, or whose sum does not
  /// fit, is left out: no transfer is better than a wrong one.
  ///
  /// - Parameter heldBack: payouts that may not be paid now.
  static func transfers(
    of members: [Payout], heldBack: Set<PayoutID> = [], partitions: Int32,
    at now: UnixMilliseconds
  ) -> [Transfer] {
    let groups = Dictionary(grouping: members) { $0.transferID }
    return groups.compactMap { id, payouts in
      guard let id,
        var transfer = transfer(id, of: payouts, partitions: partitions, at: now)
      else { return nil }
      transfer.withdrawn = payouts.filter(\.isWithdrawn).map(\.id).sorted()
      let isWhole = transferID(of: payouts) == id && transfer.withdrawn.isEmpty
      if !isWhole || !heldBack.isDisjoint(with: transfer.members) { transfer.state = .voiding }
      return transfer
    }.sorted { $0.id < $1.id }
  }

  private static func transfer(
    _ id: TransferID, of payouts: [Payout], partitions: Int32, at now: UnixMilliseconds
  ) -> Transfer? {
    guard let first = payouts.first else { return nil }
    var sum = USDTAmount.zero
    for payout in payouts {
      guard payout.request.recipient == first.request.recipient,
        payout.request.router == first.request.router,
        let next = sum.adding(payout.request.amount)
      else { return nil }
      sum = next
    }
    let lanes = Set(payouts.map(\.request.priority.lane))
    var transfer = Transfer(
      id: id, members: payouts.map(\.id).sorted(), recipient: first.request.recipient,
      amount: sum, router: first.request.router,
      lane: Lane.allCases.first { lanes.contains($0) } ?? .normal,
      partition: JournalPartition.of(
        router: first.request.router, recipient: first.request.recipient, partitions: partitions),
      createdAt: now)
    // The same whoever forms it: every copy must form an equal transfer.
    transfer.trace = payouts.min { $0.id < $1.id }?.trace
    return transfer
  }
}
