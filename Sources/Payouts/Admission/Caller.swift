/// What a caller is allowed to do, from the claim `role`.
public enum CallerRole: String, CaseIterable, Sendable {
  case endUser = "end_user"
  case nodeOperator = "node_operator"
  case service
  case admin

  /// Whether it may create payouts through a router.
  public func mayCreate(through router: RouterType) -> Bool {
    switch (self, router) {
    case (_, .v0): true
    case (.endUser, .kyc): false
    case (.nodeOperator, .kyc), (.service, .kyc), (.admin, .kyc): true
    }
  }

  /// Whether it sees the payouts of every tenant, not only its own.
  public var readsAllTenants: Bool {
    switch self {
    case .endUser, .nodeOperator: false
    case .service, .admin: true
    }
  }
}

/// Who is calling.
public struct Caller: Hashable, Sendable {
  /// The owner of what it creates.
  public var tenant: TenantID
  /// What it may do.
  public var role: CallerRole

  /// Collects the parts.
  public init(tenant: TenantID, role: CallerRole) {
    self.tenant = tenant
    self.role = role
  }

  /// Whether it may see a payout. Somebody else's does not exist for it.
  public func mayRead(_ payout: Payout) -> Bool {
    role.readsAllTenants || payout.tenant == tenant
  }

  /// Whether it may create this payout: the router's policy.
  public func checkMayCreate(_ request: PayoutRequest) throws(Refusal) {
    guard role.mayCreate(through: request.router) else {
      throw Refusal(
        .insufficientPermissions, reason: "router_not_permitted",
        message: "The role \(role.rawValue) may not use \(request.router.rawValue)")
    }
    switch request.router {
    case .v0: return
    case .kyc:
      guard let node = request.nodeID, !node.isEmpty else {
        throw Refusal(.invalidRouter, reason: "node_id_missing")
      }
      // No KYC records exist yet, so no recipient has an active one.
      throw Refusal(.invalidRouter, reason: "kyc_record_missing")
    }
  }
}
