import Payouts
import Tron

/// What the audit found.
struct AuditReport: Encodable {
  struct Difference: Encodable, Hashable {
    var kind: String
    var subject: String
    var explanation: String
  }

  var isClean: Bool
  var fromBlock: Int64
  var throughBlock: Int64
  var chainTransfers: Int
  var paidTransfers: Int
  var paidPayouts: Int
  var unfinished: Int
  var differences: [Difference]

  enum CodingKeys: String, CodingKey {
    case isClean = "clean", fromBlock = "from_block", throughBlock = "through_block"
    case chainTransfers = "chain_transfers", paidTransfers = "paid_transfers"
    case paidPayouts = "paid_payouts", unfinished, differences
  }
}

/// Compares what the chain holds with what the store says. Pure.
struct Audit {
  let chain: [ChainTransfer]
  let transfers: [Transfer]
  let payouts: [Payout]
  let from: BlockNumber
  let through: BlockNumber

  func report() -> AuditReport {
    // What was paid above the head that was read is not judged.
    let paid = transfers.filter { transfer in
      transfer.state == .paid
        && (transfer.payment.map { $0.blockNumber >= from && $0.blockNumber <= through } ?? true)
    }
    let differences = chainAgainstStore() + storeAgainstChain(paid) + members()
    return AuditReport(
      isClean: differences.isEmpty, fromBlock: from.value, throughBlock: through.value,
      chainTransfers: chain.count, paidTransfers: paid.count,
      paidPayouts: payouts.count { $0.state == .paid },
      unfinished: payouts.count { !$0.state.isFinal }, differences: differences)
  }

  private typealias Difference = AuditReport.Difference

  /// Every transfer on the chain is one of ours, once, as it should be.
  private func chainAgainstStore() -> [Difference] {
    var owners: [TransactionID: Transfer] = [:]
    for transfer in transfers {
      for attempt in transfer.attempts { owners[attempt.txid] = transfer }
    }
    var differences: [Difference] = []
    var executed: [TransferID: Int] = [:]
    for event in chain {
      guard let transfer = owners[event.txid] else {
        differences.append(
          Difference(
            kind: "unexplained_transfer", subject: event.txid.hex,
            explanation: "block \(event.block.value) pays \(event.recipient), no record of ours"))
        continue
      }
      executed[transfer.id, default: 0] += 1
      if event.recipient != transfer.recipient || event.amount != transfer.amount {
        differences.append(
          Difference(
            kind: "wrong_transfer", subject: transfer.id.text,
            explanation: "\(event.txid.hex) pays another recipient or amount"))
      }
      if transfer.state == .failed || transfer.state == .cancelled {
        differences.append(
          Difference(
            kind: "paid_but_reported_unpaid", subject: transfer.id.text,
            explanation: "\(event.txid.hex) in block \(event.block.value) paid it"))
      }
    }
    for (id, count) in executed.sorted(by: { $0.key < $1.key }) where count > 1 {
      differences.append(
        Difference(
          kind: "paid_more_than_once", subject: id.text, explanation: "\(count) transfers on chain")
      )
    }
    return differences
  }

  /// Every paid transfer is on the chain, where it says.
  private func storeAgainstChain(_ paid: [Transfer]) -> [Difference] {
    let events = Dictionary(grouping: chain, by: \.txid)
    return paid.compactMap { transfer in
      guard let payment = transfer.payment else {
        return Difference(
          kind: "paid_without_proof", subject: transfer.id.text, explanation: "no payment stored")
      }
      guard let event = events[payment.txid]?.first else {
        return Difference(
          kind: "not_on_chain", subject: transfer.id.text,
          explanation: "\(payment.txid.hex) is not in blocks \(from.value) to \(through.value)")
      }
      guard event.block == payment.blockNumber else {
        return Difference(
          kind: "wrong_block", subject: transfer.id.text,
          explanation: "stored \(payment.blockNumber.value), on chain \(event.block.value)")
      }
      return nil
    }
  }

  /// Payouts and their transfers say the same, and the sums agree.
  private func members() -> [Difference] {
    let byID = Dictionary(payouts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let byTransfer = Dictionary(
      transfers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var differences: [Difference] = []
    for payout in payouts where payout.state == .paid {
      let transfer = payout.transferID.flatMap { byTransfer[$0] }
      if transfer?.state != .paid || transfer?.members.contains(payout.id) != true {
        differences.append(
          Difference(
            kind: "paid_payout_without_transfer", subject: payout.id.text,
            explanation: "its transfer is not paid or does not name it"))
      }
    }
    differences += sharedMembers(byID)
    for transfer in transfers where transfer.closed {
      let members = transfer.members.compactMap { byID[$0] }
      let sum = members.reduce(Int64(0)) { $0 + $1.request.amount.micro }
      if members.count != transfer.members.count || sum != transfer.amount.micro {
        differences.append(
          Difference(
            kind: "members_do_not_add_up", subject: transfer.id.text,
            explanation: "\(members.count) members, \(sum) micro-USDT"))
      }
      let expected: PayoutState =
        switch transfer.state {
        case .paid: .paid
        case .failed: .failed
        default: .cancelled
        }
      let ended = Set(transfer.ending)
      for member in members where ended.contains(member.id) && member.state != expected {
        differences.append(
          Difference(
            kind: "member_says_otherwise", subject: member.id.text,
            explanation: "\(member.state.rawValue), its transfer is \(transfer.state.rawValue)"))
      }
    }
    return differences
  }

  /// Every payout is named by one transfer, the one that it carries; those apart that ended without a
  /// payment and let it go.
  private func sharedMembers(_ payouts: [PayoutID: Payout]) -> [Difference] {
    var differences: [Difference] = []
    var seen: [PayoutID: TransferID] = [:]
    for transfer in transfers {
      for member in transfer.ending {
        // Cancelled twice is cancelled.
        if transfer.state == .cancelled, payouts[member]?.state == .cancelled { continue }
        if let other = seen.updateValue(transfer.id, forKey: member) {
          differences.append(
            Difference(
              kind: "member_of_two_transfers", subject: member.text,
              explanation: "named by \(other) and by \(transfer.id)"))
        }
        if let payout = payouts[member], payout.transferID != transfer.id {
          differences.append(
            Difference(
              kind: "member_elsewhere", subject: member.text,
              explanation: "named by \(transfer.id), and does not carry it"))
        }
      }
    }
    return differences + shares(payouts)
  }

  /// What the members of a paid transfer were told of its fee adds up to it.
  private func shares(_ payouts: [PayoutID: Payout]) -> [Difference] {
    transfers.compactMap { transfer in
      guard transfer.closed, transfer.state == .paid, let fee = transfer.payment?.fee else {
        return nil
      }
      var sum: Int64 = 0
      for case .paid(let payment)? in transfer.members.map({ payouts[$0]?.outcome }) {
        sum += payment.fee.value
      }
      guard sum != fee.value else { return nil }
      return Difference(
        kind: "fee_shares_do_not_add_up", subject: transfer.id.text,
        explanation: "the members have \(sum) sun, the transfer \(fee.value)")
    }
  }
}
