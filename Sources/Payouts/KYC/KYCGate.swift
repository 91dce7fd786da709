import Tron

/// Lets through the payouts that may become transfers: all but those of `PayoutRouterKYC` whose
/// recipient has no active record now. These stay as they are and are looked at again.
public struct KYCGate: Sendable {
  private let store: any KYCStore
  private let clock: any WallClock
  private let facts: (any FactStore)?

  /// - Parameter facts: Tells the chain's time: a record does not count any longer than by that.
  public init(store: any KYCStore, clock: any WallClock, facts: (any FactStore)?) {
    self.store = store
    self.clock = clock
    self.facts = facts
  }

  /// Parts payouts into those that may be assigned to transfers and those that are held. One look-up
  /// by `_id` for all of them; none when no payout needs a record.
  public func parted(
    _ payouts: [Payout]
  ) async throws(StoreError) -> (allowed: [Payout], held: [Payout]) {
    let standing = try await standing(of: payouts.map(\.request))
    var allowed: [Payout] = []
    var held: [Payout] = []
    for payout in payouts {
      if standing.hold(of: payout) == nil { allowed.append(payout) } else { held.append(payout) }
    }
    return (allowed, held)
  }

  /// Those of these payouts, whatever their state, whose recipients have no active record that they
  /// need.
  public func heldBack(_ payouts: [Payout]) async throws(StoreError) -> Set<PayoutID> {
    let standing = try await standing(of: payouts.map(\.request))
    return Set(payouts.filter { standing.hold(of: $0.request) != nil }.map(\.id))
  }

  /// The records that payouts without a transfer wait for, if they need any.
  public func standing(ofWaiting payouts: [Payout]) async throws(StoreError) -> KYCStanding {
    try await standing(
      of: payouts.filter { $0.state == .accepted || $0.state == .scheduled }.map(\.request))
  }

  /// The records of those recipients that need one.
  public func standing(of requests: [PayoutRequest]) async throws(StoreError) -> KYCStanding {
    let recipients = Set(requests.filter { $0.router == .kyc }.map(\.recipient))
    guard !recipients.isEmpty else { return .nobody }
    // The time first: a record must be active after the moment that it is judged at was read.
    // A clock that is behind lets nothing through that the chain's time has ended.
    let own = clock.now()
    let now = max(own, try await facts?.chainHead()?.latest.time ?? own)
    return KYCStanding(try await store.kycRecords(Array(recipients)), at: now)
  }
}
