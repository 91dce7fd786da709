import Tron

/// What an open window holds, and what netting will save when it closes.
public struct WindowPreview: Hashable, Sendable {
  // An approximation: a transfer to a holder of USDT costs about this much.
  private static let leastEnergy: Int64 = 65_000
  private static let mostEnergy: Int64 = 130_000

  /// The window.
  public let window: WindowID
  /// Payouts that wait for it.
  public private(set) var payouts = 0
  /// Recipients; one that is paid under two routers counts twice.
  public private(set) var recipients = 0
  /// Transfers that will be formed of them.
  public private(set) var transfers = 0
  /// What they add up to, micro-USDT.
  public private(set) var amountMicro: Int64 = 0

  /// Transfers that netting saves.
  public var saved: Int { payouts - transfers }

  /// Energy that netting saves: at least, if all recipients hold USDT, and at most.
  public func energySaved(_ head: ChainHead?) -> ClosedRange<Int64> {
    let most = max(Self.leastEnergy, head?.transferEnergy ?? Self.mostEnergy)
    return Int64(saved) * Self.leastEnergy...Int64(saved) * most
  }

  /// What burning that energy would cost at today's price; `nil` before the chain was seen.
  public func burnSaved(_ head: ChainHead?) -> ClosedRange<Int64>? {
    guard let price = head?.energyPrice.value, price >= 0 else { return nil }
    let energy = energySaved(head)
    return energy.lowerBound * price...energy.upperBound * price
  }

  /// Counts payouts that come in the order of their positions; needs no memory of single ones.
  public struct Count: Sendable {
    private var grouping: NettingGrouping
    private var last: ScheduledPosition?
    /// What was counted, in the order of the windows' ends.
    public private(set) var windows: [WindowPreview] = []

    /// Nothing was seen yet.
    public init(netting: NettingPolicy) { grouping = NettingGrouping(policy: netting) }

    /// Takes the next payout.
    public mutating func add(_ payout: Payout) {
      guard let place = ScheduledPosition(payout) else { return }
      if windows.last?.window != place.window {
        windows.append(WindowPreview(window: place.window))
      }
      let isKnown =
        last?.window == place.window && last?.router == place.router
        && last?.recipient == place.recipient
      last = place
      let index = windows.count - 1
      windows[index].payouts += 1
      if !isKnown { windows[index].recipients += 1 }
      if grouping.begins(payout) { windows[index].transfers += 1 }
      let (sum, overflow) = windows[index].amountMicro.addingReportingOverflow(
        payout.request.amount.micro)
      windows[index].amountMicro = overflow ? .max : sum
    }
  }

  private init(window: WindowID) { self.window = window }
}
