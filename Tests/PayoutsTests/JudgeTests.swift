import Testing
import Tron

@testable import Payouts

/// What one node tells of the attempt.
enum Told: Sendable {
  case paid
  case paidInBlock(Int64)
  case failed(String)
  case receipt(result: String?, String?, events: Int)
  case absent
  /// Absent, on a chain that differs from block 14 on.
  case absentElsewhere
  /// Absent in its blocks, found by its look-up.
  case absentButKnown
  case absentButLookUpFails
  case nothing
}

struct JudgedCase: CustomTestStringConvertible, Sendable {
  enum Outcome: Equatable, Sendable {
    case paid, failed, expired, held, open
  }

  var testDescription: String
  var told: [Told]
  var proofNodes: Int
  var outcome: Outcome
  var faulty: Set<Int>

  init(
    _ name: String, _ told: [Told], proofNodes: Int = 2, _ outcome: Outcome,
    faulty: Set<Int> = []
  ) {
    testDescription = name
    self.told = told
    self.proofNodes = proofNodes
    self.outcome = outcome
    self.faulty = faulty
  }
}

@Suite("The Judge")
struct JudgeTests {
  private static let cases: [JudgedCase] = [
    JudgedCase("one node says paid", [.paid], .paid),
    JudgedCase("one says paid, the other is down", [.paid, .nothing], .paid),
    JudgedCase("one says paid, the other lacks it", [.absent, .paid], .paid, faulty: [0]),
    JudgedCase(
      "one says paid, an odd receipt of another hides nothing",
      [.receipt(result: nil, "SUCCESS", events: 0), .paid], .paid, faulty: [0]),
    JudgedCase(
      "paid by one and failed by another", [.failed("REVERT"), .paid], .open, faulty: [0, 1]),
    JudgedCase(
      "paid by one, failed by two, whatever the order",
      [.paid, .failed("REVERT"), .failed("REVERT")],
      .open, faulty: [0, 1, 2]),
    JudgedCase("paid in two blocks", [.paid, .paidInBlock(13)], .open, faulty: [0, 1]),
    JudgedCase("failed by both", [.failed("REVERT"), .failed("REVERT")], .failed),
    JudgedCase("failed by one only", [.failed("OUT_OF_ENERGY"), .nothing], .open),
    JudgedCase("failed by one, absent from the other", [.failed("REVERT"), .absent], .open),
    JudgedCase(
      "failed in two ways", [.failed("REVERT"), .failed("OUT_OF_ENERGY")], .open, faulty: [0, 1]),
    JudgedCase(
      "failed by the only one that is asked for", [.failed("REVERT")], proofNodes: 1, .failed),
    JudgedCase("absent from both", [.absent, .absent], .expired),
    JudgedCase("absent from one only", [.absent, .nothing], .open),
    JudgedCase(
      "the nodes end in other blocks", [.absent, .absentElsewhere], .open, faulty: [0, 1]),
    JudgedCase(
      "one node down in the look-up", [.absent, .absentButLookUpFails], .open, faulty: [1]),
    JudgedCase(
      "one node of three down in the look-up", [.absentButLookUpFails, .absent, .absent], .expired,
      faulty: [0]),
    JudgedCase(
      "the look-up knows what the blocks lack", [.absent, .absentButKnown], .open, faulty: [1]),
    JudgedCase("no event", [.receipt(result: nil, "SUCCESS", events: 0)], .held),
    JudgedCase("two events", [.receipt(result: nil, "SUCCESS", events: 2)], .held),
    JudgedCase(
      "a success by its full name", [.receipt(result: "SUCESS", "SUCCESS", events: 1)], .paid),
    JudgedCase(
      "a result that is not known", [.receipt(result: "FAILED", "SOMETHING_NEW", events: 0)], .held),
    JudgedCase("no result at all", [.receipt(result: "FAILED", nil, events: 0)], .held),
    JudgedCase("an unknown failure", [.receipt(result: "FAILED", "UNKNOWN", events: 0)], .held),
    JudgedCase(
      "a failure that says that it succeeded", [.receipt(result: "FAILED", "SUCCESS", events: 1)],
      .held),
    JudgedCase("half a failure", [.receipt(result: nil, "REVERT", events: 0)], .held),
    JudgedCase("no receipt result", [.receipt(result: nil, nil, events: 1)], .held),
    JudgedCase(
      "a failure that moved tokens", [.receipt(result: "FAILED", "REVERT", events: 1)], .held),
    JudgedCase(
      "an odd receipt and two failures are for a person",
      [.failed("REVERT"), .failed("REVERT"), .receipt(result: nil, nil, events: 0)], .held),
  ]

  private static func world(_ sample: JudgedCase) throws -> JudgedWorld {
    let world = try JudgedWorld(nodes: sample.told.count, deathProofNodes: sample.proofNodes)
    for (node, told) in zip(world.nodes, sample.told) {
      try node.script.withLock { script in try Self.tell(told, &script, world) }
    }
    return world
  }

