import Foundation
import Tron

/// The journal: every record that says that money could move, or never will. Topic
/// `transfers.signed`, keyed by transfer id, kept for ever.
public enum JournalRecord: Hashable, Sendable {
  /// These signed bytes exist. Written before they can be armed, so before they can be sent.
  case plan(Plan)
  /// The transfer ends without a payment: no PLAN of it is ever armed after this.
  case void(VoidRecord)
  /// The transfer has ended, or is about to end unpaid: no PLAN is ever armed after this.
  case settled(Settlement)
  /// A generation of the store began. Written to every partition.
  case epoch(Int64)

  /// The transfer that it speaks of; `nil` for an epoch.
  public var transferID: TransferID? {
    switch self {
    case .plan(let plan): plan.transferID
    case .void(let void): void.transferID
    case .settled(let settlement): settlement.transferID
    case .epoch: nil
    }
  }
}

/// A signed attempt, whole: enough to rebuild the transfer from nothing.
public struct Plan: Hashable, Codable, Sendable {
  /// The transfer.
  public var transferID: TransferID
  /// The attempt, with its bytes; `signature` is set, `armed` and `death` are not.
  public var attempt: Attempt
  /// The payouts that it pays.
  public var members: [PayoutID]
  /// Who is paid.
  public var recipient: TronAddress
  /// The sum.
  public var amount: USDTAmount
  /// Whose wallet pays.
  public var router: RouterType
  /// The topic of the transfer's hints.
  public var lane: Lane

  /// The attempt of a transfer.
  public init(_ attempt: Attempt, of transfer: Transfer) {
    transferID = transfer.id
    self.attempt = attempt
    members = transfer.members
    recipient = transfer.recipient
    amount = transfer.amount
    router = transfer.router
    lane = transfer.lane
  }

  enum CodingKeys: String, CodingKey {
    case transferID = "transfer_id", attempt, members, recipient, amount = "amount_micro", router
    case lane
  }
}

/// The end of a transfer that will not pay, whole: a store that lost the transfer gets it back, and
/// with it who was withdrawn.
public struct VoidRecord: Hashable, Codable, Sendable {
  /// The transfer.
  public var transferID: TransferID
  /// The payouts that it would have paid.
  public var members: [PayoutID]
  /// Those of them that a client cancelled; the others wait for another transfer.
  public var withdrawn: [PayoutID]
  /// Who would have been paid.
  public var recipient: TronAddress
  /// The sum.
  public var amount: USDTAmount
  /// Whose wallet would have paid.
  public var router: RouterType
  /// The topic of the transfer's hints.
  public var lane: Lane

  /// The end of a transfer that is `voiding` or `cancelled`.
  public init(_ transfer: Transfer) {
    transferID = transfer.id
    members = transfer.members
    withdrawn = transfer.withdrawn
    recipient = transfer.recipient
    amount = transfer.amount
    router = transfer.router
    lane = transfer.lane
  }

  enum CodingKeys: String, CodingKey {
    case transferID = "transfer_id", members, withdrawn, recipient, amount = "amount_micro", router
    case lane
  }
}

/// The end of a transfer as the journal tells it.
public struct Settlement: Hashable, Codable, Sendable {
  /// How it ends.
  public enum Result: String, Codable, Sendable {
    case paid, failed
  }

  /// The transfer.
  public var transferID: TransferID
  /// How it ends.
  public var result: Result
  /// The payment, when paid.
  public var payment: Payment?
  /// Why not, when failed.
  public var failure: Failure?

  /// Collects the parts.
  public init(
    transferID: TransferID, result: Result, payment: Payment? = nil, failure: Failure? = nil
  ) {
    self.transferID = transferID
    self.result = result
    self.payment = payment
    self.failure = failure
  }

  enum CodingKeys: String, CodingKey {
    case transferID = "transfer_id", result, payment, failure
  }
}

/// What `payouts.settled` tells the world about one payout. Its identity is the payout's: every
/// repetition says the same.
public struct SettledMessage: Hashable, Codable, Sendable {
  /// The payout.
  public var payoutID: PayoutID
  /// Its owner.
  public var tenant: TenantID
  /// `confirmed`, `failed` or `cancelled`.
  public var status: PayoutStatus
  /// The transfer it was a member of.
  public var transferID: TransferID?
  /// Who is paid.
  public var recipient: TronAddress
  /// How much.
  public var amount: USDTAmount
  /// The payment, when confirmed.
  public var payment: Payment?
  /// Why not, when failed.
  public var failure: Failure?

  enum CodingKeys: String, CodingKey {
    case payoutID = "payout_id", tenant, status, transferID = "transfer_id", recipient
    case amount = "amount_micro", payment, failure
  }

  /// The message of a payout whose outcome is known; `nil` for one that has not ended.
  public init?(_ payout: Payout) {
    payoutID = payout.id
    tenant = payout.tenant
    status = payout.state.status
    transferID = payout.transferID
    recipient = payout.request.recipient
    amount = payout.request.amount
    switch payout.outcome {
    case .paid(let payment): self.payment = payment
    case .failed(let failure): self.failure = failure
    case .cancelled: break
    case nil: return nil
    }
  }
}

/// Look at this transfer: the whole of what `transfers.ready.*` says.
public struct ReadyHint: Hashable, Codable, Sendable {
  /// The transfer.
  public var transferID: TransferID

  /// Wraps an id.
  public init(transferID: TransferID) { self.transferID = transferID }

  enum CodingKeys: String, CodingKey {
    case transferID = "transfer_id"
  }
}

/// A record that could not be understood, kept with the reason.
public struct DeadLetter: Hashable, Codable, Sendable {
  /// Where it was read.
  public var topic: String
  /// Where it was read.
  public var partition: Int32
  /// Where it was read.
  public var offset: Int64
  /// Why it was not understood.
  public var reason: String
  /// The record's key, base64.
  public var key: Data
  /// The record's value, base64.
  public var value: Data
  /// The record's headers; absent in letters of older versions.
  public var headers: [Header]?

  /// One header.
  public struct Header: Hashable, Codable, Sendable {
    /// Name.
    public var name: String
    /// Value, UTF-8, repaired.
    public var value: String
  }

  /// Wraps a record and the reason.
  public init(_ record: IncomingRecord, reason: String) {
    topic = record.topic.name
    partition = record.partition
    offset = record.offset
    self.reason = reason
    key = Data(record.key)
    value = Data(record.value)
    headers = record.headers.map { Header(name: $0.name, value: $0.value) }
  }
}
