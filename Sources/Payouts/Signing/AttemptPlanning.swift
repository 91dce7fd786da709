import Tron

/// The Signer's own rules, from configuration.
public struct SigningPolicy: Hashable, Sendable {
  /// The USDT contract of the network.
  public var contract: TronAddress
  /// Expiration after the solidified head's time.
  public var validity: Duration
  /// The highest fee limit that is ever signed.
  public var feeLimitCap: Sun
  /// The largest transfer that is ever signed.
  public var transferCap: USDTAmount
  /// A chain head older than this, by the writer's and our clock, is no notion of time.
  public var staleAfter: Duration
  /// How far the chain's and our clock may be apart.
  public var clockTolerance: Duration

  /// Collects the parts.
  public init(
    contract: TronAddress, validity: Duration, feeLimitCap: Sun, transferCap: USDTAmount,
    staleAfter: Duration = .seconds(30), clockTolerance: Duration = .seconds(120)
  ) {
    self.contract = contract
    self.validity = validity
    self.feeLimitCap = feeLimitCap
    self.transferCap = transferCap
    self.staleAfter = staleAfter
    self.clockTolerance = clockTolerance
  }

  /// Why nothing may be planned on this notion of the chain; `nil` when it may.
  public func objection(to head: ChainHead?, now: UnixMilliseconds) -> String? {
    guard let head else { return "the Confirmer has not seen the chain yet" }
    guard now.value - head.updatedAt.value <= staleAfter.milliseconds else {
      return "the chain head in the store is stale: is a Confirmer running and its node in sync?"
    }
    guard abs(now.value - head.latest.time.value) <= clockTolerance.milliseconds else {
      return "the chain's time and this machine's clock are minutes apart"
    }
    let expiration = head.solidified.time.advanced(milliseconds: validity.milliseconds)
    guard expiration.value - head.latest.time.value >= Self.shortestUsefulValidity else {
      return "TX_VALIDITY_SECONDS is shorter than the chain takes to solidify"
    }
    return nil
  }

  // LIMIT: less than this to the head's time (ms) and a node would refuse it as expired.
  private static let shortestUsefulValidity: Int64 = 6_000
}

/// Builds the bytes of attempts and checks stored bytes before they are signed. Pure.
public struct AttemptPlanning: Sendable {
  let policy: SigningPolicy

  /// Wraps the rules.
  public init(policy: SigningPolicy) { self.policy = policy }

  /// The fee limit at today's price: a third more than the worst case, so that a price or penalty
  /// that grows before inclusion does not kill the transfer; `nil` when the cap is below the worst
  /// case.
  func feeLimit(_ head: ChainHead) -> Sun? {
    let (cost, overflow) = head.transferEnergy.multipliedReportingOverflow(
      by: head.energyPrice.value)
    guard !overflow, cost >= 0, cost <= policy.feeLimitCap.value else { return nil }
    return Sun(min(policy.feeLimitCap.value, cost.saturatingAdd(cost / 3)))
  }

  /// The next attempt of a transfer.
  ///
  /// `timestamp` is validated by nobody on TRON; together with the milliseconds of `expiration` it
  /// keeps two transfers of one amount to one recipient from becoming one transaction.
  func attempt(
    of transfer: Transfer, owner: TronAddress, head: ChainHead, epoch: Int64, feeLimit: Sun
  ) throws(TransactionError) -> Attempt {
    let number = transfer.nextAttempt
    let salt = sha256(Array("\(transfer.id.text)/\(number)/\(epoch)".utf8))
    let back = salt[0..<4].reduce(Int64(0)) { $0 << 8 | Int64($1) } % Self.timestampSpread
    let jitter = salt[4..<8].reduce(Int64(0)) { $0 << 8 | Int64($1) } % Self.expirationSpread
    let expiration = head.solidified.time.advanced(
      milliseconds: policy.validity.milliseconds - jitter)
    let rawData = try TransferTransaction(
      owner: owner, contract: policy.contract, recipient: transfer.recipient,
      amount: transfer.amount,
      terms: TransactionTerms(
        reference: head.solidified.id.reference, expiration: expiration,
        timestamp: head.latest.time.advanced(milliseconds: -back), feeLimit: feeLimit)
    ).rawData
    return Attempt(
      number: number, epoch: epoch, owner: owner, rawData: rawData,
      txid: TransactionID(hashing: rawData), referenceBlock: head.solidified.number,
      expiration: expiration)
  }

