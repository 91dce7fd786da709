import Payouts
import Tron

@testable import MongoStore

/// A payout that nothing has happened to yet.
func samplePayout(
  _ id: String, tenant: String = "alice", key: String? = nil, reference: String? = nil,
  batchType: BatchType = .immediate, createdAt: Int64 = 1_000
) throws -> Payout {
  Payout(
    id: PayoutID(id), tenant: TenantID(tenant), requestID: RequestID("request-1"),
    request: PayoutRequest(
      recipient: try sampleRecipient(), amount: USDTAmount(micro: 5_500_000), reason: "Löhne 🧾",
      router: .v0, batchType: batchType, clientReference: reference),
    idempotency: key.map { IdempotencyKey(key: $0, requestHash: "00ff") },
    createdAt: UnixMilliseconds(createdAt), estimatedCompletion: nil)
}

/// A payout with every field filled.
func fullPayout(_ id: String, outcome: PayoutOutcome) throws -> Payout {
  var payout = try samplePayout(id, key: "key-\(id)", reference: "reference-\(id)")
  payout.request.priority = .urgent
  payout.request.sessionID = "session"
  payout.request.nodeID = "node"
  payout.request.customData = #"{"a":1}"#
  payout.batchID = BatchID("batch-of-\(id)")
  payout.estimatedCompletion = UnixMilliseconds(9_000)
  payout.state = outcome.state
  payout.rev = 3
  payout.generation = 1
  payout.transferID = TransferID("transfer-of-\(id)")
  payout.outcome = outcome
  payout.trace = TraceContext(traceID: (1, 2), spanID: 3)
  return payout
}

/// A transfer that nothing has happened to yet.
func sampleTransfer(
  _ id: String, router: RouterType = .v0, micro: Int64 = 1_000_000, partition: Int32 = 0,
  createdAt: Int64 = 1_000
) throws -> Transfer {
  Transfer(
    id: TransferID(id), members: [PayoutID("payout-of-\(id)")], recipient: try sampleRecipient(),
    amount: USDTAmount(micro: micro), router: router, lane: .normal, partition: partition,
    createdAt: UnixMilliseconds(createdAt))
}

/// A transfer with every field filled.
func fullTransfer(_ id: String) throws -> Transfer {
  var transfer = try sampleTransfer(id, partition: 7)
  transfer.members.append(PayoutID("second-payout"))
  transfer.hold = Hold(reason: .insufficientUSDT, since: UnixMilliseconds(3))
  var dead = try sampleAttempt(1, seed: "\(id)-1")
  dead.armed = true
  dead.signature = [UInt8](repeating: 7, count: 65)
  dead.death = DeathProof(
    kind: .failedOnChain, block: BlockNumber(77), blockID: sampleBlockID(77),
    blockTime: UnixMilliseconds(77_000), nodes: ["one:8090", "two:8090"],
    result: "OUT_OF_ENERGY", fee: Sun(13_000_000))
  transfer.attempts = [dead, try sampleAttempt(2, seed: "\(id)-2")]
  transfer.nextAttempt = 3
  transfer.state = .paid
  transfer.payment = try samplePayment()
  transfer.failure = sampleFailure()
  transfer.withdrawn = [PayoutID("second-payout")]
  transfer.updatedAt = UnixMilliseconds(2_000)
  transfer.trace = TraceContext(traceID: (1, 2), spanID: 3)
  return transfer
}

func sampleAttempt(_ number: Int, seed: String) throws -> Attempt {
  let rawData = Array(seed.utf8) + [0, 255]
  return Attempt(
    number: number, epoch: 1, owner: try sampleRecipient(), rawData: rawData,
    txid: TransactionID(hashing: rawData), referenceBlock: BlockNumber(70),
    expiration: UnixMilliseconds(600_000))
}

func samplePayment() throws -> Payment {
  Payment(
    txid: TransactionID(hashing: [1]), blockNumber: BlockNumber(80),
    blockTime: UnixMilliseconds(80_000), fee: Sun(1), confirmedAt: UnixMilliseconds(81_000))
}

func sampleFailure() -> Failure {
  Failure(
    reason: .outOfEnergy, message: "The transfer ran out of energy.",
    txid: TransactionID(hashing: [2]), fee: Sun(2), at: UnixMilliseconds(82_000))
}

func sampleBlockID(_ number: Int64) -> BlockID {
  BlockID(number: BlockNumber(number), hashingHeader: [1, 2, 3])
}

func sampleRecipient() throws -> TronAddress {
  try TronAddress(base58: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
}

func sampleWallet(_ byte: UInt8) throws -> TronAddress {
  try TronAddress(bytes: [TronAddress.prefix] + [UInt8](repeating: byte, count: 20))
}

extension Transfer {
  /// This version, planned with one attempt.
  func planned(seed: String) throws -> Transfer {
    var planned = self
    planned.state = .planned
    planned.attempts.append(try sampleAttempt(nextAttempt, seed: seed))
    planned.nextAttempt += 1
    return planned
  }

  /// This version in another state.
  func moved(to state: TransferState) -> Transfer {
    var moved = self
    moved.state = state
    return moved
  }
}

/// A payout that waits for the window of its hour.
func scheduledPayout(
  _ id: String, recipient: UInt8, micro: Int64 = 1_000_000, router: RouterType = .v0,
  createdAt: UnixMilliseconds = UnixMilliseconds(1_000)
) throws -> Payout {
  Payout(
    id: PayoutID(id), tenant: TenantID("tenant-\(recipient % 3)"), requestID: RequestID("r"),
    request: PayoutRequest(
      recipient: try sampleWallet(recipient), amount: USDTAmount(micro: micro), reason: "r",
      router: router, batchType: .hourly),
    idempotency: nil, windowID: WindowCalendar.utc.window(.hourly, at: createdAt),
    createdAt: createdAt, estimatedCompletion: nil)
}
