import Tron

/// The second half of an expiry's proof: each node by itself tells its solidified head first, its
/// time at or past the expiration, then the transaction, absent (rule C5). Together with the
/// gapless blocks that lack it, that is the proof.
///
/// One value serves one pass: each node's head is asked once, before every look-up of the pass.
struct ExpiryProofs {
  /// An attempt that no block of these nodes holds.
  struct Candidate {
    var attempt: Attempt
    var link: SolidChainView.Link
    var nodes: Set<String>
  }

  private let context: ConfirmerContext
  private let lookUpsAtOnce: Int
  /// Nodes that answered so far in this pass, in the order in which they are asked.
  private var standing: [(node: any SolidityNode, head: ChainBlock)] = []

  /// Asks the heads of the nodes; one that errs proves nothing in this pass.
  init(context: ConfirmerContext, nodes: [any SolidityNode], lookUpsAtOnce: Int) async {
    self.context = context
    self.lookUpsAtOnce = max(1, lookUpsAtOnce)
    for node in nodes {
      do throws(ChainError) {
        standing.append((node, try await node.solidifiedHead()))
      } catch {
        context.observer.observe(.nodeFault(node: node.name, reason: error.description))
      }
    }
  }

  /// The proofs that as many nodes give as the policy asks for, by transaction.
  mutating func proofs(of candidates: [Candidate]) async -> [TransactionID: DeathProof] {
    var agreed: [TransactionID: [String]] = [:]
    let enough = context.policy.deathProofNodes
    for (node, head) in standing {
      let asked = candidates.filter { candidate in
        agreed[candidate.attempt.txid, default: []].count < enough
          && candidate.nodes.contains(node.name) && head.time >= candidate.attempt.expiration
          && head.number >= candidate.link.number
      }
      for txid in await absent(asked.map(\.attempt.txid), on: node) {
        agreed[txid, default: []].append(node.name)
      }
    }
    var proofs: [TransactionID: DeathProof] = [:]
    for candidate in candidates {
      let names = agreed[candidate.attempt.txid] ?? []
      guard names.count >= enough else { continue }
      proofs[candidate.attempt.txid] = DeathProof(
        kind: .expired, block: candidate.link.number, blockID: candidate.link.id,
        blockTime: candidate.link.time, nodes: names)
    }
    return proofs
  }

  private enum Answer {
    case absent(TransactionID)
    case present(TransactionID)
    case failed(ChainError)
  }

  /// Those of the transactions that the node says it does not have. A node that errs is asked no
  /// more in this pass.
  private mutating func absent(
    _ txids: [TransactionID], on node: any SolidityNode
  ) async -> [TransactionID] {
    let answers = await lookUp(txids, on: node)
    var absent: [TransactionID] = []
    var failure: ChainError?
    for answer in answers {
      switch answer {
      case .absent(let txid): absent.append(txid)
      case .present(let txid):
        context.observer.observe(
          .nodeFault(node: node.name, reason: "knows transaction \(txid), its blocks do not"))
      case .failed(let error): failure = error
      }
    }
    if let failure {
      context.observer.observe(.nodeFault(node: node.name, reason: failure.description))
      standing.removeAll { $0.node.name == node.name }
    }
    return absent
  }

  private func lookUp(
    _ txids: [TransactionID], on node: any SolidityNode
  ) async -> [Answer] {
    await withTaskGroup(of: Answer.self) { group in
      var answers: [Answer] = []
      for (index, txid) in txids.enumerated() {
        if index >= lookUpsAtOnce, let answer = await group.next() {
          answers.append(answer)
          if case .failed = answer { break }
        }
        group.addTask {
          do throws(ChainError) {
            return try await node.solidifiedReceipt(txid) == nil ? .absent(txid) : .present(txid)
          } catch {
            return .failed(error)
          }
        }
      }
      for await answer in group { answers.append(answer) }
      return answers
    }
  }
}
