import Tron

/// The policy a payout is made under. Neither is a contract on the chain.
public enum RouterType: String, Codable, CaseIterable, Sendable {
  /// For anyone.
  case v0 = "PayoutRouterV0"
  /// For recipients with an active KYC record.
  case kyc = "PayoutRouterKYC"
}

/// How urgently a payout's transfer is signed once it is due.
public enum Priority: String, Codable, CaseIterable, Sendable {
  case low = "LOW"
  case normal = "NORMAL"
  case high = "HIGH"
  case urgent = "URGENT"

  /// The lane, that is the topic, of a transfer of this priority.
  public var lane: Lane {
    switch self {
    case .low: .low
    case .normal: .normal
    case .high: .high
    case .urgent: .urgent
    }
  }
}

/// When a payout becomes due.
public enum BatchType: String, Codable, CaseIterable, Sendable {
  /// At once.
  case immediate = "IMMEDIATE"
  /// At the next full hour, UTC.
  case hourly = "HOURLY"
  /// At the next 00:00 UTC.
  case daily = "DAILY"
  /// At the next Monday 00:00 UTC.
  case weekly = "WEEKLY"

  /// The state that a payout is in when it was admitted.
  public var admittedState: PayoutState { self == .immediate ? .accepted : .scheduled }
}

/// Where a payout is in its life, as stored. The cases stand in the order of life, which lists
/// rely on: a payout never moves to a case further up.
public enum PayoutState: String, Codable, CaseIterable, Sendable {
  /// Inserted for a batch that is not decided yet: not accepted, and nobody's business but its
  /// batch's. Leaves to: `accepted` or `scheduled` when the batch is committed; deleted when it is
  /// aborted.
  case prepared
  /// In the store. Leaves to: `assigned` when it is due, `cancelled`.
  case accepted
  /// Waits for its window to close. Leaves to: `assigned`, `cancelled`.
  case scheduled
  /// A member of exactly one transfer. Leaves to: `paid`, `failed`, `cancelled`, with the transfer.
  case assigned
  /// Solidified on the chain. Final.
  case paid
  /// Proven not paid, and never will be. Final.
  case failed
  /// Withdrawn before anything was signed. Final.
  case cancelled

  /// The status on the wire.
  public var status: PayoutStatus {
    switch self {
    case .prepared, .accepted, .scheduled: .pending
    case .assigned: .processing
    case .paid: .confirmed
    case .failed: .failed
    case .cancelled: .cancelled
    }
  }

  /// Whether the payout was accepted; one that was not must not be shown, counted or paid.
  public var isAdmitted: Bool {
    switch self {
    case .prepared: false
    case .accepted, .scheduled, .assigned, .paid, .failed, .cancelled: true
    }
  }

  /// Whether the payout's story has ended.
  public var isFinal: Bool {
    switch self {
    case .prepared, .accepted, .scheduled, .assigned: false
    case .paid, .failed, .cancelled: true
    }
  }
}

/// The five statuses of the API.
public enum PayoutStatus: String, Codable, CaseIterable, Sendable {
  case pending, processing, confirmed, failed, cancelled
}

/// What a client asked for, exactly; never changes after admission.
public struct PayoutRequest: Hashable, Codable, Sendable {
  /// Who is paid.
  public var recipient: TronAddress
  /// How much.
  public var amount: USDTAmount
  /// The client's words, 1…200 characters; not on the chain.
  public var reason: String
  /// The policy.
  public var router: RouterType
  /// The lane.
  public var priority: Priority
  /// The window.
  public var batchType: BatchType
  /// The client's session, at most 50 characters.
  public var sessionID: String?
  /// The client's node, at most 50 characters.
  public var nodeID: String?
  /// The client's own JSON object as text, at most 1,000 bytes; never logged, never on the chain.
  public var customData: String?
  /// The client's own name of the payout; unique per tenant for ever.
  public var clientReference: String?

