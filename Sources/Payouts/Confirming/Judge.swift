import Tron

/// Turns what the solidified chain shows into payments and death proofs (rules C4 and C5).
public struct Judge: Sendable {
  private let context: ConfirmerContext
  private let nodes: [any SolidityNode]
  private let lookUpsAtOnce: Int
  private let closing: Closing

  /// - Parameters:
  ///   - nodes: every solidity node, the same that are watched.
  ///   - lookUpsAtOnce: transactions that one node looks up at a time.
  public init(context: ConfirmerContext, nodes: [any SolidityNode], lookUpsAtOnce: Int = 8) {
    self.context = context
    self.nodes = nodes
    self.lookUpsAtOnce = lookUpsAtOnce
    self.closing = Closing(context: context)
  }

  /// What is certain of a transfer, and needs only to be written.
  private struct Finding {
    enum Fact {
      case paid(Payment)
      case dead(DeathProof)
      case unexpected
    }

    var transfer: Transfer
    var attempt: Attempt
    var fact: Fact

    /// A payment of one attempt beats everything of another; a person beats a machine.
    var weight: Int {
      switch fact {
      case .paid: 2
      case .unexpected: 1
      case .dead: 0
      }
    }

    /// The block that changed the wallet's funds.
    var executedIn: BlockNumber? {
      switch fact {
      case .paid(let payment): payment.blockNumber
      case .dead(let proof): proof.kind == .failedOnChain ? proof.block : nil
      case .unexpected: nil
      }
    }
  }

  private struct Suspect {
    var transfer: Transfer
    var candidate: ExpiryProofs.Candidate
  }

  /// Looks at every watched attempt and writes what is certain. Calls must not overlap.
  public func judge() async throws {
    let (findings, suspects) = look()
    // What needs no further question waits for no node.
    for bulk in try await covered(findings).chunked(Self.bulk) { try await settle(bulk) }
    guard !suspects.isEmpty else { return }
    let settled = Set(findings.map(\.transfer.id))
    try await prove(suspects.filter { !settled.contains($0.transfer.id) })
  }

  private func look() -> (findings: [Finding], suspects: [Suspect]) {
    var findings: [TransferID: Finding] = [:]
    var suspects: [Suspect] = []
    let now = context.clock.now()
    for (transfer, attempt, told) in told() {
      let evidence = Evidence(of: attempt, transfer, told, context.policy)
      for fault in evidence.faults {
        context.observer.observe(.nodeFault(node: fault.node, reason: fault.reason))
      }
      // A person looks at it: until then nothing makes room for another attempt.
      let isForAPerson = transfer.hold?.reason == .unexpectedOutcome
      let fact: Finding.Fact
      switch evidence.verdict {
      case .paid(let receipt): fact = .paid(Self.payment(receipt, at: now))
      case .unexpected: fact = .unexpected
      case .dead(let proof) where !isForAPerson: fact = .dead(proof)
      case .perhapsExpired(let link, let nodes) where !isForAPerson:
        suspects.append(
          Suspect(
            transfer: transfer,
            candidate: ExpiryProofs.Candidate(attempt: attempt, link: link, nodes: nodes)))
        continue
      case .dead, .perhapsExpired, nil: continue
      }
      let finding = Finding(transfer: transfer, attempt: attempt, fact: fact)
      if findings[transfer.id].map({ $0.weight < finding.weight }) ?? true {
        findings[transfer.id] = finding
      }
    }
    return (Array(findings.values), suspects)
  }

  /// Every watched attempt with what each node says of it.
  private func told() -> [(Transfer, Attempt, [String: SolidChainView.Verdict])] {
    context.state.with { contents in
      contents.watch.liveAttempts.map { transfer, attempt in
        (transfer, attempt, contents.solid.mapValues { $0.verdict(on: attempt) })
      }
    }
  }

  private static func payment(_ receipt: ChainReceipt, at now: UnixMilliseconds) -> Payment {
    Payment(
      txid: receipt.txid, blockNumber: receipt.blockNumber, blockTime: receipt.blockTime,
      fee: receipt.fee, confirmedAt: now)
  }

  /// Those whose block the wallet's funds in the store include; the others wait for the head watch.
  ///
  /// So no Signer finds a transfer missing both in flight and in the funds (see ``WalletBudget``).
  private func covered(_ findings: [Finding]) async throws(StoreError) -> [Finding] {
    guard findings.contains(where: { $0.executedIn != nil }) else { return findings }
    var asOf: [TronAddress: BlockNumber] = [:]
    for wallet in try await context.facts.wallets() {
      asOf[wallet.address] = wallet.funds?.asOf ?? BlockNumber(-1)
    }
    return findings.filter { finding in
      // Nothing is planned from a wallet that no Signer registered.
      guard let block = finding.executedIn, let asOf = asOf[finding.attempt.owner] else {
        return true
      }
      return asOf >= block
    }
  }

  private func settle(_ findings: some Sequence<Finding>) async throws {
    let facts = Dictionary(
      findings.map { ($0.transfer.id, $0) }, uniquingKeysWith: { first, _ in first })
    let now = context.clock.now()
    let won = try await context.write(facts.values.map(\.transfer)) { transfer in
      guard let finding = facts[transfer.id] else { return .ignored("nothing new") }
      switch finding.fact {
      case .paid(let payment): return transfer.paymentObserved(payment, at: now)
      case .dead(let proof): return transfer.deathProven(finding.attempt.txid, proof, at: now)
      case .unexpected: return transfer.unexpectedOutcomeObserved(at: now)
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
      guard let finding = facts[transfer.id], case .dead(let proof) = finding.fact else {
        continue
      }
      context.failpoints.reach(.confirmerAfterDeath)
      context.observer.observe(.dead(transfer.id, attempt: finding.attempt.number, proof))
    }
  }

  /// Looks up what no block holds, and writes the proofs group by group.
  private func prove(_ suspects: [Suspect]) async throws {
    guard !suspects.isEmpty else { return }
    var proofs = await ExpiryProofs(context: context, nodes: nodes, lookUpsAtOnce: lookUpsAtOnce)
    for group in suspects.chunked(Self.lookUps) {
      let proven = await proofs.proofs(of: group.map(\.candidate))
      let findings = group.compactMap { suspect in
        proven[suspect.candidate.attempt.txid].map {
          Finding(
            transfer: suspect.transfer, attempt: suspect.candidate.attempt, fact: .dead($0))
        }
      }
      if !findings.isEmpty { try await settle(findings) }
    }
  }

  // LIMIT: findings written in one bulk, so how many a more urgent transfer waits for at the store.
  private static let bulk = 50
  // LIMIT: attempts looked up before their proofs are written.
  private static let lookUps = 64
}

extension Array {
  /// Pieces of at most `size`, in order.
  func chunked(_ size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
