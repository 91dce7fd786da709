import Tron

/// Sends armed attempts to all nodes, the same bytes again at intervals until the chain decides
/// (rule C3). No answer changes any state.
public struct Broadcaster: Sendable {
  private let context: ConfirmerContext
  private let nodes: [any FullNode]

  /// - Parameter nodes: every full node; each gets every transaction.
  public init(context: ConfirmerContext, nodes: [any FullNode]) {
    self.context = context
    self.nodes = nodes
  }

  /// Sends what is due now, at most a bulk; answers how many there were.
  public func sendDue() async -> Int {
    let now = context.clock.now()
    let due = context.state.with { contents in
      let head = contents.head
      return contents.watch.takeDue(
        at: now, every: context.policy.broadcastInterval, limit: Self.bulk,
        isIncluded: { head.block(of: $0) != nil })
    }
    guard !due.isEmpty else { return 0 }
    await withTaskGroup(of: Void.self) { group in
      var running = 0
      for (transfer, attempt) in due {
        for node in nodes {
          if running >= Self.concurrent { await group.next() } else { running += 1 }
          group.addTask { await send(attempt, of: transfer, to: node) }
        }
      }
    }
    context.failpoints.reach(.confirmerAfterBroadcast)
    return due.count
  }

  private func send(_ attempt: Attempt, of transfer: Transfer, to node: any FullNode) async {
    guard attempt.armed, let signature = attempt.signature else { return }
    let transaction = SignedTransaction(rawData: attempt.rawData, signatures: [signature])
    do throws(ChainError) {
      let answer = try await node.broadcast(transaction.bytes)
      context.observer.observe(
        .broadcast(
          transfer.id, attempt: attempt.number, node: node.name, code: answer.code,
          message: answer.message))
    } catch {
      context.observer.observe(
        .broadcastUnanswered(
          transfer.id, attempt: attempt.number, node: node.name, error: error.description))
    }
  }

  // LIMIT: transactions taken at a time, so how many a more urgent one waits for; the rest is taken
  // right after.
  private static let bulk = 128
  // LIMIT: broadcasts under way at a time, all nodes together.
  private static let concurrent = 32
}