  // LIMIT: timestamps spread over ten minutes, expirations over a second: with one recipient,
  // amount and reference block two of 600 million are alike, and the unique index refuses those.
  private static let timestampSpread: Int64 = 600_000
  private static let expirationSpread: Int64 = 1_000

  /// Rule S2: why the stored bytes must not be signed; `nil` when they pay exactly this transfer.
  ///
  /// - Parameter members: the payouts that carry the transfer now, and perhaps more.
  func objection(
    to attempt: Attempt, of transfer: Transfer, members: [Payout], owner: TronAddress
  ) -> String? {
    let bytes = Self.objection(
      toBytesOf: attempt, of: transfer, contract: policy.contract, feeLimitCap: policy.feeLimitCap)
    if let bytes { return bytes }
    guard attempt.owner == owner else { return "the owner is not this wallet" }
    guard transfer.amount <= policy.transferCap else { return "above the Signer's own cap" }
    return objection(to: transfer, members: members)
  }

  /// Why a transfer is not what its payouts ask for; `nil` when it is: exactly those that it names
  /// carry it, and their sum is its amount.
  func objection(to transfer: Transfer, members carriers: [Payout]) -> String? {
    let named = Set(transfer.members)
    // RACE: a payout that was assigned after the transfer was inserted carries it and is not named.
    // It is not paid by it, has no part in its sum, and the Batcher releases it (B4).
    let members = carriers.filter { named.contains($0.id) }
    guard Set(members.map(\.id)) == named, members.count == transfer.members.count
    else { return "the members in the store are not the transfer's" }
    var sum = USDTAmount.zero
    for payout in members {
      guard payout.state == .assigned, payout.transferID == transfer.id else {
        return "a member is not assigned to it"
      }
      guard payout.request.recipient == transfer.recipient else {
        return "a member has another recipient"
      }
      guard payout.request.router == transfer.router else { return "a member has another router" }
      guard payout.request.amount > .zero, let next = sum.adding(payout.request.amount) else {
        return "the members' amounts do not add up"
      }
      sum = next
    }
    return sum == transfer.amount ? nil : "the amount is not the sum of the members"
  }

  /// Why an attempt's bytes do not pay exactly this transfer; `nil` when they do. The Confirmer
  /// asks the same before it arms (rule C2).
  public static func objection(
    toBytesOf attempt: Attempt, of transfer: Transfer, contract: TronAddress,
    feeLimitCap: Sun? = nil
  ) -> String? {
    let decoded: TransferTransaction
    do {
      decoded = try TransferTransaction(strictly: attempt.rawData)
    } catch {
      return "the bytes are not a plain USDT transfer: \(error)"
    }
    guard TransactionID(hashing: attempt.rawData) == attempt.txid else {
      return "the txid is not the hash of the bytes"
    }
    guard decoded.contract == contract else { return "the contract is not USDT" }
    guard decoded.owner == attempt.owner else { return "the owner is not the attempt's" }
    guard decoded.recipient == transfer.recipient else { return "the recipient differs" }
    guard decoded.amount == transfer.amount else { return "the amount differs" }
    guard decoded.terms.expiration == attempt.expiration else { return "the expiration differs" }
    // Absence is looked for after the reference block, so the bytes must quote that very block.
    let height = attempt.referenceBlock
    guard height.isPlausible, decoded.terms.referenceBytes == height.referenceBytes else {
      return "the reference block differs"
    }
    if let feeLimitCap, decoded.terms.feeLimit > feeLimitCap {
      return "the fee limit is above the cap"
    }
    return nil
  }
}
