import Tron

/// How many payouts there are in each state of each router, and what they add up to. Exact: integers
/// only, and a sum that does not fit is an error.
public struct PayoutSums: Hashable, Sendable {
  /// What is added up together.
  public struct Group: Hashable, Sendable {
    /// The router.
    public var router: RouterType
    /// The state.
    public var state: PayoutState

    /// Collects the parts.
    public init(_ router: RouterType, _ state: PayoutState) {
      self.router = router
      self.state = state
    }
  }

  /// How many, and how much.
  public struct Sum: Hashable, Sendable {
    /// Payouts.
    public var count: Int64
    /// Their amounts together.
    public var amount: USDTAmount

    /// Nothing.
    public static let zero = Sum(count: 0, amount: .zero)

    /// Collects the parts.
    public init(count: Int64, amount: USDTAmount) {
      self.count = count
      self.amount = amount
    }

    func adding(_ other: Sum) throws(StoreError) -> Sum {
      let (count, overflow) = count.addingReportingOverflow(other.count)
      guard !overflow, let amount = amount.adding(other.amount) else {
        throw StoreError(
          code: .corrupt, effect: .none, message: "the sums of payouts do not fit 63 bits")
      }
      return Sum(count: count, amount: amount)
    }
  }

  /// By router and state.
  public private(set) var groups: [Group: Sum]

  /// Nothing, or known groups.
  public init(_ groups: [Group: Sum] = [:]) { self.groups = groups }

  /// Adds to a group.
  public mutating func add(_ sum: Sum, to group: Group) throws(StoreError) {
    groups[group] = try (groups[group] ?? .zero).adding(sum)
  }

  /// Adds all groups of other sums.
  public mutating func add(_ other: PayoutSums) throws(StoreError) {
    for (group, sum) in other.groups { try add(sum, to: group) }
  }

  /// Whether every payout in it has ended, so that it never changes again.
  public var isFinal: Bool { groups.keys.allSatisfy(\.state.isFinal) }

  /// What the groups that pass add up to; states that clients do not see are left out.
  public func total(where passes: (Group) -> Bool) throws(StoreError) -> Sum {
    var total = Sum.zero
    for (group, sum) in groups where group.state.isAdmitted && passes(group) {
      total = try total.adding(sum)
    }
    return total
  }
}

/// What the payouts created in one hour add up to.
public struct HourSum: Hashable, Sendable {
  /// One hour.
  public static let milliseconds: Int64 = 3_600_000

  /// When the hour begins.
  public var hour: UnixMilliseconds
  /// Its payouts.
  public var sums: PayoutSums

  /// Collects the parts.
  public init(hour: UnixMilliseconds, sums: PayoutSums) {
    self.hour = hour
    self.sums = sums
  }
}

extension UnixMilliseconds {
  /// The beginning of the stretch of time that this instant lies in; stretches are counted from
  /// 1970, UTC.
  func floored(to milliseconds: Int64) -> UnixMilliseconds {
    let rest = value % milliseconds
    return UnixMilliseconds(value - (rest < 0 ? rest + milliseconds : rest))
  }
}
