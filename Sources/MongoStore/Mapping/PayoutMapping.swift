import Payouts
import Tron

extension Payout: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", id)
    document.append("tenant", tenant)
    document.append("request_id", requestID)
    document.append("request", request)
    document.append("idempotency", ifPresent: idempotency)
    document.append("batch_id", ifPresent: batchID)
    document.append("window_id", ifPresent: windowID)
    document.append("state", state)
    document.append("rev", rev)
    document.append("generation", generation)
    document.append("transfer_id", ifPresent: transferID)
    if isWithdrawn { document.append("withdrawn", true) }
    document.append("outcome", ifPresent: outcome)
    document.append("settled_at", ifPresent: outcome?.settledAt)
    document.append("created_at", createdAt)
    document.append("estimated_completion", ifPresent: estimatedCompletion)
    document.append("traceparent", ifPresent: trace)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      id: try reader.value("_id"), tenant: try reader.value("tenant"),
      requestID: try reader.value("request_id"), request: try reader.value("request"),
      idempotency: try reader.optional("idempotency"), batchID: try reader.optional("batch_id"),
      windowID: try reader.optional("window_id"), createdAt: try reader.value("created_at"),
      estimatedCompletion: try reader.optional("estimated_completion"))
    state = try reader.value("state")
    rev = try reader.value("rev")
    generation = try reader.value("generation")
    transferID = try reader.optional("transfer_id")
    isWithdrawn = try reader.optional("withdrawn") ?? false
    outcome = try reader.optional("outcome")
    trace = try reader.optional("traceparent", as: ShownTrace.self)?.trace
  }
}

extension PayoutRequest: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("recipient", recipient)
    document.append("amount_micro", amount)
    document.append("reason", reason)
    document.append("router", router)
    document.append("priority", priority)
    document.append("batch_type", batchType)
    document.append("session_id", ifPresent: sessionID)
    document.append("node_id", ifPresent: nodeID)
    document.append("custom_data", ifPresent: customData)
    document.append("client_reference", ifPresent: clientReference)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      recipient: try reader.value("recipient"), amount: try reader.value("amount_micro"),
      reason: try reader.value("reason"), router: try reader.value("router"),
      priority: try reader.value("priority"), batchType: try reader.value("batch_type"),
      sessionID: try reader.optional("session_id"), nodeID: try reader.optional("node_id"),
      customData: try reader.optional("custom_data"),
      clientReference: try reader.optional("client_reference"))
  }
}

extension IdempotencyKey: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("key", key)
    document.append("request_hash", requestHash)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(key: try reader.value("key"), requestHash: try reader.value("request_hash"))
  }
}

/// A document with one field, named for the case.
extension PayoutOutcome: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    switch self {
    case .paid(let payment): document.append("paid", payment)
    case .failed(let failure): document.append("failed", failure)
    case .cancelled(let at): document.append("cancelled") { $0.append("at", at) }
    }
  }

  init(from reader: BSONReader) throws(BSONFault) {
    if let payment: Payment = try reader.optional("paid") {
      self = .paid(payment)
    } else if let failure: Failure = try reader.optional("failed") {
      self = .failed(failure)
    } else {
      let cancellation: Cancellation = try reader.value("cancelled")
      self = .cancelled(at: cancellation.at)
    }
  }

  private struct Cancellation: BSONReadableRecord {
    let at: UnixMilliseconds

    init(from reader: BSONReader) throws(BSONFault) { at = try reader.value("at") }
  }

  /// When it was decided; stored beside the outcome, so that one field serves all three cases.
  var settledAt: UnixMilliseconds {
    switch self {
    case .paid(let payment): payment.confirmedAt
    case .failed(let failure): failure.at
    case .cancelled(let at): at
    }
  }

  /// The state that a payout with this outcome is in.
  var state: PayoutState {
    switch self {
    case .paid: .paid
    case .failed: .failed
    case .cancelled: .cancelled
    }
  }
}
