import Secp256k1
import Testing
import Tron

@testable import DevnetNode

@Suite struct SolidityTests {
  /// Latest block numbers of the witnesses and the solidified number.
  private static let samples: [([Int64], Int64)] = [
    ([9], 9), ([7, 9, 8], 7), ([5, 6, 7, 8], 6), (Array(1...10), 4), (Array(1...27), 9),
    (Array((1...27).reversed()), 9), ([Int64](repeating: 0, count: 27), 0), ([], 0),
  ]

  @Test(arguments: samples) func `is the block at index ⌊n × 0.3⌋`(latest: [Int64], solid: Int64) {
    #expect(solidifiedNumber(latestNumbers: latest) == solid)
  }

  /// How far the solidified block is behind in steady state.
  @Test(arguments: [(1, Int64(0)), (3, 2), (27, 18)]) func `lags behind the head`(
    witnesses: Int, lag: Int64
  ) throws {
    var world = try World(witnesses: witnesses)
    for _ in 0..<60 {
      try world.produce()
      #expect(world.head.number - world.state.chain.solidNumber == lag)
    }
  }

  @Test func `nine of 27 witnesses offline stop it, eight do not`() throws {
    var world = try World()
    world.state.offlineWitnesses = Set(0..<8)
    for _ in 0..<81 { try world.produceNext() }
    let reached = world.state.chain.solidNumber
    #expect(world.head.number - reached <= 27)
    world.state.offlineWitnesses = Set(0..<9)
    for _ in 0..<81 { try world.produceNext() }
    let stalled = world.state.chain.solidNumber
    for _ in 0..<27 { try world.produceNext() }
    #expect(world.state.chain.solidNumber == stalled)
  }

  @Test func `can be stopped and made to lag, and never goes down`() throws {
    var world = try World(witnesses: 1)
    try world.produce()
    world.state.hold(solidity: .stopped)
    let stopped = world.state.chain.solidNumber
    for _ in 0..<5 { try world.produce() }
    #expect(world.state.chain.solidNumber == stopped)
    world.state.hold(solidity: .lag(3))
    #expect(world.state.chain.solidNumber == world.head.number - 3)
    world.state.hold(solidity: .none)
    #expect(world.state.chain.solidNumber == world.head.number)
    world.state.hold(solidity: .lag(3))
    #expect(world.state.chain.solidNumber == world.head.number)
  }
}

extension World {
  /// Produces in the next slot whose witness is there.
  mutating func produceNext() throws {
    for slots in 1...27 {
      guard try produce(slots: Int64(slots)).isEmpty else { return }
    }
  }
}

@Suite struct BlockTests {
  @Test func `every block links to its parent, lies in its slot and is signed by its witness`()
    throws
  {
    var world = try World(witnesses: 3)
    _ = try world.mine(world.usdt(from: world.wallets[0], to: world.wallets[1].address, 1))
    for (parent, block) in zip(world.state.chain.blocks, world.state.chain.blocks.dropFirst()) {
      #expect(block.header.parent == parent.id)
      #expect(block.number == parent.number + 1)
      #expect((block.timestamp - world.state.chain.genesis.timestamp) % World.interval == 0)
      let slot = world.state.chain.schedule.slot(at: block.timestamp)
      let signer = try Secp256k1.recover(
        hash: sha256(block.header.bytes), signature: block.witnessSignature)
      #expect(signer.address == world.state.witnesses[Int(slot % 3)].address)
      #expect(signer.address.bytes == block.header.witnessAddress)
    }
  }

  @Test func `the root commits to whole transactions with their results`() throws {
    var world = try World()
    let transactions = try (1...3).map {
      try world.usdt(from: world.wallets[0], to: world.wallets[1].address, UInt64($0))
    }
    for transaction in transactions { try world.send(transaction) }
    try world.produce()
    let leaves = transactions.map { transaction in
      let success: [UInt8] = [0x2a, 0x02, 0x18, 0x01]
      return sha256(transaction.signedBytes + success)
    }
    let root = sha256(sha256(leaves[0] + leaves[1]) + leaves[2])
    #expect(world.head.header.transactionTrieRoot == root)
    #expect(world.head.transactions.map(\.transaction.id) == transactions.map(\.id))
    try world.produce()
    #expect(world.head.header.transactionTrieRoot == [UInt8](repeating: 0, count: 32))
  }

  @Test func `a slot is never used twice`() throws {
    var world = try World()
    let slot = world.state.lastSlot
    for used in [slot, slot - 1] {
      let events = try world.state.produce(slot: used, nowMilliseconds: world.now)
      #expect(events.isEmpty)
    }
  }

  @Test func `what does not fit a block waits for the next`() throws {
    var world = try World()
    let sun = LedgerEdit.setSun(world.wallets[0].address, 1_000_000_000_000_000)
    world.state.edit([sun], nowMilliseconds: world.now)
    for index in 0..<5 {
      let memo = [UInt8](repeating: UInt8(index), count: 500_000)
      let transaction = try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(memo: memo))
      try world.send(transaction)
    }
    try world.produce()
    #expect(world.head.transactions.count == 3)
    try world.produce()
    #expect(world.head.transactions.count == 2)
  }
}

@Suite struct ReferenceBlockTests {
  @Test func `a transaction may refer to the last 65,536 blocks, the head among them`() throws {
    let schedule = Schedule(
      genesisMilliseconds: 0, intervalMilliseconds: 1000, witnessCount: 1)
    var chain = Chain(genesis: Genesis().block(schedule: schedule), schedule: schedule)
    while chain.head.number < 65_536 + 10 {
      chain.append(Self.block(after: chain.head), undo: .init())
    }
    let head = chain.head.number
    let cases: [(Int64, Bool)] = [
      (head, true), (head - 1, true), (head - 65_535, true), (head - 65_536, false),
      (head - 65_537, false), (0, false),
    ]
    for (number, isKnown) in cases {
      let block = try #require(chain.block(number))
      let transaction = try Self.transaction(block.id.reference)
      #expect(chain.holdsReference(of: transaction) == isKnown, "block \(number) of \(head)")
    }
  }

  private static func block(after parent: Block) -> Block {
    let header = BlockHeaderData(
      number: BlockNumber(parent.number + 1),
      timestamp: UnixMilliseconds(parent.timestamp + 1000), transactionTrieRoot: [],
      parent: parent.id, witnessAddress: [], version: 0)
    return Block(header: header, witnessSignature: [], transactions: [], edits: [])
  }

  private static func transaction(_ reference: BlockReference) throws -> DecodedTransaction {
    var raw = RawTransaction()
    raw.referenceBytes = reference.bytes
    raw.referenceHash = reference.hash
    return try DecodedTransaction(rawData: raw.encoded)
  }
}
