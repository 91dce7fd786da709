import Tron

/// Where a payout stands in the order in which windows are closed: by window, router, recipient and
/// id, so that those which one transfer can pay stand together.
public struct ScheduledPosition: Hashable, Comparable, Sendable {
  /// The window.
  public var window: WindowID
  /// Whose wallet pays.
  public var router: RouterType
  /// Who is paid.
  public var recipient: TronAddress
  /// The payout.
  public var payout: PayoutID

  /// The place of a payout; `nil` when it has no window.
  public init?(_ payout: Payout) {
    guard let window = payout.windowID else { return nil }
    self.window = window
    self.router = payout.request.router
    self.recipient = payout.request.recipient
    self.payout = payout.id
  }

  /// By the texts as they are stored.
  public static func < (left: ScheduledPosition, right: ScheduledPosition) -> Bool {
    if left.window != right.window { return left.window < right.window }
    if left.router != right.router { return left.router.rawValue < right.router.rawValue }
    if left.recipient != right.recipient { return left.recipient.base58 < right.recipient.base58 }
    return left.payout < right.payout
  }
}

/// A payout leaves a transfer that does not name it.
public struct PayoutRelease: Hashable, Sendable {
  /// The payout.
  public var payout: PayoutID
  /// The revision that was read.
  public var rev: Int64
  /// The transfer that it carries, which is in the store and does not name it.
  public var transfer: TransferID
  /// The state that it waits in from now on.
  public var state: PayoutState

  /// The release of a payout; `nil` when it carries no transfer.
  public init?(_ payout: Payout) {
    guard let transfer = payout.transferID else { return nil }
    self.payout = payout.id
    self.rev = payout.rev
    self.transfer = transfer
    self.state = payout.request.batchType.admittedState
  }
}

/// What closing windows needs of the `payouts` collection.
public protocol WindowStore: Sendable {
  /// A page of payouts that are `scheduled` in windows which end at or before an instant (`nil`: in
  /// any), in the order of their positions, behind `after`.
  func scheduled(
    endingBy instant: UnixMilliseconds?, after: ScheduledPosition?, limit: Int
  ) async throws(StoreError) -> [Payout]
  /// Compare-and-set on (id, rev, transfer) of every payout that is `assigned`: back to the state
  /// that it waited in, without a transfer, `generation` and `rev` grow by one.
  func release(_ releases: [PayoutRelease]) async throws(StoreError)
}
