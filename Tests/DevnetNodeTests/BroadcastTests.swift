import Testing
import Tron

@testable import DevnetNode

/// A broadcast and the answer that the real node gives.
struct BroadcastCase: CustomTestStringConvertible, Sendable {
  let name: String
  let code: BroadcastCode
  let message: String
  let make: @Sendable (inout World) throws -> NodeTransaction

  var testDescription: String { name }

  init(
    _ name: String, _ code: BroadcastCode, _ message: String,
    _ make: @escaping @Sendable (inout World) throws -> NodeTransaction
  ) {
    self.name = name
    self.code = code
    self.message = message
    self.make = make
  }
}

@Suite struct BroadcastTests {
  private static let cases: [BroadcastCase] = [
    BroadcastCase("a plain transfer", .success, "") { world in
      try world.usdt(from: world.wallets[0], to: world.wallets[1].address, 1)
    },
    BroadcastCase("no signature", .signatureError, "Validate signature error: miss sig or contract")
    { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(signature: { _ in [] }))
    },
    BroadcastCase(
      "a short signature", .signatureError, "Validate signature error: Signature size is 64"
    ) { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1,
        .init(signature: { [Array($0.dropLast())] }))
    },
    BroadcastCase(
      "two signatures", .signatureError,
      "Validate signature error: Signature count is 2 more than key counts of permission : 1"
    ) { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(signature: { [$0, $0] }))
    },
    BroadcastCase(
      "six signatures", .signatureError, "Validate signature error: too many signatures"
    ) { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1,
        .init(signature: { [[UInt8]](repeating: $0, count: 6) }))
    },
    BroadcastCase(
      "an unknown permission", .signatureError, "Validate signature error: permission isn't exit"
    ) { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(permissionID: 3))
    },
    BroadcastCase("no contract", .contractValidateError, "Contract validate error : No contract!") {
      world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(contracts: { _ in [] }))
    },
    BroadcastCase(
      "two contracts", .otherError, "Error: Contract size should be exactly 1, this is 2"
    ) { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(contracts: { $0 + $0 }))
    },
    BroadcastCase("the hash of another block", .taposError, "Tapos check error.") { world in
      var reference = world.state.chain.solid.id.reference
      reference = BlockReference(
        number: reference.number, bytes: reference.bytes, hash: [UInt8](repeating: 7, count: 8))
      return try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(reference: reference))
    },
    BroadcastCase("a block of the future", .taposError, "Tapos check error.") { world in
      let reference = BlockReference(
        number: BlockNumber(900), bytes: [3, 132], hash: [UInt8](repeating: 7, count: 8))
      return try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(reference: reference))
    },
    BroadcastCase(
      "a memo beyond the size of a transaction", .tooBig, "Transaction size is too big."
    ) { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1,
        .init(memo: [UInt8](repeating: 1, count: 512_000)))
    },
    BroadcastCase("an owner that is not on chain", .contractValidateError, "") { world in
      try world.usdt(from: world.wallets[5], to: world.wallets[1].address, 1)
    },
    BroadcastCase(
      "a call of an account", .contractValidateError,
      "Contract validate error : No contract or not a smart contract"
    ) { world in
      let call = RawTransaction.TriggerParts(
        owner: world.wallets[0].address.bytes, contract: world.wallets[1].address.bytes, data: [])
      return try world.sign(.trigger(call), by: world.wallets[0], .init())
    },
    BroadcastCase(
      "a fee limit above the highest", .contractValidateError,
      "Contract validate error : feeLimit must be >= 0 and <= 15000000000"
    ) { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(feeLimit: 15_000_000_001))
    },
    BroadcastCase("a negative fee limit", .contractValidateError, "") { world in
      try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1, .init(feeLimit: -1))
    },
    BroadcastCase(
      "more TRX than there are", .contractValidateError,
      "Contract validate error : Validate TransferContract error, balance is not sufficient."
    ) { world in
      try world.trx(from: world.wallets[0], to: world.wallets[1].address, 10_000_000_001)
    },
    BroadcastCase(
      "no TRX", .contractValidateError, "Contract validate error : Amount must be greater than 0."
    ) { world in try world.trx(from: world.wallets[0], to: world.wallets[1].address, 0) },
    BroadcastCase(
      "TRX to oneself", .contractValidateError,
      "Contract validate error : Cannot transfer TRX to yourself."
    ) { world in try world.trx(from: world.wallets[0], to: world.wallets[0].address, 1) },
    BroadcastCase(
      "TRX to the contract", .contractValidateError,
      "Contract validate error : Cannot transfer TRX to a smartContract."
    ) { world in try world.trx(from: world.wallets[0], to: world.token, 1) },
    BroadcastCase(
      "a contract type that this node does not have", .contractValidateError,
      "Contract validate error : FreezeBalanceV2Contract is not supported by this devnet"
    ) { world in
      var value = ProtobufMessage()
      value.bytes(1, world.wallets[0].address.bytes)
      let contract = RawTransaction.Contract(
        type: ContractType(rawValue: 54),
        typeURL: "type.googleapis.com/protocol.FreezeBalanceV2Contract", value: value.encoded)
      return try world.sign(contract, by: world.wallets[0], .init())
    },
    BroadcastCase(
      "bandwidth that cannot be paid", .bandwidthError, "Account resource insufficient error."
    ) { world in
      let poor = world.wallets[3]
      world.state.edit([.setSun(poor.address, 344_999)], nowMilliseconds: world.now)
      let first = try world.usdt(from: poor, to: world.wallets[1].address, 1, .init(timestamp: 1))
      try world.send(first)
      return try world.usdt(from: poor, to: world.wallets[1].address, 1, .init(feeLimit: 0))
    },
    BroadcastCase(
      "a memo that cannot be paid", .bandwidthError, "Account resource insufficient error."
    ) { world in
      let poor = world.wallets[3]
      world.state.edit([.setSun(poor.address, 999_999)], nowMilliseconds: world.now)
      return try world.usdt(
        from: poor, to: world.wallets[1].address, 1, .init(memo: Array("hello".utf8)))
    },
    BroadcastCase("a transaction that waits already", .duplicateTransaction, "Dup transaction.") {
      world in
      let transaction = try world.usdt(from: world.wallets[0], to: world.wallets[1].address, 1)
      try world.send(transaction)
      return transaction
    },
    BroadcastCase("a mined transaction", .duplicateTransaction, "Dup transaction.") { world in
      let transaction = try world.usdt(from: world.wallets[0], to: world.wallets[1].address, 1)
      _ = try world.mine(transaction)
      return transaction
    },
    BroadcastCase(
      "a mined transaction that has expired: its expiry is looked at first", .expired,
      "Transaction expired"
    ) { world in
      let transaction = try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, 1,
        .init(expiration: world.head.timestamp + 6000))
      _ = try world.mine(transaction)
      try world.produce()
      return transaction
    },
  ]

  @Test(arguments: cases) func `answers as the real node`(_ sample: BroadcastCase) throws {
    var world = try World()
    let transaction = try sample.make(&world)
    let refusal = world.broadcast(transaction)
    #expect((refusal?.code ?? .success) == sample.code, "\(refusal?.message ?? "")")
    if !sample.message.isEmpty { #expect(refusal?.message == sample.message) }
  }

  @Test func `a signature of somebody else is refused and says whose it is`() throws {
    var world = try World()
    let transaction = try world.usdt(
      from: world.wallets[0], to: world.wallets[1].address, 1, .init(signer: world.wallets[1]))
    let answer = world.broadcast(transaction)
    let refusal = try #require(answer)
    #expect(refusal.code == .signatureError)
    #expect(
      refusal.message.hasSuffix(
        "is signed by \(world.wallets[1].address.base58) but it is not contained of permission."))
  }

  @Test(arguments: [0, 1, 27, 28]) func `v counts from 0 or from 27`(v: UInt8) throws {
    var world = try World()
    let transaction = try world.usdt(
      from: world.wallets[0], to: world.wallets[1].address, 1,
      .init(signature: { [Array($0.dropLast()) + [v % 27 == $0[64] ? v : $0[64]]] }))
    try world.send(transaction)
  }

  @Test func `the active permission of a new account signs too`() throws {
    var world = try World()
    let transaction = try world.usdt(
      from: world.wallets[0], to: world.wallets[1].address, 1, .init(permissionID: 2))
    try world.send(transaction)
  }

  @Test func `one more than the limit may wait, the next is told that the server is busy`() throws {
    var world = try World(poolLimit: 2)
    for index in 0..<3 {
      let transaction = try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, UInt64(index + 1))
      try world.send(transaction)
    }
    let next = try world.usdt(from: world.wallets[0], to: world.wallets[1].address, 9)
    let last = world.broadcast(next)
    #expect(last == .busy)
  }

  @Test func `a refused transaction leaves nothing behind`() throws {
    var world = try World()
    let before = world.state.ledger.accounts
    let transaction = try world.trx(
      from: world.wallets[0], to: world.wallets[1].address, 10_000_000_001)
    let refusal = world.broadcast(transaction)
    #expect(refusal?.code == .contractValidateError)
    #expect(world.state.ledger.accounts == before)
    #expect(world.state.pool.count == 0)
  }
}

