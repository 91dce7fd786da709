import Tron

/// A client's request of many payouts, as it was admitted. Never changes: what became of it is what
/// became of its payouts.
public struct Batch: Hashable, Sendable {
  /// Its name.
  public var id: BatchID
  /// Its owner, and that of all its payouts.
  public var tenant: TenantID
  /// The call that created it.
  public var requestID: RequestID
  /// Its payouts, in the order of the request.
  public var payoutIDs: [PayoutID]
  /// The sum of its payouts.
  public var totalAmount: USDTAmount
  /// The policy of all its payouts.
  public var router: RouterType
  /// The lane of all its payouts.
  public var priority: Priority
  /// The window of all its payouts.
  public var batchType: BatchType
  /// The idempotency key of the creating call, if it had one.
  public var idempotency: IdempotencyKey?
  /// When it was admitted.
  public var createdAt: UnixMilliseconds
  /// When the last payout is expected to be confirmed, as told at admission.
  public var estimatedCompletion: UnixMilliseconds?

  /// Collects the parts.
  public init(
    id: BatchID, tenant: TenantID, requestID: RequestID, payoutIDs: [PayoutID],
    totalAmount: USDTAmount, router: RouterType, priority: Priority, batchType: BatchType,
    idempotency: IdempotencyKey?, createdAt: UnixMilliseconds,
    estimatedCompletion: UnixMilliseconds?
  ) {
    self.id = id
    self.tenant = tenant
    self.requestID = requestID
    self.payoutIDs = payoutIDs
    self.totalAmount = totalAmount
    self.router = router
    self.priority = priority
    self.batchType = batchType
    self.idempotency = idempotency
    self.createdAt = createdAt
    self.estimatedCompletion = estimatedCompletion
  }
}

/// Whether a batch exists. One document says it, the first one that is inserted under the batch's
/// id; it never changes.
public enum BatchDecision: Hashable, Sendable {
  /// It is accepted, with all its payouts.
  case committed(Batch)
  /// It never was and never will be.
  case aborted(at: UnixMilliseconds)
}

/// A batch with its payouts, on its way into the store.
public struct NewBatch: Hashable, Sendable {
  /// What will be said of it when it is committed.
  public var batch: Batch
  /// Its payouts, prepared, in the order of the request.
  public var payouts: [Payout]

  /// Makes a batch of requests.
  ///
  /// - Parameter ids: As many as there are requests. The first payout carries the batch's
  ///   idempotency key, so that the keys of single payouts and of batches share one unique index.
  public init(
    id: BatchID, tenant: TenantID, requestID: RequestID, request: BatchRequest, ids: [PayoutID],
    idempotency: IdempotencyKey?, windowID: WindowID? = nil, createdAt: UnixMilliseconds,
    estimatedCompletion: UnixMilliseconds?
  ) {
    batch = Batch(
      id: id, tenant: tenant, requestID: requestID, payoutIDs: ids,
      totalAmount: request.totalAmount, router: request.router, priority: request.priority,
      batchType: request.batchType, idempotency: idempotency, createdAt: createdAt,
      estimatedCompletion: estimatedCompletion)
    payouts = zip(ids, request.payouts).enumerated().map { index, payout in
      Payout(
        id: payout.0, tenant: tenant, requestID: requestID, request: payout.1,
        idempotency: index == 0 ? idempotency : nil, batchID: id,
        windowID: windowID, createdAt: createdAt, estimatedCompletion: estimatedCompletion
      ).prepared
    }
  }
}

extension Payout {
  /// The payout as it waits for its batch to be decided; revision 0, so that 1 is the revision of
  /// every payout that was just admitted.
  public var prepared: Payout {
    var payout = self
    payout.state = .prepared
    payout.rev = 0
    return payout
  }

  /// A prepared payout as it is once its batch is committed.
  public var admitted: Payout {
    var payout = self
    payout.state = request.batchType.admittedState
    payout.rev = 1
    return payout
  }
}
