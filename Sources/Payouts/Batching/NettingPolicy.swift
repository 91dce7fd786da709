import Tron

/// Which payouts of a closed window go out together: those that stand next to each other, with one
/// recipient and one router, up to a number and a sum. Pure.
public struct NettingPolicy: Hashable, Sendable {
  // LIMIT: so that a page always holds at least one whole group.
  /// The most that `mostMembers` may be.
  public static let pageSize = 500

  /// Whether several payouts become one transfer at all.
  public let isOn: Bool
  /// Most payouts of one transfer.
  public let mostMembers: Int
  /// Payouts are put together up to this sum, so that together they do not meet the Signer's cap,
  /// which each alone would not. A single larger one stays alone.
  public let mostAmount: USDTAmount

  /// Collects the parts.
  public init(
    isOn: Bool = true, mostMembers: Int = 100,
    mostAmount: USDTAmount = USDTAmount(micro: 100_000_000_000)
  ) {
    self.isOn = isOn
    self.mostMembers = min(max(1, mostMembers), Self.pageSize)
    self.mostAmount = mostAmount
  }

  /// Payouts in the order of their positions, cut into the members of transfers.
  public func groups(_ payouts: [Payout]) -> [[Payout]] {
    var grouping = NettingGrouping(policy: self)
    var groups: [[Payout]] = []
    for payout in payouts {
      if grouping.begins(payout) {
        groups.append([payout])
      } else {
        groups[groups.count - 1].append(payout)
      }
    }
    return groups
  }
}

/// Decides payout by payout whether it begins another transfer or joins the last one.
public struct NettingGrouping: Sendable {
  private let policy: NettingPolicy
  private var last: Payout?
  private var count = 0
  private var sum = USDTAmount.zero

  /// Nothing was seen yet.
  public init(policy: NettingPolicy) { self.policy = policy }

  /// Takes the next payout in the order of positions; whether it begins another transfer.
  public mutating func begins(_ payout: Payout) -> Bool {
    let amount = payout.request.amount
    if let last, joins(payout, last), let next = sum.adding(amount), next <= policy.mostAmount {
      count += 1
      sum = next
      return false
    }
    last = payout
    count = 1
    sum = amount
    return true
  }

  private func joins(_ payout: Payout, _ last: Payout) -> Bool {
    policy.isOn && count < policy.mostMembers && payout.windowID == last.windowID
      && payout.request.router == last.request.router
      && payout.request.recipient == last.request.recipient
  }
}
