import Tron

/// Follows the head of the chain: writes the chain head and the wallets' funds for everyone, and
/// where transactions stand before they are solidified.
public struct HeadWatch: Sendable {
  private let context: ConfirmerContext
  private let full: [any FullNode]
  private let solidity: [any SolidityNode]
  private let random: @Sendable () -> [UInt8]

  /// - Parameters:
  ///   - full: full nodes; the one with the highest head is followed.
  ///   - solidity: solidity nodes; the one with the highest head is followed.
  ///   - random: bytes that nobody can foresee, others at every call.
  public init(
    context: ConfirmerContext, full: [any FullNode], solidity: [any SolidityNode],
    random: @escaping @Sendable () -> [UInt8]
  ) {
    self.context = context
    self.full = full
    self.solidity = solidity
    self.random = random
  }

  /// Prices and the cost of a transfer; they change rarely, so they are read rarely.
  public struct Prices: Sendable {
    var energy: Sun
    var bandwidth: Sun
    var transferEnergy: Int64
    var readAt: UnixMilliseconds
  }

  /// A node and the head that it tells now.
  private struct Standing<Node: Sendable>: Sendable {
    var node: Node
    var head: ChainBlock
  }

  /// Reads head and funds, writes them. `prices` is what the call before answered.
  public func advance(_ prices: Prices?) async throws -> Prices {
    let wallets = try await context.facts.wallets()
    context.state.with { $0.take(wallets) }
    let full = try await standings(full) { (node) throws(ChainError) in try await node.head() }
    let solidity = try await standings(solidity) { (node) throws(ChainError) in
      try await node.solidifiedHead()
    }
    let (head, solid) = (full[0].head, solidity[0].head)
    try await follow(full[0])
    try await writeFunds(of: wallets, solidity, full)
    let prices = try await fresh(prices, wallets, full)
    try await context.facts.write(
      ChainHead(
        latest: .init(number: head.number, id: head.id, time: head.time),
        solidified: .init(number: solid.number, id: solid.id, time: solid.time),
        energyPrice: prices.energy, bandwidthPrice: prices.bandwidth,
        transferEnergy: prices.transferEnergy, updatedAt: context.clock.now()))
    context.observer.observe(.head(latest: head.number, solidified: solid.number))
    try await writeInclusions()
    return prices
  }

