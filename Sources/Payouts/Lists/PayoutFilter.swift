import Tron

/// Whose payouts.
public enum PayoutScope: Hashable, Sendable {
  case all
  case tenant(TenantID)
}

extension Caller {
  /// Whose payouts it sees in lists and statistics.
  public var scope: PayoutScope { role.readsAllTenants ? .all : .tenant(tenant) }
}

/// Which payouts a list is of.
public struct PayoutFilter: Hashable, Sendable {
  /// Whose.
  public var scope: PayoutScope
  /// In this status; `nil` for any.
  public var status: PayoutStatus?
  /// Through this router; `nil` for any.
  public var router: RouterType?
  /// Created at this time or later.
  public var from: UnixMilliseconds?
  /// Created before this time.
  public var until: UnixMilliseconds?

  /// Collects the parts.
  public init(
    scope: PayoutScope, status: PayoutStatus? = nil, router: RouterType? = nil,
    from: UnixMilliseconds? = nil, until: UnixMilliseconds? = nil
  ) {
    self.scope = scope
    self.status = status
    self.router = router
    self.from = from
    self.until = until
  }

  /// The stored states that it lets through, in the order of life.
  public var states: [PayoutState] {
    PayoutState.allCases.filter { $0.isAdmitted && (status == nil || $0.status == status) }
  }

  /// The routers that it lets through.
  public var routers: [RouterType] { router.map { [$0] } ?? RouterType.allCases }

  /// Whether it says nothing about state and router.
  public var isUnfiltered: Bool { status == nil && router == nil }

  /// Whether it lets a payout through.
  public func matches(_ payout: Payout) -> Bool {
    states.contains(payout.state) && routers.contains(payout.request.router)
      && (scope == .all || scope == .tenant(payout.tenant))
      && from.map { payout.createdAt >= $0 } != false
      && until.map { payout.createdAt < $0 } != false
  }

  /// One text for each filter and no other; a cursor is signed together with it.
  public var canonicalText: String {
    let owner =
      switch scope {
      case .all: "all"
      // A tenant's name has visible characters only, so it holds no space and no line's end.
      case .tenant(let tenant): "tenant \(tenant.text)"
      }
    let parts = [
      owner, status?.rawValue, router?.rawValue, from.map { String($0.value) },
      until.map { String($0.value) },
    ]
    return parts.map { $0 ?? "-" }.joined(separator: "\n")
  }
}
