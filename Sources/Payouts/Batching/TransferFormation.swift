import Tron

/// Rules B1 to B4: groups of payouts become transfers, and transfers are handed to the Signer. Every
/// step may be repeated by any copy, with the same groups or with others.
///
/// A payout is paid by the transfer that it carries *and* that names it, and the two agree in the
/// end, because
///
/// * an id is derived from its members, a transfer is inserted to be paid only with exactly those, and
///   only one insert of an id succeeds;
/// * a payout takes a transfer by compare-and-set, and leaves it by another one only when that transfer
///   is in the store and can never pay it: it does not name the payout (B4), or it has ended without a
///   payment (C7).
struct TransferFormation {
  let context: BatcherContext

  /// B1: each group is assigned to the transfer that is derived from it. Payouts that moved on stay
  /// where they are.
  func assign(_ groups: [[Payout]]) async throws(StoreError) -> [TransferID] {
    guard !groups.isEmpty else { return [] }
    context.failpoints.reach(.batcherBeforeAssign)
    let ids = groups.map(TransferForming.transferID(of:))
    try await context.payouts.assign(
      zip(ids, groups).flatMap { id, group in
        group.map { PayoutAssignment(payout: $0.id, rev: $0.rev, transfer: id) }
      })
    context.failpoints.reach(.batcherAfterAssign)
    return ids
  }

  /// B2 to B4. Of the transfers that may be there already, only those that still wait get a hint.
  func complete(new: [TransferID], perhapsThere: [TransferID] = []) async throws {
    let there = perhapsThere.isEmpty ? [] : try await context.transfers.transfers(perhapsThere)
    let known = Set(there.map(\.id))
    let missing = perhapsThere.filter { !known.contains($0) }
    var waiting = there.filter { $0.state == .ready }
    if !new.isEmpty { waiting += try await insert(new, wereAllowed: true) }
    // RACE: claimed a while ago, by somebody who died; records may have been revoked since.
    if !missing.isEmpty { waiting += try await insert(missing, wereAllowed: false) }
    guard !waiting.isEmpty else { return }
    try await context.log.append(waiting.map(LogMessages.ready))
    context.failpoints.reach(.batcherAfterHint)
  }

  /// B2: inserts transfers with the payouts that really carry them; answers those that wait.
  private func insert(
    _ ids: [TransferID], wereAllowed: Bool
  ) async throws -> [Transfer] {
    let carriers = try await context.payouts.members(of: ids).filter { $0.state == .assigned }
    let held = wereAllowed ? [] : try await context.kyc.heldBack(carriers)
    let formed = TransferForming.transfers(
      of: carriers, heldBack: held, partitions: context.partitions, at: context.clock.now())
    try await context.transfers.insert(formed)
    context.failpoints.reach(.batcherAfterInsert)
    context.observer.observe(.transfersFormed(formed))
    let shared = Set(formed.map(\.id)).subtracting(carriers.compactMap(\.soleTransferID))
    guard !shared.isEmpty || formed.contains(where: { $0.state == .voiding }) else { return formed }
    // RACE: another copy may have inserted one of these before all had been assigned to it.
    let stored = try await context.transfers.transfers(formed.map(\.id))
    try await release(carriers, from: stored)
    let voiding = stored.filter { $0.state == .voiding }
    if !voiding.isEmpty { try await context.log.append(voiding.map(LogMessages.void)) }
    return stored.filter { $0.state == .ready }
  }

  /// B4: of these payouts, those whose transfer is in the store and will never end them go back to
  /// where they waited: it does not name them, or it has ended without a payment and without
  /// withdrawing them.
  func release(_ carriers: [Payout], from stored: [Transfer]) async throws(StoreError) {
    let byID = Dictionary(stored.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let strays = carriers.filter { payout in
      guard payout.state == .assigned, let transfer = payout.transferID.flatMap({ byID[$0] })
      else { return false }
      guard transfer.members.contains(payout.id) else { return true }
      // RACE: claimed by somebody who was slow, after it had ended and let its members go.
      return transfer.state == .cancelled && !transfer.withdrawn.contains(payout.id)
    }
    guard !strays.isEmpty else { return }
    try await context.windows.release(strays.compactMap(PayoutRelease.init))
    context.observer.observe(
      .swept(stage: "batcher", what: "payouts released", count: strays.count))
  }
}

extension Payout {
  /// Its transfer, if that is the one which no other payout can be a member of.
  fileprivate var soleTransferID: TransferID? {
    transferID == TransferForming.transferID(of: [self]) ? transferID : nil
  }
}
