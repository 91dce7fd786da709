import Tron

/// Everything the API says about a payout, derived from what is stored.
public struct PayoutView: Hashable, Sendable {
  /// Why it was not paid.
  public struct FailureView: Hashable, Sendable {
    /// 2008: the chain executed and refused it; 2006: no block ever took it.
    public var code: ErrorCode
    /// One sentence.
    public var message: String
    /// Whether the same payout, made anew, could succeed without anybody repairing anything.
    public var retryable: Bool
    /// When it was decided.
    public var at: UnixMilliseconds
  }

  /// The payout.
  public var payout: Payout
  /// How far it is.
  public var statusDetail: String
  /// The transaction, as soon as it may be on its way.
  public var txid: TransactionID?
  /// The block that holds it.
  public var blockNumber: BlockNumber?
  /// That block's time; known once it is solidified.
  public var blockTime: UnixMilliseconds?
  /// Blocks from that block to the head.
  public var confirmations: Int64?
  /// What the chain charged.
  public var fee: Sun?
  /// When it was seen solidified.
  public var confirmedAt: UnixMilliseconds?
  /// When it should be confirmed; `nil` while it is held.
  public var estimatedCompletion: UnixMilliseconds?
  /// Why not, when failed.
  public var failure: FailureView?

  /// Derives the view; `head` is the chain's height as last seen, `hold` why no transfer is formed of
  /// the payout now.
  public init(
    _ payout: Payout, transfer: Transfer? = nil, head: BlockNumber? = nil, hold: KYCFault? = nil
  ) {
    self.payout = payout
    // A transfer that does not name the payout does not pay it, and is nothing of its owner's.
    let transfer = transfer.flatMap { $0.members.contains(payout.id) ? $0 : nil }
    statusDetail =
      hold.map { "held:\($0.rawValue)" } ?? Payouts.statusDetail(payout, transfer: transfer)
    estimatedCompletion = hold == nil ? payout.estimatedCompletion : nil
    switch payout.outcome {
    case .paid(let payment): paid(payment)
    case .failed(let failure): failed(failure)
    case .cancelled: break
    case nil: unfinished(transfer)
    }
    if let blockNumber, let head { confirmations = max(0, head.value - blockNumber.value) }
  }

  private mutating func paid(_ payment: Payment) {
    txid = payment.txid
    blockNumber = payment.blockNumber
    blockTime = payment.blockTime
    fee = payment.fee
    confirmedAt = payment.confirmedAt
  }

  private mutating func failed(_ failure: Failure) {
    txid = failure.txid
    fee = failure.fee
    self.failure = FailureView(
      code: failure.reason.code, message: failure.message, retryable: failure.reason.isRetryable,
      at: failure.at)
  }

  private mutating func unfinished(_ transfer: Transfer?) {
    guard let transfer, payout.state == .assigned else { return }
    if transfer.state == .held { estimatedCompletion = nil }
    guard let attempt = transfer.current, attempt.armed else { return }
    txid = attempt.txid
    blockNumber = attempt.included
  }
}

extension Failure.Reason {
  /// As the API names it.
  public var code: ErrorCode {
    switch self {
    case .expired: .networkError
    case .reverted, .outOfEnergy, .executionFailed: .transactionFailed
    }
  }

  /// Whether the same payout, made anew, could succeed without anybody repairing anything: the
  /// network may have been busy or energy short, but a contract that reverts will revert again.
  public var isRetryable: Bool {
    switch self {
    case .reverted, .executionFailed: false
    case .outOfEnergy, .expired: true
    }
  }
}

extension Payout {
  /// The payout as it was the moment it was admitted: what the first answer told.
  public var asAdmitted: Payout {
    Payout(
      id: id, tenant: tenant, requestID: requestID, request: request, idempotency: idempotency,
      batchID: batchID, windowID: windowID, createdAt: createdAt,
      estimatedCompletion: estimatedCompletion)
  }
}
