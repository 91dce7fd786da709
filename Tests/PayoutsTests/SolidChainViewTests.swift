import Testing
import Tron

@testable import Payouts

@Suite("A view of the solidified chain")
struct SolidChainViewTests {
  private func attempt(
    reference: Int64 = 10, expiration: UnixMilliseconds = TestChain.time(15), owner: UInt8 = 1
  ) throws -> Attempt {
    Attempt(
      number: 1, epoch: 1, owner: try TestChain.account(owner), rawData: [1],
      txid: TransactionID(hashing: [1]), referenceBlock: BlockNumber(reference),
      expiration: expiration)
  }

  private func view(_ numbers: ClosedRange<Int64>) throws -> SolidChainView {
    var view = SolidChainView(owners: [try TestChain.account(1)])
    for number in numbers { try view.append(TestChain.block(number), receipts: []) }
    return view
  }

  private func link(_ number: Int64) -> SolidChainView.Link {
    SolidChainView.Link(
      id: TestChain.id(number), parent: TestChain.id(number - 1), time: TestChain.time(number))
  }

  @Test("A block that leaves a gap, has another parent or is not younger is a contradiction")
  func contradictions() throws {
    var older = TestChain.block(13)
    older.time = TestChain.time(12)
    for block in [
      TestChain.block(14), TestChain.block(12), TestChain.block(13, forkedAt: 12), older,
    ] {
      var view = try view(10...12)
      #expect(throws: SolidChainView.Contradiction.self) { try view.append(block, receipts: []) }
      #expect(view.highest == link(12))
    }
  }

  @Test("Proves absence from the block after the reference to the first one at the expiration")
  func absence() throws {
    let attempt = try attempt()
    #expect(try view(11...15).verdict(on: attempt) == .absent(through: link(15)))
    #expect(try view(3...40).verdict(on: attempt) == .absent(through: link(15)))
    #expect(try view(11...14).verdict(on: attempt) == .unknown, "the expiration is not reached")
    #expect(try view(12...20).verdict(on: attempt) == .unknown, "block 11 was not seen")
    #expect(SolidChainView(owners: [attempt.owner]).verdict(on: attempt) == .unknown)
  }

  @Test("A block exactly at the expiration ends the proof, one a millisecond before does not")
  func exactly() throws {
    let exact = try attempt(expiration: TestChain.time(15))
    let later = try attempt(expiration: TestChain.time(15).advanced(milliseconds: 1))
    #expect(try view(11...15).verdict(on: exact) == .absent(through: link(15)))
    #expect(try view(11...15).verdict(on: later) == .unknown)
    #expect(try view(11...16).verdict(on: later) == .absent(through: link(16)))
  }

  @Test("Says nothing of an owner that was not looked for")
  func missingOwner() throws {
    #expect(try view(5...30).verdict(on: attempt(owner: 2)) == .unknown)
  }

  @Test("Says nothing of impossible numbers, and does not stumble", arguments: [Int64.max, .min])
  func impossible(reference: Int64) throws {
    let verdict = try view(5...30).verdict(on: attempt(reference: reference))
    #expect(verdict == (reference == .max ? .absent(through: link(15)) : .unknown))
  }

  @Test("A receipt must be of the block and of a transaction in it")
  func receipts() throws {
    let world = try JudgedWorld(nodes: 0, deathProofNodes: 1)
    let receipt = world.receipt(nil, "SUCCESS", [])
    let transaction = ChainTransaction(txid: receipt.txid, owner: world.wallet)
    var view = SolidChainView(owners: [world.wallet])
    try view.append(TestChain.block(11), receipts: [])
    for block in [TestChain.block(12), TestChain.block(12, [])] {
      var copy = view
      #expect(throws: SolidChainView.Contradiction.self) {
        try copy.append(block, receipts: [receipt])
      }
    }
    try view.append(TestChain.block(12, [transaction]), receipts: [receipt])
    #expect(
      view.verdict(on: world.attempt) == .executed(receipt, blockID: TestChain.id(12)))
  }

  @Test("Grows downwards by blocks that are linked, and by no others")
  func prepending() throws {
    var view = try view(14...20)
    #expect(throws: SolidChainView.Contradiction.self) {
      try view.prepend((11...13).map { TestChain.block($0, forkedAt: 13) }, receipts: [:])
    }
    #expect(view.lowest == link(14))
    try view.prepend((11...13).map { TestChain.block($0) }, receipts: [:])
    #expect(view.verdict(on: try attempt()) == .absent(through: link(15)))
    view.drop(below: BlockNumber(12))
    #expect(view.verdict(on: try attempt()) == .unknown)
  }

  @Test("A node without the old blocks that an attempt needs is reported, one with them digs")
  func digging() async throws {
    let world = try JudgedWorld(nodes: 2, deathProofNodes: 2)
    let later = try TestChain.attempt(
      of: world.transfer, owner: world.wallet, contract: world.contract, reference: 17,
      expiration: TestChain.time(19))
    var transfer = world.transfer
    transfer.attempts = [later]
    world.context.state.with { $0.watch.replace(transfer) }
    world.nodes[1].script.withLock { $0.blocks.removeFirst(5) }
    func advance() async throws {
      for node in world.nodes {
        _ = try await SolidityWatch(context: world.context, node: node).advance()
      }
    }
    try await advance()
    let lowest = world.context.state.with { $0.solid.mapValues { $0.lowest?.number.value } }
    #expect(lowest == ["node-0": 18, "node-1": 18])
    let first = world.transfer
    world.context.state.with { $0.watch.replace(first) }
    try await advance()
    let dug = world.context.state.with { $0.solid.mapValues { $0.lowest?.number.value } }
    #expect(dug == ["node-0": 11, "node-1": 18])
    #expect(world.fakes.faulty == ["node-1"])
  }
}
