import Tron

/// What all nodes together say of one attempt. Pure.
///
/// | of the nodes that say something | verdict |
/// |---|---|
/// | one says paid, another failed, or in another block | none, and a fault |
/// | one says paid | paid, whatever is odd or missing elsewhere |
/// | one has a receipt that is neither | unexpected |
/// | as many as prove a death say failed, alike | dead |
/// | as many as prove a death lack it, up to one final block | perhaps expired |
struct Evidence {
  enum Verdict: Hashable {
    case paid(ChainReceipt)
    case dead(DeathProof)
    case unexpected
    /// The blocks lack it; it is still to be looked up (rule C5).
    case perhapsExpired(through: SolidChainView.Link, nodes: Set<String>)
  }

  /// A node that others contradict.
  struct Fault: Hashable {
    var node: String
    var reason: String
  }

  private(set) var verdict: Verdict?
  private(set) var faults: [Fault] = []

  private struct Place: Hashable {
    var block: BlockID
    var reading: ReceiptReading
  }

  init(
    of attempt: Attempt, _ transfer: Transfer, _ told: [String: SolidChainView.Verdict],
    _ policy: ConfirmingPolicy
  ) {
    var paid: [String: ChainReceipt] = [:]
    var failed: [String: DeathProof] = [:]
    var odd: [String] = []
    var absent: [String: SolidChainView.Link] = [:]
    var places: Set<Place> = []
    for (node, verdict) in told {
      switch verdict {
      case .executed(let receipt, let block):
        let reading = ReceiptReading(receipt, of: attempt, transfer, contract: policy.contract)
        switch reading {
        case .paid: paid[node] = receipt
        case .failed(let result): failed[node] = Self.proof(receipt, block, result)
        case .unexpected: odd.append(node)
        }
        if reading != .unexpected { places.insert(Place(block: block, reading: reading)) }
      case .absent(let link): absent[node] = link
      case .unknown: break
      }
    }
    guard places.count <= 1 else {
      blame(
        Array(paid.keys) + failed.keys,
        "the nodes do not agree on how transaction \(attempt.txid) ended")
      return
    }
    if let receipt = paid.min(by: { $0.key < $1.key })?.value {
      verdict = .paid(receipt)
      blame(odd, "has an odd receipt of transaction \(attempt.txid), which is paid")
      blame(absent.keys, "lacks transaction \(attempt.txid), which is in a solidified block")
    } else if !odd.isEmpty {
      verdict = .unexpected
    } else if !failed.isEmpty {
      fail(failed, policy)
    } else {
      expire(attempt, absent, policy)
    }
  }

  private static func proof(
    _ receipt: ChainReceipt, _ block: BlockID, _ result: String
  ) -> DeathProof {
    DeathProof(
      kind: .failedOnChain, block: receipt.blockNumber, blockID: block,
      blockTime: receipt.blockTime, nodes: [], result: result, fee: receipt.fee)
  }

  /// One node that errs must not lead to a second transaction: as many agree as for an expiry.
  private mutating func fail(_ failed: [String: DeathProof], _ policy: ConfirmingPolicy) {
    guard failed.count >= policy.deathProofNodes,
      var proof = failed.min(by: { $0.key < $1.key })?.value
    else { return }
    proof.nodes = failed.keys.sorted()
    verdict = .dead(proof)
  }

  /// Nodes that prove one death must speak of one chain.
  private mutating func expire(
    _ attempt: Attempt, _ absent: [String: SolidChainView.Link], _ policy: ConfirmingPolicy
  ) {
    guard absent.count >= policy.deathProofNodes, let link = absent.values.first else { return }
    guard absent.values.allSatisfy({ $0.id == link.id }) else {
      blame(
        absent.keys, "the nodes do not agree on the first block past \(attempt.expiration.value)")
      return
    }
    verdict = .perhapsExpired(through: link, nodes: Set(absent.keys))
  }

  private mutating func blame(_ nodes: some Sequence<String>, _ reason: String) {
    faults += nodes.sorted().map { Fault(node: $0, reason: reason) }
  }
}
