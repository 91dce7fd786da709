import Testing
import Tron

@testable import Payouts

@Suite("What a wallet can still pay")
struct WalletBudgetTests {
  static func head(energyPrice: Int64 = 100, bandwidthPrice: Int64 = 1_000) -> ChainHead {
    let block = ChainHead.Block(
      number: BlockNumber(20), id: TestChain.id(20), time: TestChain.time(20))
    return ChainHead(
      latest: block, solidified: block, energyPrice: Sun(energyPrice),
      bandwidthPrice: Sun(bandwidthPrice), transferEnergy: 130_285, updatedAt: TestChain.time(20))
  }

  static func budget(
    usdt: Int64 = 0, trx: Int64 = 0, energy: Int64 = 0, flying: Int = 0, amount: Int64 = 0,
    head: ChainHead = head()
  ) -> WalletBudget {
    WalletBudget(
      funds: Wallet.Funds(
        usdt: USDTAmount(micro: usdt), trx: Sun(trx), energy: energy, asOf: BlockNumber(20)),
      inFlight: (flying, USDTAmount(micro: amount)), head: head)
  }

  @Test("Is the USDT less everything in flight")
  func usdt() {
    #expect(Self.budget(usdt: 100, amount: 30).usdt == 70)
    #expect(Self.budget(usdt: 10, amount: 30).usdt == -20)
  }

  // A transfer burns 130,285 × 100 + 347 × 1,000 = 13,375,500 sun without stake.
  @Test(
    "Counts worst-case transfers that stake and TRX cover",
    arguments: [
      (0, 0, 0, 0), (13_375_499, 0, 0, 0), (13_375_500, 0, 0, 1), (26_751_000, 0, 1, 1),
      (347_000, 130_285, 0, 1), (346_999, 130_285, 0, 0), (347_000 + 13_375_500, 130_285, 0, 2),
      (-5, -5, 0, 0),
    ] as [(Int64, Int64, Int, Int64)])
  func transfers(trx: Int64, energy: Int64, flying: Int, count: Int64) {
    #expect(Self.budget(trx: trx, energy: energy, flying: flying).transfers == count)
  }

  @Test("Holds against any number that a node may say", arguments: [Int64.max, .min, 0, -1])
  func anyNumber(value: Int64) {
    let head = Self.head(energyPrice: value, bandwidthPrice: value)
    let budget = Self.budget(usdt: value, trx: value, energy: value, amount: .max, head: head)
    #expect(budget.usdt <= 0)
    #expect(budget.transfers >= 0)
  }

  @Test("Sets aside what each transfer takes, and says what is missing")
  func reserve() throws {
    var budget = Self.budget(usdt: 10_000_000, trx: 13_375_500 * 2)
    let transfer = try JudgedWorld.transfer("t", TestChain.account(1), TestChain.account(9))
    #expect(budget.reserve(transfer) == nil)
    #expect(budget.reserve(transfer) == nil)
    #expect(budget.reserve(transfer) == .insufficientUSDT)
    var poor = Self.budget(usdt: 10_000_000, trx: 13_375_499)
    #expect(poor.reserve(transfer) == .insufficientEnergy)
  }
}

@Suite("Planning a bulk")
struct BulkPlannerTests {
  private static let amount = USDTAmount(micro: 5_000_000)

  private static func transfer() throws -> Transfer {
    Transfer(
      id: TransferID("t"), members: [PayoutID("p")], recipient: try TestChain.account(2),
      amount: amount, router: .v0, lane: .normal, partition: 0, createdAt: TestChain.time(0))
  }

  private static func member(micro: Int64 = amount.micro) throws -> Payout {
    var payout = Payout(
      id: PayoutID("p"), tenant: TenantID("t"), requestID: RequestID("r"),
      request: PayoutRequest(
        recipient: try TestChain.account(2), amount: USDTAmount(micro: micro), reason: "r",
        router: .v0, batchType: .immediate),
      idempotency: nil, windowID: nil, createdAt: TestChain.time(0), estimatedCompletion: nil)
    payout.state = .assigned
    payout.transferID = TransferID("t")
    return payout
  }

