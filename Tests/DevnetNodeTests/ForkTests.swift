import Testing
import Tron

@testable import DevnetNode

@Suite struct ForkTests {
  @Test func `replaces ids, misses the first slot and steps the head back by one`() throws {
    var world = try World()
    let before = world.state.chain.blocks
    let outcome = try world.state.fork(Fork(depth: 3), nowMilliseconds: world.now)
    #expect(outcome.replacedBlocks == 3)
    let after = world.state.chain.blocks
    #expect(after.count == before.count - 1)
    #expect(after.dropLast(2).map(\.id) == before.dropLast(3).map(\.id))
    #expect(Set(after.suffix(2).map(\.id)).isDisjoint(with: before.suffix(3).map(\.id)))
    #expect(after.suffix(2).map(\.timestamp) == before.suffix(2).map(\.timestamp))
  }

  @Test(arguments: [Fork.Fate.returned, .dropped, .reordered])
  func `decides what becomes of the transactions`(fate: Fork.Fate) throws {
    var world = try World()
    var ids: [TransactionID] = []
    for index in 1...4 {
      let transaction = try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, UInt64(index))
      _ = try world.mine(transaction)
      ids.append(transaction.id)
    }
    var fork = Fork(depth: 4)
    fork.fate = fate
    let outcome = try world.state.fork(fork, nowMilliseconds: world.now)
    #expect(Set(outcome.affected) == Set(ids))
    let mined = ids.filter { world.state.chain.location($0) != nil }
    switch fate {
    case .returned:
      #expect(mined.isEmpty && world.state.pool.count == 4)
      try world.produce()
      #expect(ids.allSatisfy { world.state.chain.location($0) != nil })
    case .dropped:
      #expect(mined.isEmpty && world.state.pool.count == 0)
      #expect(world.micro(world.wallets[0]) == 10_000_000_000)
    case .reordered:
      #expect(mined.count == 4)
      #expect(world.micro(world.wallets[0]) == 10_000_000_000 - 10)
    }
  }

  @Test func `goes no deeper than the solidified block`() throws {
    var world = try World()
    let solid = world.state.chain.solid.id
    let outcome = try world.state.fork(Fork(depth: 1000), nowMilliseconds: world.now)
    #expect(outcome.replacedBlocks == 18)
    #expect(world.state.chain.solid.id == solid)
  }

  @Test func `a transaction that refers to a forked block is invalid for good`() throws {
    var world = try World()
    let transaction = try world.usdt(
      from: world.wallets[0], to: world.wallets[1].address, 1,
      .init(reference: world.head.id.reference))
    try world.send(transaction)
    try world.produce()
    _ = try world.state.fork(Fork(depth: 2), nowMilliseconds: world.now)
    #expect(world.state.chain.location(transaction.id) == nil)
    #expect(world.state.pool.count == 0)
    let last = world.broadcast(transaction)
    #expect(last == .tapos)
  }

  @Test func `a popped edit of the operator comes back with the next block`() throws {
    var world = try World()
    let address = world.wallets[4].address
    world.state.edit([.setSun(address, 77)], nowMilliseconds: world.now)
    try world.produce()
    _ = try world.state.fork(Fork(depth: 1), nowMilliseconds: world.now)
    #expect(world.sun(world.wallets[4]) == 77)
    try world.produce()
    #expect(world.head.edits == [.setSun(address, 77)])
  }

  /// Random transactions, edits, blocks and forks; afterwards the state must be what the canonical
  /// blocks alone give.
  @Test(arguments: UInt64(1)...12) func `undoing restores everything exactly`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var world = try World(witnesses: 9)
    for _ in 0..<60 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6: _ = world.broadcast(try world.randomTransaction(&random))
      case 6, 7: try world.produce(slots: Int64.random(in: 1...3, using: &random))
      case 8:
        let wallet = world.wallets.randomElement(using: &random) ?? world.wallets[0]
        let amount = Int64.random(in: 0...9_000_000_000, using: &random)
        let edits: [LedgerEdit] = [
          .setMicroUSDT(wallet.address, amount),
          .setBlacklisted(wallet.address, random.chance(0.2)),
          .setEnergyFee(Int64.random(in: 50...400, using: &random)),
        ]
        world.state.edit(edits.shuffled(using: &random).dropLast(), nowMilliseconds: world.now)
      default:
        var fork = Fork(depth: Int.random(in: 1...6, using: &random))
        fork.fate = Fork.Fate.allCases.randomElement(using: &random) ?? .returned
        fork.probability = 0.7
        fork.seed = random.next()
        _ = try world.state.fork(fork, nowMilliseconds: world.now)
      }
      try world.expectStateOfBlocks()
    }
  }
}

extension World {
  fileprivate func randomTransaction(_ random: inout SplitMix64) throws -> NodeTransaction {
    let sender = wallets.randomElement(using: &random) ?? wallets[0]
    let recipient = wallets.randomElement(using: &random) ?? wallets[1]
    var terms = Terms(timestamp: Int64.random(in: 1...Int64.max, using: &random))
    terms.feeLimit = Int64.random(in: 0...40_000_000, using: &random)
    let amount = UInt64.random(in: 1...4_000_000_000, using: &random)
    if random.chance(0.3) {
      return try trx(from: sender, to: recipient.address, Int64(amount), terms)
    }
    return try usdt(from: sender, to: recipient.address, amount, terms)
  }

  /// Compares the state at the head with a replay of the canonical blocks from genesis.
  fileprivate func expectStateOfBlocks() throws {
    var genesis = Genesis()
    for wallet in wallets[..<3] { genesis.edits.append(.setSun(wallet.address, 10_000_000_000)) }
    for wallet in wallets[..<2] {
      genesis.edits.append(.setMicroUSDT(wallet.address, 10_000_000_000))
    }
    let schedule = state.chain.schedule
    var replayed = try NodeState(genesis: genesis, schedule: schedule, rules: state.rules)
    for block in state.chain.blocks.dropFirst() {
      let record = ChainRecord(.appended(block), schedule: schedule)
      let fits = try replayed.replay(record)
      #expect(fits, "block \(block.number) does not replay")
    }
    var unwound = state.ledger
    unwound.rollBack(to: 0)
    #expect(unwound.accounts == replayed.ledger.accounts)
    #expect(unwound.holdings == replayed.ledger.holdings)
    #expect(unwound.allowances == replayed.ledger.allowances)
    #expect(unwound.globals == replayed.ledger.globals)
    #expect(state.chain.latestNumbers == replayed.chain.latestNumbers)
    // The solidity view, without replaying: what was true at the solidified block.
    var solid = try NodeState(genesis: genesis, schedule: schedule, rules: state.rules)
    for block in state.chain.blocks[1...].prefix(Int(state.chain.solidNumber)) {
      _ = try solid.replay(ChainRecord(.appended(block), schedule: schedule))
    }
    let view = state.view(at: state.chain.solidNumber)
    for wallet in wallets {
      #expect(view.account(wallet.address) == solid.ledger.accounts[wallet.address])
      #expect(view.holding(of: wallet.address) == solid.ledger.holding(of: wallet.address))
    }
    #expect(view.globals == solid.ledger.globals)
  }
}
