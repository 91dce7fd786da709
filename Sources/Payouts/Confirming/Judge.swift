import Tron

/// Turns what the solidified chain shows into payments and death proofs (rules C4 and C5).
public struct Judge: Sendable {
  private let context: ConfirmerContext
  private let nodes: [any SolidityNode]
  private let closing: Closing

  /// - Parameter nodes: every solidity node, the same that are watched.
  public init(context: ConfirmerContext, nodes: [any SolidityNode]) {
    self.context = context
    self.nodes = nodes
    self.closing = Closing(context: context)
  }

  private struct Finding {
    var transfer: Transfer
    var attempt: Attempt
    var verdict: Verdict
  }

  private enum Verdict {
    case paid(Payment)
    case dead(DeathProof)
    case unexpected
    case perhapsExpired(through: SolidChainView.Link, nodes: Set<String>)
  }

  /// Looks at every watched attempt and writes what is certain. Calls must not overlap.
  public func judge() async throws {
    let findings = look()
    guard !findings.isEmpty else { return }
    for bulk in findings.chunked(Self.bulk) { try await settle(Array(bulk)) }
  }

  private func look() -> [Finding] {
    let now = context.clock.now()
    return context.state.with { contents in
      contents.watch.liveAttempts.compactMap { transfer, attempt in
        verdict(on: attempt, of: transfer, contents.solid, at: now).map {
          Finding(transfer: transfer, attempt: attempt, verdict: $0)
        }
      }
    }
  }

  private func verdict(
    on attempt: Attempt, of transfer: Transfer, _ views: [String: SolidChainView],
    at now: UnixMilliseconds
  ) -> Verdict? {
    var absent: [String: SolidChainView.Link] = [:]
    var failed: [String: DeathProof] = [:]
    for (name, view) in views.sorted(by: { $0.key < $1.key }) {
      switch view.verdict(on: attempt) {
      case .executed(let receipt, let blockID):
        let verdict = verdict(on: receipt, in: blockID, by: name, attempt, transfer, at: now)
        guard case .dead(let proof) = verdict else { return verdict }
        failed[name] = proof
      case .absent(let link): absent[name] = link
      case .unknown: break
      }
    }
    if var proof = failed.values.first {
      // One node that errs must not lead to a second transaction: as many agree as for an expiry.
      guard failed.count >= context.policy.deathProofNodes,
        failed.values.allSatisfy({ $0.blockID == proof.blockID })
      else { return nil }
      proof.nodes = failed.keys.sorted()
      return .dead(proof)
    }
    guard absent.count >= context.policy.deathProofNodes, let link = absent.values.first,
      // Nodes that prove one death must speak of one chain.
      absent.values.allSatisfy({ $0.id == link.id })
    else { return nil }
    return .perhapsExpired(through: link, nodes: Set(absent.keys))
  }

  /// A receipt in a solidified block: success with exactly the expected event, failure, or neither.
  private func verdict(
    on receipt: ChainReceipt, in blockID: BlockID, by node: String, _ attempt: Attempt,
    _ transfer: Transfer, at now: UnixMilliseconds
  ) -> Verdict {
    guard receipt.result == nil, receipt.receiptResult == "SUCCESS" else {
      return .dead(
        DeathProof(
          kind: .failedOnChain, block: receipt.blockNumber, blockID: blockID,
          blockTime: receipt.blockTime, nodes: [node],
          result: receipt.receiptResult ?? receipt.result ?? "UNKNOWN", fee: receipt.fee))
    }
    let events = receipt.logs.compactMap { TransferEvent($0) }.filter {
      $0.contract == context.policy.contract
    }
    guard events.count == 1, let event = events.first, event.sender == attempt.owner,
      event.recipient == transfer.recipient, event.amount == transfer.amount
    else { return .unexpected }
    return .paid(
      Payment(
        txid: receipt.txid, blockNumber: receipt.blockNumber, blockTime: receipt.blockTime,
        fee: receipt.fee, confirmedAt: now))
  }

  private func settle(_ findings: [Finding]) async throws {
    var certain: [TransferID: Finding] = [:]
    for finding in findings {
      switch finding.verdict {
      case .paid, .dead, .unexpected:
        // A payment of one attempt beats the death of another.
        if case .paid = certain[finding.transfer.id]?.verdict { continue }
        certain[finding.transfer.id] = finding
      case .perhapsExpired(let link, let names):
        guard certain[finding.transfer.id] == nil,
          let proof = try await expiryProof(finding.attempt, through: link, by: names)
        else { continue }
        var proven = finding
        proven.verdict = .dead(proof)
        certain[finding.transfer.id] = proven
      }
    }
    let now = context.clock.now()
    let facts = certain
    let won = try await context.write(facts.values.map(\.transfer)) { transfer in
      guard let finding = facts[transfer.id] else { return .ignored("nothing new") }
      switch finding.verdict {
      case .paid(let payment): return transfer.paymentObserved(payment, at: now)
      case .dead(let proof): return transfer.deathProven(finding.attempt.txid, proof, at: now)
      case .unexpected: return transfer.unexpectedOutcomeObserved(at: now)
      case .perhapsExpired: return .ignored("not proven")
      }
    }
    tell(won, facts)
    try await closing.conclude(won)
  }

  private func tell(_ won: [Transfer], _ facts: [TransferID: Finding]) {
    if won.contains(where: { $0.state == .paid }) { context.failpoints.reach(.confirmerAfterPaid) }
    for transfer in won {
      if let hold = transfer.hold, hold.reason == .unexpectedOutcome {
        context.observer.observe(.held(transfer, hold.reason))
      }
      guard let finding = facts[transfer.id], case .dead(let proof) = finding.verdict else {
        continue
      }
      context.failpoints.reach(.confirmerAfterDeath)
      context.observer.observe(.dead(transfer.id, attempt: finding.attempt.number, proof))
    }
  }

  /// C5 on each node by itself: the solidified head first, its time at or past the expiration, then
  /// the transaction, absent. Together with the gapless blocks that lack it, that is the proof.
  private func expiryProof(
    _ attempt: Attempt, through link: SolidChainView.Link, by names: Set<String>
  ) async throws(ChainError) -> DeathProof? {
    var agreed: [String] = []
    for node in nodes where names.contains(node.name) {
      let head = try await node.solidifiedHead()
      guard head.time >= attempt.expiration, head.number >= link.number else { continue }
      guard try await node.solidifiedReceipt(attempt.txid) == nil else { continue }
      agreed.append(node.name)
      if agreed.count == context.policy.deathProofNodes { break }
    }
    guard agreed.count >= context.policy.deathProofNodes else { return nil }
    return DeathProof(
      kind: .expired, block: link.number, blockID: link.id, blockTime: link.time, nodes: agreed)
  }

  // LIMIT: findings written in one bulk.
  private static let bulk = 500
}

extension Array {
  /// Pieces of at most `size`, in order.
  func chunked(_ size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