  private static func planner(
    cap: Int64 = 10_000_000_000, feeLimitCap: Int64 = 30_000_000,
    budget: WalletBudget = WalletBudgetTests.budget(usdt: 1_000_000_000, trx: 1_000_000_000)
  ) throws -> BulkPlanner {
    let policy = SigningPolicy(
      contract: try TestChain.account(9), validity: .seconds(600), feeLimitCap: Sun(feeLimitCap),
      transferCap: USDTAmount(micro: cap))
    return BulkPlanner(
      planning: AttemptPlanning(policy: policy), head: WalletBudgetTests.head(), epoch: 1,
      now: TestChain.time(20), owners: [.v0: try TestChain.account(1)], budgets: [.v0: budget])
  }

  private static func reason(
    _ planner: BulkPlanner, _ members: [Payout]
  ) throws -> (planned: Hold.Reason?, released: Hold.Reason?) {
    var planner = planner
    let ready = try transfer()
    var held = ready
    held.state = .held
    held.hold = Hold(reason: .signerLimitReached, since: TestChain.time(1))
    let (change, release) = (
      planner.change(for: ready, members: members), planner.release(of: held, members: members)
    )
    #expect(change?.new.state == .held && change?.new.attempts.isEmpty == true)
    let released = try #require(release).new
    #expect(released.state == .held)
    return (change?.new.hold?.reason, released.hold?.reason)
  }

  @Test("Holds what cannot be planned, for the reason that it names")
  func reasons() throws {
    let members = [try Self.member()]
    func expect(
      _ reason: Hold.Reason, _ planner: BulkPlanner, _ members: [Payout],
      _ location: SourceLocation = #_sourceLocation
    ) throws {
      let found = try Self.reason(planner, members)
      #expect(found.planned == reason && found.released == reason, sourceLocation: location)
    }
    let trx: Int64 = 1_000_000_000
    try expect(
      .insufficientEnergy,
      try Self.planner(budget: WalletBudgetTests.budget(usdt: trx, trx: 13_375_499)), members)
    try expect(
      .insufficientUSDT,
      try Self.planner(budget: WalletBudgetTests.budget(usdt: 4_999_999, trx: trx)), members)
    try expect(.feeLimitTooLow, try Self.planner(feeLimitCap: 13_028_499), members)
    try expect(.aboveSignerCap, try Self.planner(cap: 4_999_999), members)
    try expect(.inconsistent, try Self.planner(), [try Self.member(micro: 4_999_999)])
    try expect(.inconsistent, try Self.planner(), [])
    var without = try Self.planner()
    without = BulkPlanner(
      planning: without.planning, head: without.head, epoch: 1, now: without.now, owners: [:],
      budgets: without.budgets)
    try expect(.noWallet, without, members)
    var unfunded = try Self.planner()
    unfunded.budgets = [:]
    try expect(.insufficientUSDT, unfunded, members)
  }

  @Test("Plans what is covered, until the wallet is spoken for")
  func planned() throws {
    var planner = try Self.planner(
      feeLimitCap: 13_028_500, budget: WalletBudgetTests.budget(usdt: 5_000_000, trx: 13_375_500))
    let members = [try Self.member()]
    let ready = try Self.transfer()
    let first = planner.change(for: ready, members: members)
    let second = planner.change(for: ready, members: members)
    let planned = try #require(first).new
    #expect(planned.state == .planned)
    let attempt = try #require(planned.current)
    let bytes = try TransferTransaction(strictly: attempt.rawData)
    #expect(bytes.terms.feeLimit == Sun(13_028_500))
    #expect(
      AttemptPlanning.objection(
        toBytesOf: attempt, of: planned, contract: try TestChain.account(9)) == nil)
    #expect(second?.new.hold?.reason == .insufficientUSDT)
  }
}