  private static func tell(
    _ told: Told, _ script: inout ScriptedSolidity.Script, _ world: JudgedWorld
  ) throws {
    func execute(_ receipt: ChainReceipt) {
      let number = receipt.blockNumber.value
      script.receipts = [receipt]
      script.blocks[Int(number) - 8] = TestChain.block(
        number, [ChainTransaction(txid: receipt.txid, owner: world.wallet)])
    }
    switch told {
    case .paid: execute(world.receipt(nil, "SUCCESS", [try world.event()]))
    case .paidInBlock(let number):
      execute(world.receipt(nil, "SUCCESS", [try world.event()], block: number))
    case .failed(let result): execute(world.receipt("FAILED", result, []))
    case .receipt(let result, let receiptResult, let events):
      let event = try world.event()
      execute(world.receipt(result, receiptResult, Array(repeating: event, count: events)))
    case .absent: break
    case .absentElsewhere: script.blocks = (8...20).map { TestChain.block($0, forkedAt: 14) }
    case .absentButKnown: script.known = [world.attempt.txid]
    case .absentButLookUpFails: script.failsLookUp = true
    case .nothing: script.failsHead = true
    }
  }

  @Test("Concludes from what the nodes say only what no node contradicts", arguments: cases)
  func table(_ sample: JudgedCase) async throws {
    let world = try Self.world(sample)
    try await world.judge()
    let stored = try #require(world.stored)
    let outcome: JudgedCase.Outcome =
      switch (stored.state, stored.attempts[0].death?.kind) {
      case (.paid, _): .paid
      case (_, .failedOnChain?): .failed
      case (_, .expired?): .expired
      default: stored.hold?.reason == .unexpectedOutcome ? .held : .open
      }
    #expect(outcome == sample.outcome)
    #expect(world.fakes.faulty == Set(sample.faulty.map { "node-\($0)" }))
    #expect(stored.state != .ready || outcome == .expired || outcome == .failed)
  }

  @Test("A proof names the nodes that gave it, and the first block at the expiration")
  func proof() async throws {
    let world = try JudgedWorld(nodes: 3, deathProofNodes: 2)
    try await world.judge()
    let death = try #require(world.stored?.attempts[0].death)
    #expect(death.nodes == ["node-0", "node-1"])
    #expect(death.blockID == TestChain.id(15))
    #expect(death.blockTime == world.attempt.expiration)
  }

  @Test("A node that is down in the look-ups does not keep payments from being written")
  func paymentsFirst() async throws {
    let world = try JudgedWorld(nodes: 2, deathProofNodes: 2)
    try world.watch(more: 3)
    let receipt = world.receipt(nil, "SUCCESS", [try world.event()])
    for node in world.nodes {
      node.script.withLock { script in
        script.receipts = [receipt]
        script.blocks[4] = TestChain.block(
          12, [ChainTransaction(txid: receipt.txid, owner: world.wallet)])
        script.failsLookUp = true
      }
    }
    try await world.judge()
    #expect(world.stored?.state == .paid)
    let others = world.fakes.contents.withLock { $0.transfers.values.filter { $0.state == .armed } }
    #expect(others.count == 3)
  }

  @Test("Each node's head is asked once a pass, before its look-ups, and proofs go out in groups")
  func lookUps() async throws {
    let world = try JudgedWorld(nodes: 1, deathProofNodes: 1)
    try world.watch(more: 149)
    _ = try await SolidityWatch(context: world.context, node: world.nodes[0]).advance()
    world.nodes[0].asked.withLock { $0 = [] }
    try await Judge(context: world.context, nodes: world.nodes).judge()
    let asked = world.nodes[0].asked.withLock { $0 }
    #expect(asked.first == "head" && asked.count { $0 == "head" } == 1)
    #expect(asked.count { $0 == "receipt" } == 150)
    let (dead, writes) = world.fakes.contents.withLock { contents in
      (contents.transfers.values.count { $0.attempts[0].death != nil }, contents.writes)
    }
    #expect(dead == 150)
    #expect(writes.allSatisfy { $0 <= 64 })
  }

  @Test(
    "A transfer is marked paid when the funds in the store include its block, not before",
    arguments: [(nil, false), (11, false), (12, true), (13, true)] as [(Int64?, Bool)])
  func fundsFirst(asOf: Int64?, isPaid: Bool) async throws {
    let world = try Self.world(JudgedCase("", [.paid], .paid))
    world.fakes.contents.withLock { contents in
      contents.wallets = [
        Wallet(
          address: world.wallet, routers: [.v0],
          funds: asOf.map {
            Wallet.Funds(usdt: .zero, trx: .zero, energy: 0, asOf: BlockNumber($0))
          }, updatedAt: TestChain.time(0))
      ]
    }
    try await world.judge()
    #expect((world.stored?.state == .paid) == isPaid)
  }

  @Test("What waits for a person is not called dead meanwhile, but is still found paid")
  func heldForAPerson() async throws {
    var sample = JudgedCase("", [.receipt(result: nil, nil, events: 0), .nothing], .held)
    let world = try Self.world(sample)
    try await world.judge()
    #expect(world.stored?.hold?.reason == .unexpectedOutcome)
    for told in [Told.failed("REVERT"), .absent, .paid] {
      sample.told = [told, told]
      for node in world.nodes {
        try node.script.withLock { script in
          script = .init(blocks: (8...20).map { TestChain.block($0) })
          try Self.tell(told, &script, world)
        }
        world.context.state.with { $0.solid[node.name] = nil }
      }
      try await world.judge()
      #expect(world.stored?.attempts[0].death == nil)
    }
    #expect(world.stored?.state == .paid)
  }
}
