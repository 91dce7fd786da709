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

  /// Whether it may create many payouts in one request.
  public var mayCreateBatches: Bool {
    switch self {
    case .endUser: false
    case .nodeOperator, .service, .admin: true
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

  /// Whether it may see a batch, likewise.
  public func mayRead(_ batch: Batch) -> Bool {
    role.readsAllTenants || batch.tenant == tenant
  }

  /// Whether it may create this payout: the router's policy, and the recipient's KYC record.
  public func checkMayCreate(
    _ request: PayoutRequest, standing: KYCStanding = .nobody
  ) throws(Refusal) {
    try checkMayUse(request.router)
    if let reason = request.routerFault(standing) { throw Refusal(.invalidRouter, reason: reason) }
  }

  /// Whether it may do what only administrators may: breaker, KYC records, audit log.
  public func checkMayAdministrate() throws(Refusal) {
    guard role == .admin else {
      throw Refusal(
        .insufficientPermissions, reason: "role_not_permitted",
        message: "The role \(role.rawValue) may not do this")
    }
  }

  /// Whether it may create batches at all.
  public func checkMayCreateBatches() throws(Refusal) {
    guard role.mayCreateBatches else {
      throw Refusal(
        .insufficientPermissions, reason: "batch_not_permitted",
        message: "The role \(role.rawValue) may not create batches")
    }
  }

  /// Whether it may create this batch: the router's policy, for every item.
  public func checkMayCreate(
    _ batch: BatchRequest, standing: KYCStanding = .nobody
  ) throws(Refusal) {
    try checkMayCreateBatches()
    try checkMayUse(batch.router)
    let faults = batch.payouts.enumerated().compactMap { index, request in
      request.routerFault(standing).map { reason in
        FieldFault(
          reason == PayoutRequest.nodeMissing ? "node_id" : "recipient_address",
          code: .invalidRouter, reason: reason,
          message: "\(batch.router.rawValue) cannot be used for this payout"
        ).at(index)
      }
    }
    if let refusal = Refusal(faults, atMost: .max) { throw refusal }
  }

  private func checkMayUse(_ router: RouterType) throws(Refusal) {
    guard role.mayCreate(through: router) else {
      throw Refusal(
        .insufficientPermissions, reason: "router_not_permitted",
        message: "The role \(role.rawValue) may not use \(router.rawValue)")
    }
  }
}

extension PayoutRequest {
  static let nodeMissing = "node_id_missing"

  /// Why the router cannot be used for this payout, whoever asks; `nil` when it can.
  func routerFault(_ standing: KYCStanding) -> String? {
    switch router {
    case .v0: return nil
    case .kyc:
      guard let nodeID, !nodeID.isEmpty else { return Self.nodeMissing }
      return standing.fault(of: recipient)?.rawValue
    }
  }
}