@Suite("Checking an attempt's bytes")
struct AttemptBytesTests {
  private struct Mutation: CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout Attempt, inout Transfer) throws -> Void
  }

  /// The attempt with other bytes and their true id, everything else as it was.
  private static func rebuilt(
    _ attempt: inout Attempt, _ transfer: Transfer, owner: UInt8 = 1, contract: UInt8 = 9,
    reference: Int64 = 10, expiration: Int64 = 15
  ) throws {
    let other = try TestChain.attempt(
      of: transfer, owner: TestChain.account(owner), contract: TestChain.account(contract),
      reference: reference, expiration: TestChain.time(expiration))
    attempt.rawData = other.rawData
    attempt.txid = other.txid
  }

  private static let mutations: [Mutation] = [
    Mutation(testDescription: "the id") { attempt, _ in
      attempt.txid = TransactionID(hashing: [1])
    },
    Mutation(testDescription: "one bit of the bytes") { attempt, _ in attempt.rawData[5] ^= 1 },
    Mutation(testDescription: "a byte more") { attempt, _ in
      attempt.rawData += [0x78, 0]
      attempt.txid = TransactionID(hashing: attempt.rawData)
    },
    Mutation(testDescription: "no bytes") { attempt, _ in
      attempt.rawData = []
      attempt.txid = TransactionID(hashing: [])
    },
    Mutation(testDescription: "the owner") { attempt, _ in
      attempt.owner = try TestChain.account(3)
    },
    Mutation(testDescription: "the owner in the bytes") { attempt, transfer in
      try rebuilt(&attempt, transfer, owner: 3)
    },
    Mutation(testDescription: "the contract in the bytes") { attempt, transfer in
      try rebuilt(&attempt, transfer, contract: 8)
    },
    Mutation(testDescription: "the recipient") { _, transfer in
      transfer.recipient = try TestChain.account(3)
    },
    Mutation(testDescription: "the amount") { _, transfer in
      transfer.amount = USDTAmount(micro: 4_999_999)
    },
    Mutation(testDescription: "the expiration") { attempt, _ in
      attempt.expiration = TestChain.time(16)
    },
    Mutation(testDescription: "the expiration in the bytes") { attempt, transfer in
      try rebuilt(&attempt, transfer, expiration: 16)
    },
    Mutation(testDescription: "a later reference block") { attempt, _ in
      attempt.referenceBlock = BlockNumber(11)
    },
    Mutation(testDescription: "the reference block in the bytes") { attempt, transfer in
      try rebuilt(&attempt, transfer, reference: 9)
    },
    Mutation(testDescription: "a negative reference block") { attempt, _ in
      attempt.referenceBlock = BlockNumber(10 - 65_536)
    },
    Mutation(testDescription: "an impossible reference block") { attempt, _ in
      attempt.referenceBlock = BlockNumber(10 + 1 << 40)
    },
  ]

  @Test(
    "Refuses bytes that do not pay exactly the transfer, whatever differs", arguments: mutations)
  private func mutated(_ mutation: Mutation) throws {
    let contract = try TestChain.account(9)
    var transfer = try JudgedWorld.transfer("t", TestChain.account(1), contract)
    var attempt = transfer.attempts[0]
    #expect(
      AttemptPlanning.objection(toBytesOf: attempt, of: transfer, contract: contract) == nil)
    try mutation.change(&attempt, &transfer)
    #expect(
      AttemptPlanning.objection(toBytesOf: attempt, of: transfer, contract: contract) != nil)
  }

  @Test("Refuses a fee limit above the cap")
  func feeLimit() throws {
    let contract = try TestChain.account(9)
    let transfer = try JudgedWorld.transfer("t", TestChain.account(1), contract)
    for (cap, isFine) in [(Int64(15_000_000), true), (14_999_999, false)] {
      let objection = AttemptPlanning.objection(
        toBytesOf: transfer.attempts[0], of: transfer, contract: contract, feeLimitCap: Sun(cap))
      #expect((objection == nil) == isFine)
    }
  }

  @Test(
    "A PLAN with an impossible reference block or expiration is not understood",
    arguments: [(-1, 15), (.max, 15), (1 << 40, 15), (10, -1), (10, .max)] as [(Int64, Int64)])
  func plan(reference: Int64, expiration: Int64) throws {
    let transfer = try JudgedWorld.transfer("t", TestChain.account(1), TestChain.account(9))
    var plan = Plan(transfer.attempts[0], of: transfer)
    #expect(throws: Never.self) { try LogMessages.journal(Self.incoming(plan)) }
    plan.attempt.referenceBlock = BlockNumber(reference)
    plan.attempt.expiration = UnixMilliseconds(expiration)
    #expect(throws: MalformedRecord.self) { try LogMessages.journal(Self.incoming(plan)) }
  }

  private static func incoming(_ plan: Plan) -> IncomingRecord {
    let record = LogMessages.journal(.plan(plan), partition: 0, trace: nil)
    return IncomingRecord(
      topic: record.topic, partition: 0, offset: 0, timestamp: TestChain.time(0),
      key: Array(record.key.utf8), value: record.value, headers: record.headers)
  }
}
