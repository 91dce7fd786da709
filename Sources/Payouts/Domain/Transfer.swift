import Tron

/// One TRC-20 `transfer` that will fulfil its member payouts, with every attempt to execute it.
///
/// The attempts are embedded because arming must look at all of them and write in one
/// compare-and-set. At most one attempt is live.
public struct Transfer: Hashable, Codable, Sendable {
  /// Derived from the members and a generation number.
  public var id: TransferID
  /// The payouts that it pays, sorted.
  public var members: [PayoutID]
  /// Who is paid.
  public var recipient: TronAddress
  /// The sum of the members.
  public var amount: USDTAmount
  /// Whose wallet pays: the router decides, the Signer knows the address.
  public var router: RouterType
  /// The topic its hints travel on.
  public var lane: Lane
  /// The journal partition it lives in for ever.
  public var partition: Int32
  /// Where it is.
  public var state: TransferState
  /// Why it waits, when it is held.
  public var hold: Hold?
  /// Counts the writes.
  public var rev: Int64
  /// Names the last write.
  public var token: WriteToken
  /// The number that the next attempt gets; never reused.
  public var nextAttempt: Int
  /// Every transaction that was ever planned for it. In `planned` and `armed` the last one is the
  /// current one; an attempt that is put back from the journal goes before it.
  public var attempts: [Attempt]
  /// The solidified execution, once paid.
  public var payment: Payment?
  /// Why it failed, from `failing` on.
  public var failure: Failure?
  /// Members that a client cancelled: when the transfer ends as `cancelled` they do as well, and the
  /// other members wait for another transfer.
  public var withdrawn: [PayoutID]
  /// Whether members, journal and `payouts.settled` all know the outcome.
  public var closed: Bool
  /// When it was formed.
  public var createdAt: UnixMilliseconds
  /// When it was last written, for sweepers.
  public var updatedAt: UnixMilliseconds
  /// The trace of its first member; messages carry it as a header, not in their values.
  public var trace: TraceContext?

  /// A freshly formed transfer, `ready`.
  public init(
    id: TransferID, members: [PayoutID], recipient: TronAddress, amount: USDTAmount,
    router: RouterType, lane: Lane, partition: Int32, createdAt: UnixMilliseconds
  ) {
    self.id = id
    self.members = members
    self.recipient = recipient
    self.amount = amount
    self.router = router
    self.lane = lane
    self.partition = partition
    self.state = .ready
    self.rev = 1
    self.token = WriteToken("formed")
    self.nextAttempt = 1
    self.attempts = []
    self.withdrawn = []
    self.closed = false
    self.createdAt = createdAt
    self.updatedAt = createdAt
  }

  enum CodingKeys: String, CodingKey {
    case id, members, recipient, amount = "amount_micro", router, lane, partition, state, hold, rev
    case token, nextAttempt = "next_attempt", attempts, payment, failure, withdrawn, closed
    case createdAt = "created_at", updatedAt = "updated_at"
  }
}

extension Transfer {
  /// The payouts that end with it: all, or those that are withdrawn when it ends without a payment.
  public var ending: [PayoutID] {
    state == .voiding || state == .cancelled ? withdrawn : members
  }

  /// The attempt that may be, or is, armed: the last one in `planned` and `armed`, else none.
  public var current: Attempt? {
    state == .planned || state == .armed ? attempts.last : nil
  }

  /// Whether the chain could still execute one of the attempts in the store.
  public var hasLiveAttempt: Bool { attempts.contains { $0.isLive } }
}

/// Where a transfer is in its life.
public enum TransferState: String, Codable, CaseIterable, Sendable {
  /// Waits for the Signer. Leaves to: `planned`, `held`, `voiding`.
  case ready
  /// Cannot be planned for now (`hold` says why). Leaves to: `ready`, `voiding`.
  case held
  /// An attempt is stored, perhaps signed, perhaps in the journal; not sent.
  /// Leaves to: `armed`, `ready` or `failing` when all attempts are dead.
  case planned
  /// The current attempt may be sent, and is sent again until the chain decides.
  /// Leaves to: `paid`, `ready`, `failing`.
  case armed
  /// Every attempt is dead and no more will be made. Leaves to: `failed` when the journal's record
  /// was consumed; `paid` if the chain knows better.
  case failing
  /// Ends without a payment: cancelled, or dissolved because not all members carry it.
  /// Leaves to: `cancelled` when the journal's record was consumed; `paid`.
  case voiding
  /// Executed in a solidified block. Final.
  case paid
  /// Reported as not paid. Final.
  case failed
  /// Ended without a payment: `withdrawn` members are cancelled, the others wait again. Final.
  case cancelled

