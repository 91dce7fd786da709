import Tron

/// Follows the head of the chain: writes the chain head and the wallets' funds for everyone, and
/// where transactions stand before they are solidified.
public struct HeadWatch: Sendable {
  private let context: ConfirmerContext
  private let full: [any FullNode]
  private let solidity: [any SolidityNode]

  /// - Parameters:
  ///   - full: full nodes, in the order in which they are asked.
  ///   - solidity: solidity nodes, in the order in which they are asked.
  public init(
    context: ConfirmerContext, full: [any FullNode], solidity: [any SolidityNode]
  ) {
    self.context = context
    self.full = full
    self.solidity = solidity
  }

  /// Prices and the cost of a transfer; they change rarely, so they are read rarely.
  public struct Prices: Sendable {
    var energy: Sun
    var bandwidth: Sun
    var transferEnergy: Int64
    var readAt: UnixMilliseconds
  }

  /// Reads head and funds, writes them. `prices` is what the call before answered.
  public func advance(_ prices: Prices?) async throws -> Prices {
    let wallets = try await context.facts.wallets()
    context.state.with { $0.take(wallets) }
    let head = try await askFull { (node) throws(ChainError) in try await follow(node) }
    let solid = try await askSolidity { (node) throws(ChainError) in
      try await node.solidifiedHead()
    }
    try await writeFunds(of: wallets, asOf: solid.number)
    let prices = try await fresh(prices, wallets)
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

  /// The head block, linked to what was seen before by reading the blocks between.
  private func follow(_ node: any FullNode) async throws(ChainError) -> ChainBlock {
    let head = try await node.head()
    guard context.state.with({ $0.head.head?.id }) != head.id else { return head }
    var chain = [head]
    while chain.count < Self.longestGap,
      let number = context.state.with({ $0.head.missing(below: chain) })
    {
      guard let block = try await node.block(number), block.id == chain[0].parent else { break }
      chain.insert(block, at: 0)
    }
    let linked = chain
    context.state.with { $0.head.take(linked) }
    return head
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

  /// The funds of a block are written before its transfers are marked paid by the Judge of this
  /// process, so that no payment is missing in both (see ``WalletBudget``).
  private func writeFunds(of wallets: [Wallet], asOf number: BlockNumber) async throws {
    for wallet in wallets where wallet.funds.map({ $0.asOf < number }) ?? true {
      let (usdt, trx) = try await askSolidity { (node) throws(ChainError) in
        (
          try await node.solidifiedUSDT(of: wallet.address, contract: context.policy.contract),
          try await node.solidifiedTRX(of: wallet.address)
        )
      }
      let energy = try await askFull { (node) throws(ChainError) in
        try await node.energyLeft(of: wallet.address)
      }
      try await context.facts.write(
        funds: Wallet.Funds(usdt: usdt, trx: trx, energy: energy, asOf: number),
        of: wallet.address, at: context.clock.now())
    }
  }

  private func fresh(_ prices: Prices?, _ wallets: [Wallet]) async throws(ChainError) -> Prices {
    let now = context.clock.now()
    if let prices, now.value - prices.readAt.value < Self.pricesKeep { return prices }
    let (energy, bandwidth) = try await askFull { (node) throws(ChainError) in
      try await node.prices()
    }
    var worst = prices?.transferEnergy ?? Self.knownWorstCase
    for wallet in wallets where (wallet.funds?.usdt ?? .zero) > .zero {
      // To the contract's own owner-less neighbour, an account that surely holds no USDT.
      let simulated = try await askFull { (node) throws(ChainError) in
        try await node.transferEnergy(
          contract: context.policy.contract, from: wallet.address, to: Self.emptyAccount,
          amount: USDTAmount(micro: 1))
      }
      if let simulated { worst = max(simulated, Self.shortestTransfer) }
    }
    return Prices(energy: energy, bandwidth: bandwidth, transferEnergy: worst, readAt: now)
  }

  /// The first node that answers.
  private func askFull<Answer>(
    _ question: (any FullNode) async throws(ChainError) -> Answer
  ) async throws(ChainError) -> Answer {
    try await firstAnswer(full, question)
  }

  private func askSolidity<Answer>(
    _ question: (any SolidityNode) async throws(ChainError) -> Answer
  ) async throws(ChainError) -> Answer {
    try await firstAnswer(solidity, question)
  }

  private func firstAnswer<Node, Answer>(
    _ nodes: [Node], _ question: (Node) async throws(ChainError) -> Answer
  ) async throws(ChainError) -> Answer {
    var last = ChainError(code: .unreachable, effect: .none, message: "no node is configured")
    for node in nodes {
      do throws(ChainError) { return try await question(node) } catch { last = error }
    }
    throw last
  }

  // LIMIT: blocks read back to link a new head; a longer gap starts the picture anew.
  private static let longestGap = 64
  // Milliseconds that prices are believed; they change by proposal, days apart.
  private static let pricesKeep: Int64 = 60_000
  // Energy of a USDT transfer to a recipient without USDT, until a simulation says otherwise.
  private static let knownWorstCase: Int64 = 130_285
  // No USDT transfer is cheaper than this; a lower answer is a node's mistake.
  private static let shortestTransfer: Int64 = 60_000
  // An account without a known key that holds no USDT, derived from a fixed text.
  private static let emptyAccount: TronAddress = {
    let hash = sha256(Array("an account that holds no USDT".utf8))
    guard let address = try? TronAddress(accountBytes: hash[0..<20]) else {
      preconditionFailure("20 bytes are an account")
    }
    return address
  }()
}
