import Synchronization
import Tron

/// Sends armed attempts to all nodes, the same bytes again at intervals until the chain decides
/// (rule C3). No answer changes any state.
///
/// Each node has a line of its own, so that one that hangs keeps nobody else waiting.
public struct Broadcaster: Sendable {
  /// What waits to be sent to one node.
  private final class Line: Sendable {
    let node: any FullNode
    private let waiting = Mutex<[TransactionID: TransferID]>([:])

    init(_ node: any FullNode) { self.node = node }

    /// LIMIT: what a full line cannot take is sent at its next time.
    func append(_ due: [(transfer: Transfer, attempt: Attempt)]) {
      waiting.withLock { waiting in
        for (transfer, attempt) in due where waiting.count < Broadcaster.lineLimit {
          waiting[attempt.txid] = transfer.id
        }
      }
    }

    /// The most urgent, in the versions that are watched now; what has ended meanwhile is forgotten.
    func take(_ context: ConfirmerContext) -> [(transfer: Transfer, attempt: Attempt)] {
      waiting.withLock { waiting in
        var live = context.state.with { contents in
          waiting.compactMap { txid, id -> (transfer: Transfer, attempt: Attempt)? in
            guard let transfer = contents.watch.transfers[id],
              let attempt = transfer.attempts.first(where: { $0.txid == txid }),
              attempt.armed, attempt.isLive
            else { return nil }
            return (transfer, attempt)
          }
        }
        live.sort {
          ($0.transfer.lane, $0.transfer.createdAt) < ($1.transfer.lane, $1.transfer.createdAt)
        }
        waiting = Dictionary(
          live.dropFirst(Broadcaster.bulk).map { ($0.attempt.txid, $0.transfer.id) },
          uniquingKeysWith: { first, _ in first })
        return Array(live.prefix(Broadcaster.bulk))
      }
    }
  }

  private let context: ConfirmerContext
  private let lines: [Line]

  /// - Parameter nodes: every full node; each gets every transaction.
  public init(context: ConfirmerContext, nodes: [any FullNode]) {
    self.context = context
    lines = nodes.map(Line.init)
  }

  /// The nodes' places in the order in which they were given.
  public var nodes: Range<Int> { lines.indices }

  /// Puts what is due into every line, and sends a bulk of what waits in the line of one node;
  /// answers whether there was any. Calls for one node must not overlap; those for different nodes
  /// may.
  public func sendDue(to index: Int) async -> Bool {
    appendDue()
    let bulk = lines[index].take(context)
    guard !bulk.isEmpty else { return false }
    await send(bulk, to: lines[index].node)
    context.failpoints.reach(.confirmerAfterBroadcast)
    return true
  }

  private func appendDue() {
    let now = context.clock.now()
    let due = context.state.with { contents in
      let head = contents.head
      return contents.watch.takeDue(
        at: now, every: context.policy.broadcastInterval, limit: Self.lineLimit,
        isIncluded: { head.block(of: $0) != nil })
    }
    guard !due.isEmpty else { return }
    for line in lines { line.append(due) }
  }

  private func send(
    _ bulk: [(transfer: Transfer, attempt: Attempt)], to node: any FullNode
  ) async {
    await withTaskGroup(of: Void.self) { group in
      for (index, item) in bulk.enumerated() {
        if index >= Self.concurrent { await group.next() }
        group.addTask { await send(item.attempt, of: item.transfer, to: node) }
      }
    }
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

  // LIMIT: transactions that wait for one node.
  private static let lineLimit = 4_096
  // LIMIT: transactions taken at a time, so how many a more urgent one waits for.
  private static let bulk = 128
  // LIMIT: broadcasts under way at a time, each node for itself.
  private static let concurrent = 16
}