@Suite struct ExpirationTests {
  /// Expirations relative to the head block, in milliseconds.
  @Test(arguments: [
    (2999, false), (3000, true), (3001, true), (86_400_000, true), (86_400_001, false),
    (-1, false), (0, false),
  ]) func `must reach the next slot and not more than a day`(
    offset: Int64, isTaken: Bool
  ) throws {
    var world = try World()
    let transaction = try world.usdt(
      from: world.wallets[0], to: world.wallets[1].address, 1,
      .init(expiration: world.head.timestamp + offset))
    let answer = world.broadcast(transaction)
    #expect(answer == (isTaken ? nil : .expired))
  }

  @Test func `a block after missed slots may be later than the expiration`() throws {
    var world = try World()
    let expiration = world.head.timestamp + 3000
    let transaction = try world.usdt(
      from: world.wallets[0], to: world.wallets[1].address, 1, .init(expiration: expiration))
    try world.send(transaction)
    try world.produce(slots: 4)
    let location = try #require(world.state.chain.location(transaction.id))
    let block = try #require(world.state.chain.block(location.number))
    #expect(block.timestamp == expiration + 9000)
  }

  /// The next block is full, so the last transaction waits for the one after it.
  @Test(arguments: [(3000, 0), (6000, 1)])
  func `a waiting transaction that has expired is dropped silently`(
    offset: Int64, waiting: Int
  ) throws {
    var world = try World()
    for index in 0..<4 {
      let large = try world.usdt(
        from: world.wallets[0], to: world.wallets[1].address, UInt64(index + 2),
        .init(memo: [UInt8](repeating: 1, count: 450_000)))
      try world.send(large)
    }
    let transaction = try world.usdt(
      from: world.wallets[0], to: world.wallets[1].address, 1,
      .init(
        expiration: world.head.timestamp + offset, memo: [UInt8](repeating: 1, count: 300_000)))
    try world.send(transaction)
    try world.produce()
    #expect(world.head.transactions.count == 4)
    #expect(world.state.pool.count == waiting)
    let last = world.broadcast(transaction)
    #expect(last == (waiting == 0 ? .expired : .duplicate))
  }

  @Test func `a transaction waits no longer than a minute`() throws {
    var world = try World()
    let transaction = try world.usdt(
      from: world.wallets[0], to: world.wallets[1].address, 1,
      .init(expiration: world.head.timestamp + 600_000))
    try world.send(transaction)
    world.now += 60_001
    let slot = world.state.chain.schedule.slot(at: world.now)
    _ = try world.state.produce(slot: slot, nowMilliseconds: world.now)
    #expect(world.state.pool.count == 0)
    #expect(world.state.chain.location(transaction.id) == nil)
    try world.send(transaction)  // the same bytes may be sent again
  }
}
