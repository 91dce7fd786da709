import Tron

/// What asking to cancel a payout led to.
public enum Cancellation: Hashable, Sendable {
  /// It is cancelled, and never will be paid.
  case cancelled
  /// Nothing will be planned for it any more; it is cancelled when a Confirmer has consumed the
  /// record of it from the journal.
  case underWay
  /// It goes on.
  case refused(Objection)

  /// Why a payout goes on.
  public enum Objection: String, Hashable, Sendable, CaseIterable {
    /// It is paid.
    case paid
    /// It failed already.
    case failed
    /// A transaction of it was planned: it could be on its way.
    case planned
    /// It is just becoming a member of a transfer; asking again tells.
    case beingAssigned = "being_assigned"
  }
}

/// Cancels payouts of which no transaction was planned (rule C7).
///
/// A payout without a transfer gets one of its own that is `voiding` from its first moment, instead
/// of being marked in place: were the store to fall back to before the mark, nothing would know of
/// the cancellation that a client was told of. So every cancellation is a record of the journal, and
/// only a Confirmer that has consumed it writes `cancelled`. A transfer that pays others as well ends
/// with it, and the others wait for another one.
public struct PayoutCanceller: Sendable {
  private let payouts: any PayoutStore
  private let transfers: any TransferStore
  private let log: any LogAppender
  private let clock: any WallClock
  private let failpoints: any Failpoints
  private let partitions: Int32

  /// - Parameter partitions: how many partitions the journal has.
  public init(
    payouts: any PayoutStore, transfers: any TransferStore, log: any LogAppender,
    clock: any WallClock, failpoints: any Failpoints, partitions: Int32
  ) {
    self.payouts = payouts
    self.transfers = transfers
    self.log = log
    self.clock = clock
    self.failpoints = failpoints
    self.partitions = partitions
  }

  /// Asks for all of them; may be repeated at any time by anyone. Those that do not exist are
  /// missing from the answer.
  public func cancel(_ ids: [PayoutID]) async throws -> [PayoutID: Cancellation] {
    let unassigned = try await payouts.payouts(ids).filter { $0.isUnassigned }
    if !unassigned.isEmpty {
      try await payouts.assign(
        unassigned.map {
          PayoutAssignment(
            payout: $0.id, rev: $0.rev, transfer: TransferForming.transferID(of: [$0]),
            isWithdrawn: true)
        })
      failpoints.reach(.cancelAfterAssign)
    }
    let found = try await payouts.payouts(ids)
    let present = try await void(found.filter { $0.state == .assigned })
    let voiding = present.values.filter {
      $0.state == .voiding && !$0.withdrawn.isEmpty
    }.sorted { $0.id < $1.id }
    if !voiding.isEmpty {
      failpoints.reach(.cancelAfterVoiding)
      try await log.append(voiding.map(LogMessages.void))
      failpoints.reach(.cancelAfterRecord)
    }
    return Dictionary(
      found.map { ($0.id, Cancellation($0, transfer: $0.transferID.flatMap { present[$0] })) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Brings the transfers of assigned payouts to `voiding` where that is possible; answers them as
  /// they are now.
  private func void(_ assigned: [Payout]) async throws -> [TransferID: Transfer] {
    guard !assigned.isEmpty else { return [:] }
    let now = clock.now()
    let ids = Array(Set(assigned.compactMap(\.transferID))).sorted()
    let known = Set(try await transfers.transfers(ids).map(\.id))
    // Of one's own transfer only it is certain who its members are.
    let missing = assigned.filter { payout in
      payout.transferID == TransferForming.transferID(of: [payout])
        && payout.transferID.map { !known.contains($0) } ?? false
    }
    var formed = TransferForming.transfers(of: missing, partitions: partitions, at: now)
    for index in formed.indices {
      formed[index].state = .voiding
      formed[index].withdrawn = formed[index].members
    }
    // RACE: a Batcher may form the same transfer, `ready`; then that one stands and is turned below.
    if !formed.isEmpty { try await transfers.insert(formed) }
    let found = try await transfers.transfers(ids)
    // RACE: a payout may carry a transfer that does not name it (B4); that one goes on.
    let asked = Set(assigned.map(\.id))
    let changes = found.compactMap { transfer in
      if case .changed(let new) = transfer.cancelRequested(of: asked, at: now) {
        return TransferChange(from: transfer, to: new)
      }
      return nil
    }
    guard !changes.isEmpty else { return Self.byID(found) }
    _ = try await transfers.compareAndSet(changes)
    return Self.byID(try await transfers.transfers(ids))
  }

  private static func byID(_ transfers: [Transfer]) -> [TransferID: Transfer] {
    Dictionary(transfers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Payout {
  fileprivate var isUnassigned: Bool { state == .accepted || state == .scheduled }
}

extension Cancellation {
  /// How asking ended for a payout that is final by now.
  public init(final payout: Payout) { self.init(payout, transfer: nil) }

  /// A function of what is stored:
  ///
  /// | payout | its transfer | cancellation |
  /// |---|---|---|
  /// | cancelled | any | cancelled |
  /// | paid, failed | any | refused |
  /// | assigned | voiding, cancelled, and withdraws it | under way |
  /// | assigned | voiding, cancelled, of others | refused: it waits again in a moment |
  /// | assigned | planned, armed, failing, paid, failed, or one with an attempt | refused: planned |
  /// | anything else | | refused: a Batcher has it in hand |
  init(_ payout: Payout, transfer: Transfer?) {
    switch payout.state {
    case .cancelled: self = .cancelled
    case .paid: self = .refused(.paid)
    case .failed: self = .refused(.failed)
    case .prepared, .accepted, .scheduled: self = .refused(.beingAssigned)
    case .assigned:
      guard let transfer, transfer.members.contains(payout.id) else {
        self = .refused(.beingAssigned)
        return
      }
      self = Cancellation(transfer, of: payout.id)
    }
  }

  private init(_ transfer: Transfer, of payout: PayoutID) {
    switch transfer.state {
    case .voiding, .cancelled:
      self = transfer.withdrawn.contains(payout) ? .underWay : .refused(.beingAssigned)
    case .paid: self = .refused(.paid)
    case .failed: self = .refused(.failed)
    case .planned, .armed, .failing: self = .refused(.planned)
    case .ready, .held:
      self = .refused(transfer.attempts.isEmpty ? .beingAssigned : .planned)
    }
  }
}