  /// The nodes that answer, the highest head first; at least one. All are asked at once, so that
  /// one that hangs costs its time-out once, and one that stands still is not followed.
  private func standings<Node: Sendable>(
    _ nodes: [Node], _ head: @escaping @Sendable (Node) async throws(ChainError) -> ChainBlock
  ) async throws(ChainError) -> [Standing<Node>] {
    let answers = await withTaskGroup(of: (Int, Result<ChainBlock, ChainError>).self) { group in
      for (index, node) in nodes.enumerated() {
        group.addTask {
          do throws(ChainError) {
            return (index, .success(try await head(node)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      var answers: [(Int, Result<ChainBlock, ChainError>)] = []
      for await answer in group { answers.append(answer) }
      return answers.sorted { $0.0 < $1.0 }
    }
    var found: [Standing<Node>] = []
    var last = ChainError(code: .unreachable, effect: .none, message: "no node is configured")
    for (index, answer) in answers {
      switch answer {
      case .success(let head): found.append(Standing(node: nodes[index], head: head))
      case .failure(let error): last = error
      }
    }
    guard !found.isEmpty else { throw last }
    return found.sorted { $0.head.number > $1.head.number }
  }

  /// Links the head to what was seen before by reading the blocks between.
  private func follow(_ standing: Standing<any FullNode>) async throws(ChainError) {
    guard context.state.with({ $0.head.head?.id }) != standing.head.id else { return }
    var chain = [standing.head]
    while chain.count < Self.longestGap,
      let number = context.state.with({ $0.head.missing(below: chain) })
    {
      guard let block = try await standing.node.block(number), block.id == chain[0].parent else {
        break
      }
      chain.insert(block, at: 0)
    }
    let linked = chain
    context.state.with { $0.head.take(linked) }
  }

  /// Shows where attempts stand: in a block, or not any more after a fork.
  private func writeInclusions() async throws(StoreError) {
    let moved = context.state.with { contents in
      contents.watch.liveAttempts.compactMap { transfer, attempt in
        let block = contents.head.block(of: attempt.txid)
        return attempt.armed && attempt.included != block ? (transfer, attempt.txid, block) : nil
      }
    }
    guard !moved.isEmpty else { return }
    let now = context.clock.now()
    let places = Dictionary(
      moved.map { ($0.0.id, (txid: $0.1, block: $0.2)) }, uniquingKeysWith: { first, _ in first })
    let won = try await context.write(moved.map(\.0)) { transfer in
      guard let place = places[transfer.id] else { return .ignored("nothing new") }
      return transfer.inclusionChanged(place.txid, block: place.block, at: now)
    }
    for transfer in won {
      guard let attempt = transfer.current, let block = attempt.included else { continue }
      context.observer.observe(.included(transfer.id, attempt: attempt.number, block: block))
    }
  }

  /// The funds are those of the node whose head they are as of, and that head was read before
  /// them: no payment up to it is missing (see ``WalletBudget``). The Judge marks no transfer of a
  /// block paid before.
  private func writeFunds(
    of wallets: [Wallet], _ solidity: [Standing<any SolidityNode>], _ full: [Standing<any FullNode>]
  ) async throws {
    for wallet in wallets {
      let known = wallet.funds?.asOf
      guard known.map({ $0 < solidity[0].head.number }) ?? true else { continue }
      let owned = try await firstAnswer(solidity) { (node, head) throws(ChainError) in
        (
          usdt: try await node.solidifiedUSDT(
            of: wallet.address, contract: context.policy.contract),
          trx: try await node.solidifiedTRX(of: wallet.address), asOf: head.number
        )
      }
      let energy = try await firstAnswer(full) { (node, _) throws(ChainError) in
        try await node.energyLeft(of: wallet.address)
      }
      try await context.facts.write(
        funds: Wallet.Funds(usdt: owned.usdt, trx: owned.trx, energy: energy, asOf: owned.asOf),
        of: wallet.address, at: context.clock.now())
    }
  }

  private func fresh(
    _ prices: Prices?, _ wallets: [Wallet], _ full: [Standing<any FullNode>]
  ) async throws(ChainError) -> Prices {
    let now = context.clock.now()
    if let prices, now.value - prices.readAt.value < Self.pricesKeep { return prices }
    let (energy, bandwidth) = try await firstAnswer(full) { (node, _) throws(ChainError) in
      try await node.prices()
    }
    var worst = Self.leastWorstCase
    for wallet in wallets where (wallet.funds?.usdt ?? .zero) > .zero {
      // To an account that surely holds no USDT: nobody knew of it before.
      guard let stranger = stranger() else { continue }
      let simulated = try await firstAnswer(full) { (node, _) throws(ChainError) in
        try await node.transferEnergy(
          contract: context.policy.contract, from: wallet.address, to: stranger,
          amount: USDTAmount(micro: 1))
      }
      worst = max(worst, simulated ?? 0)
    }
    return Prices(energy: energy, bandwidth: bandwidth, transferEnergy: worst, readAt: now)
  }

  private func stranger() -> TronAddress? {
    do { return try TronAddress(accountBytes: sha256(random())[0..<20]) } catch { return nil }
  }

  /// The answer of the node with the highest head that gives one.
  private func firstAnswer<Node, Answer>(
    _ nodes: [Standing<Node>],
    _ question: (Node, ChainBlock) async throws(ChainError) -> Answer
  ) async throws(ChainError) -> Answer {
    var last = ChainError(code: .unreachable, effect: .none, message: "no node is configured")
    for standing in nodes {
      do throws(ChainError) {
        return try await question(standing.node, standing.head)
      } catch { last = error }
    }
    throw last
  }

  // LIMIT: blocks read back to link a new head; a longer gap starts the picture anew.
  private static let longestGap = 64
  // Milliseconds that prices are believed; they change by proposal, days apart.
  private static let pricesKeep: Int64 = 60_000
  // Energy of a USDT transfer to a recipient without USDT on mainnet, measured in September 2026,
  // when the contract was at the highest penalty. What a node simulates may be more, and is never
  // believed to be less: a recipient whose balance was dusted, or a node that errs, must not let
  // payouts to new holders run out of energy.
  private static let leastWorstCase: Int64 = 130_285
}
