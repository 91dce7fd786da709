import Tron

/// Follows the solidified chain of one node, block by block: a constant number of calls per block
/// however many transfers wait (rule C4).
public struct SolidityWatch: Sendable {
  private let context: ConfirmerContext
  private let node: any SolidityNode
  private let resumeAfter: BlockNumber?

  /// One watch for each solidity node.
  ///
  /// - Parameter resumeAfter: The solidified block that the fleet saw last before this process began:
  ///   what the chain did while no Confirmer ran is looked at too, as far as it goes back.
  public init(
    context: ConfirmerContext, node: any SolidityNode, resumeAfter: BlockNumber? = nil
  ) {
    self.context = context
    self.node = node
    self.resumeAfter = resumeAfter
  }

  /// Host and port of the node.
  public var name: String { node.name }

  /// Reads what is new. Answers whether the view grew.
  public func advance() async throws -> Bool {
    let head = try await node.solidifiedHead()
    context.state.with { contents in
      // A view that did not look for an owner proves nothing about its attempts: start anew.
      let owners = contents.owners
      let view = contents.solid[node.name]
      if view.map({ !owners.isSubset(of: $0.owners) }) ?? true {
        contents.solid[node.name] = SolidChainView(owners: owners)
      }
    }
    do {
      let grew = try await climb(to: head)
      let deepened = try await dig()
      return grew || deepened
    } catch let error as SolidChainView.Contradiction {
      // The node contradicted itself: what it said before is no evidence either.
      context.state.with { $0.solid[node.name] = nil }
      context.observer.observe(.nodeFault(node: node.name, reason: error.reason))
      return false
    }
  }

  /// Up to the head, from where the view ends or, in an empty view, from what is needed.
  private func climb(to head: ChainBlock) async throws -> Bool {
    let (top, needed) = context.state.with {
      ($0.solid[node.name]?.highest?.number, $0.watch.lowestNeeded)
    }
    guard top.map({ $0 < head.number }) ?? true else { return false }
    let first =
      top.map { BlockNumber($0.value + 1) } ?? min(needed ?? head.number, start(head), head.number)
    var next = first.value
    // What is not looked into yet waits in the chain, not in memory.
    while next <= head.number.value, !context.state.with({ $0.foreign.isFull }) {
      let blocks = try await blocks(from: next, through: head)
      guard let last = blocks.last else { break }
      for block in blocks {
        let receipts = try await receipts(of: block)
        let now = context.clock.now()
        let failure: SolidChainView.Contradiction? = context.state.with { contents in
          do throws(SolidChainView.Contradiction) {
            try contents.solid[node.name]?.append(block, receipts: receipts)
            contents.noteForeign(
              block, owners: contents.solid[node.name]?.owners ?? [], at: now)
            return nil
          } catch { return error }
        }
        if let failure { throw failure }
      }
      next = last.number.value + 1
    }
    return next > first.value
  }

  /// Where an empty view begins when no attempt needs an older block.
  private func start(_ head: ChainBlock) -> BlockNumber {
    guard let resumeAfter, head.number.value - resumeAfter.value <= Self.longestGap else {
      return head.number
    }
    return BlockNumber(resumeAfter.value + 1)
  }

  /// Down to what attempts need that became known later than the view began.
  private func dig() async throws -> Bool {
    let (bottom, needed) = context.state.with {
      ($0.solid[node.name]?.lowest?.number, $0.watch.lowestNeeded)
    }
    guard let bottom, let needed, needed < bottom else { return false }
    let from = max(needed.value, bottom.value - Self.page)
    let blocks = try await node.solidifiedBlocks(
      from: BlockNumber(from), through: BlockNumber(bottom.value - 1))
    guard blocks.count == Int(bottom.value - from) else {
      context.observer.observe(
        .nodeFault(
          node: node.name, reason: "lacks blocks from \(from) on, which open attempts need"))
      return false
    }
    var receipts: [BlockNumber: [ChainReceipt]] = [:]
    for block in blocks { receipts[block.number] = try await self.receipts(of: block) }
    let found = receipts
    let failure: SolidChainView.Contradiction? = context.state.with { contents in
      do throws(SolidChainView.Contradiction) {
        try contents.solid[node.name]?.prepend(blocks, receipts: found)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
    return true
  }

  private func blocks(
    from first: Int64, through head: ChainBlock
  ) async throws(ChainError) -> [ChainBlock] {
    if first == head.number.value { return [head] }
    let last = min(head.number.value, first + Self.page - 1)
    return try await node.solidifiedBlocks(from: BlockNumber(first), through: BlockNumber(last))
  }

  /// Receipts of our wallets' transactions; no call when the block has none of them.
  private func receipts(of block: ChainBlock) async throws -> [ChainReceipt] {
    let owners = context.state.with { $0.solid[node.name]?.owners } ?? []
    let ours = Set(
      block.transactions.filter { transaction in
        transaction.owner.map(owners.contains) ?? true
      }.map(\.txid))
    guard !ours.isEmpty else { return [] }
    let receipts = try await node.solidifiedReceipts(block.number)
    guard Set(receipts.map(\.txid)).isSuperset(of: ours) else {
      // A balanced node whose other half lags: not an answer, so not an absence.
      throw ChainError(
        code: .malformed, effect: .none,
        message: "block \(block.number.value) has fewer receipts than transactions")
    }
    return receipts.filter { ours.contains($0.txid) }
  }

  /// Forgets solidified blocks that no attempt can need any more.
  func forget(keeping window: Int64) {
    context.state.with { contents in
      guard let top = contents.solid[node.name]?.highest?.number.value else { return }
      let floor = min(top - window, contents.watch.lowestNeeded?.value ?? top)
      contents.solid[node.name]?.drop(below: BlockNumber(floor))
    }
  }

  // LIMIT: blocks that are caught up with after all Confirmers were away, three hours on mainnet.
  private static let longestGap: Int64 = 3_600
  // LIMIT: blocks a call, the most that a node gives.
  private static let page: Int64 = 100
}