  /// Whether the chain is still watched for it.
  public var isOpen: Bool {
    switch self {
    case .ready, .held, .planned, .armed, .failing, .voiding: true
    case .paid, .failed, .cancelled: false
    }
  }
}

/// Why a transfer waits although it could be planned otherwise.
public struct Hold: Hashable, Codable, Sendable {
  /// What is missing.
  public enum Reason: String, Codable, CaseIterable, Sendable {
    /// The wallet has too little USDT.
    case insufficientUSDT = "insufficient_usdt"
    /// The wallet has too little energy, and too little TRX to burn for it.
    case insufficientEnergy = "insufficient_energy"
    /// Larger than the Signer's own cap.
    case aboveSignerCap = "above_signer_cap"
    /// The Signer has signed as much in this UTC day or hour as its own caps allow.
    case signerLimitReached = "signer_limit_reached"
    /// No key is configured for the router's wallet.
    case noWallet = "no_wallet"
    /// The fee limit that the configuration allows is below what a transfer costs now.
    case feeLimitTooLow = "fee_limit_too_low"
    /// The members do not add up to the transfer: a person must look.
    case inconsistent
    /// The chain executed it without the expected event: a person must look.
    case unexpectedOutcome = "unexpected_outcome"
  }

  /// What is missing.
  public var reason: Reason
  /// Since when.
  public var since: UnixMilliseconds

  /// Collects the parts.
  public init(reason: Reason, since: UnixMilliseconds) {
    self.reason = reason
    self.since = since
  }
}

/// One transaction of a transfer: bytes that could move money, and what the chain proved of them.
public struct Attempt: Hashable, Codable, Sendable {
  /// Its number within the transfer, from 1.
  public var number: Int
  /// The generation of the store that it was planned in.
  public var epoch: Int64
  /// The wallet that pays.
  public var owner: TronAddress
  /// The serialised `raw_data`; signing is a pure function of these bytes.
  public var rawData: [UInt8]
  /// SHA-256 of `rawData`; unique over all attempts.
  public var txid: TransactionID
  /// The height of the reference block: it cannot be in a block up to this one.
  public var referenceBlock: BlockNumber
  /// After a solidified block at or past this time it can never execute.
  public var expiration: UnixMilliseconds
  /// 65 bytes, stored by arming; `nil` before.
  public var signature: [UInt8]?
  /// Whether it may be sent.
  public var armed: Bool
  /// The block it was last seen in before solidification; only for display and for sparing nodes
  /// needless broadcasts, never a reason to decide anything.
  public var included: BlockNumber?
  /// Proof that it never executed and never will; stable once stored.
  public var death: DeathProof?

  /// A planned attempt.
  public init(
    number: Int, epoch: Int64, owner: TronAddress, rawData: [UInt8], txid: TransactionID,
    referenceBlock: BlockNumber, expiration: UnixMilliseconds
  ) {
    self.number = number
    self.epoch = epoch
    self.owner = owner
    self.rawData = rawData
    self.txid = txid
    self.referenceBlock = referenceBlock
    self.expiration = expiration
    self.armed = false
  }

  /// Whether nothing proves yet that it is dead.
  public var isLive: Bool { death == nil }

  enum CodingKeys: String, CodingKey {
    case number, epoch, owner, rawData = "raw_data", txid, referenceBlock = "reference_block"
    case expiration, signature, armed, included, death
  }
}

/// A stable fact of the chain: these bytes did not pay and never will.
public struct DeathProof: Hashable, Codable, Sendable {
  /// Which fact.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Absent from the solidified chain up to and including the first block at or past expiration.
    case expired
    /// In a solidified block with a failed receipt.
    case failedOnChain = "failed_on_chain"
  }

  /// Which fact.
  public var kind: Kind
  /// The solidified block that proves it: the one that holds the failed receipt, or the first at
  /// or past the expiration.
  public var block: BlockNumber
  /// That block's id.
  public var blockID: BlockID
  /// That block's time.
  public var blockTime: UnixMilliseconds
  /// The nodes that agreed, by host and port.
  public var nodes: [String]
  /// The receipt's result (`REVERT`, `OUT_OF_ENERGY`, …) when it failed on the chain.
  public var result: String?
  /// What the failed execution cost.
  public var fee: Sun?

  /// Collects the parts.
  public init(
    kind: Kind, block: BlockNumber, blockID: BlockID, blockTime: UnixMilliseconds,
    nodes: [String], result: String? = nil, fee: Sun? = nil
  ) {
    self.kind = kind
    self.block = block
    self.blockID = blockID
    self.blockTime = blockTime
    self.nodes = nodes
    self.result = result
    self.fee = fee
  }

  enum CodingKeys: String, CodingKey {
    case kind, block, blockID = "block_id", blockTime = "block_time", nodes, result
    case fee = "fee_sun"
  }
}