  /// Collects the parts.
  public init(
    recipient: TronAddress, amount: USDTAmount, reason: String, router: RouterType,
    priority: Priority = .normal, batchType: BatchType = .immediate, sessionID: String? = nil,
    nodeID: String? = nil, customData: String? = nil, clientReference: String? = nil
  ) {
    self.recipient = recipient
    self.amount = amount
    self.reason = reason
    self.router = router
    self.priority = priority
    self.batchType = batchType
    self.sessionID = sessionID
    self.nodeID = nodeID
    self.customData = customData
    self.clientReference = clientReference
  }

  enum CodingKeys: String, CodingKey {
    case recipient, amount = "amount_micro", reason, router, priority, batchType = "batch_type"
    case sessionID = "session_id", nodeID = "node_id", customData = "custom_data"
    case clientReference = "client_reference"
  }
}

/// An `Idempotency-Key` and what it was first used for.
public struct IdempotencyKey: Hashable, Codable, Sendable {
  /// The header's value; belongs to the tenant, never expires.
  public var key: String
  /// SHA-256 (hex) of the first request's body: the same key with another body is a conflict.
  public var requestHash: String

  /// Collects the parts.
  public init(key: String, requestHash: String) {
    self.key = key
    self.requestHash = requestHash
  }

  enum CodingKeys: String, CodingKey {
    case key, requestHash = "request_hash"
  }
}

/// One payout: the request, who made it, and what became of it.
public struct Payout: Hashable, Codable, Sendable {
  /// Its name.
  public var id: PayoutID
  /// Its owner.
  public var tenant: TenantID
  /// The call that created it.
  public var requestID: RequestID
  /// What was asked.
  public var request: PayoutRequest
  /// The idempotency key of the creating call, if it had one; of a batch, its first payout's.
  public var idempotency: IdempotencyKey?
  /// The batch that it was created with, if it was.
  public var batchID: BatchID?
  /// The window that it belongs to, decided at admission; `nil` for IMMEDIATE.
  public var windowID: WindowID?
  /// Where it is.
  public var state: PayoutState
  /// Counts the writes; every change is a compare-and-set on it.
  public var rev: Int64
  /// How many transfers it was a member of before (a later generation derives another transfer).
  public var generation: Int
  /// The transfer that pays it, once assigned.
  public var transferID: TransferID?
  /// Whether it was assigned in order to be cancelled: whoever forms its transfer forms it `voiding`.
  /// Not part of messages.
  public var isWithdrawn = false
  /// The outcome, once final or once seen on the chain.
  public var outcome: PayoutOutcome?
  /// When it was admitted; the time in `id` is exactly this.
  public var createdAt: UnixMilliseconds
  /// When it is expected to be confirmed, as told at admission.
  public var estimatedCompletion: UnixMilliseconds?
  /// The trace of the call that created it; messages carry it as a header, not in their values.
  public var trace: TraceContext?

  /// A freshly admitted payout.
  public init(
    id: PayoutID, tenant: TenantID, requestID: RequestID, request: PayoutRequest,
    idempotency: IdempotencyKey?, batchID: BatchID? = nil, windowID: WindowID? = nil,
    createdAt: UnixMilliseconds, estimatedCompletion: UnixMilliseconds?
  ) {
    self.id = id
    self.tenant = tenant
    self.requestID = requestID
    self.request = request
    self.idempotency = idempotency
    self.batchID = batchID
    self.windowID = windowID
    self.state = request.batchType.admittedState
    self.rev = 1
    self.generation = 0
    self.createdAt = createdAt
    self.estimatedCompletion = estimatedCompletion
  }

  enum CodingKeys: String, CodingKey {
    case id, tenant, requestID = "request_id", request, idempotency, batchID = "batch_id"
    case state, rev, generation
    case windowID = "window_id", transferID = "transfer_id", outcome, createdAt = "created_at"
    case estimatedCompletion = "estimated_completion"
  }
}

/// How a payout ended.
public enum PayoutOutcome: Hashable, Codable, Sendable {
  /// The transfer is in a solidified block with the expected event.
  case paid(Payment)
  /// Not paid, and never will be.
  case failed(Failure)
  /// Withdrawn by the client.
  case cancelled(at: UnixMilliseconds)
}
