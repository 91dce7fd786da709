import Payouts
import Synchronization
import Testing
import Tron

/// The Signer's counters and its ledger, which no simulated process but the Signer reaches.
private final class SignerBooks: CounterStore, SignatureLedger {
  let all = Mutex<[CounterID: LimitCounter]>([:])
  let entries = Mutex<Set<TransactionID>>([])

  var sum: Int64 { all.withLock { $0.values.reduce(0) { $0 + $1.sum } } }

  func counters(_ ids: [CounterID]) async throws(StoreError) -> [LimitCounter] {
    all.withLock { all in ids.compactMap { all[$0] } }
  }
  func counters(
    from: UTCDay, through: UTCDay, after: CounterID?, limit: Int
  ) async throws(StoreError) -> [LimitCounter] { [] }
  func open(_ counter: LimitCounter) async throws(StoreError) {
    all.withLock { if $0[counter.id] == nil { $0[counter.id] = counter } }
  }
  func apply(_ change: CounterChange) async throws(StoreError) -> Bool {
    all.withLock { all in
      guard let new = all[change.counter]?.applying(change) else { return false }
      all[change.counter] = new
      return true
    }
  }
  func counted(_ txids: Set<TransactionID>) async throws(StoreError) -> Set<TransactionID> {
    entries.withLock { $0.intersection(txids) }
  }
  func enter(
    _ txids: Set<TransactionID>, at now: UnixMilliseconds
  ) async throws(StoreError) -> Set<TransactionID> {
    entries.withLock { entries in
      defer { entries.formUnion(txids) }
      return txids.subtracting(entries)
    }
  }
  func remove(_ txids: Set<TransactionID>) async throws(StoreError) {
    entries.withLock { $0.subtract(txids) }
  }
}

@Suite("The Signer under its own caps")
struct SignerCapsStageTests {
  /// Some transfers of one USDT, and Signers that may sign so much in an hour.
  private struct World {
    let shared: SharedWorld
    let books = SignerBooks()
    let ids = ["t1", "t2"].map { TransferID($0) }

    init() throws {
      func account(_ text: String) throws -> TronAddress {
        try TronAddress(accountBytes: sha256(Array(text.utf8))[0..<20])
      }
      let start = UnixMilliseconds(1_790_000_000_000)
      shared = SharedWorld(
        clock: SimulatedClock(start),
        chain: SimulatedChain(contract: try account("contract"), start: start),
        wallet: try account("wallet"))
      let recipient = try account("recipient")
      for id in ids {
        var payout = Payout(
          id: PayoutID("payout-\(id)"), tenant: TenantID("tenant"), requestID: RequestID("r"),
          request: PayoutRequest(
            recipient: recipient, amount: USDTAmount(micro: 1_000_000), reason: "simulated",
            router: .v0),
          idempotency: nil, createdAt: start, estimatedCompletion: nil)
        payout.state = .assigned
        payout.transferID = id
        let transfer = Transfer(
          id: id, members: [payout.id], recipient: recipient, amount: payout.request.amount,
          router: .v0, lane: .normal, partition: 0, createdAt: start)
        let member = payout
        shared.documents.contents.withLock { contents in
          contents.payouts[member.id] = member
          contents.transfers[id] = transfer
        }
      }
      try touchHead()
    }

    /// The chain goes on with the clock.
    func touchHead() throws {
      let id = try #require(BlockID(bytes: [0, 0, 0, 0, 0, 0, 0, 100] + sha256([1])[8...]))
      let now = shared.clock.now()
      let block = ChainHead.Block(number: BlockNumber(100), id: id, time: now)
      shared.documents.contents.withLock { contents in
        contents.head = ChainHead(
          latest: block, solidified: block, energyPrice: Sun(100), bandwidthPrice: Sun(1_000),
          transferEnergy: 130_000, updatedAt: now)
        contents.wallets[shared.wallet] = Wallet(
          address: shared.wallet, routers: [.v0],
          funds: .init(
            usdt: USDTAmount(micro: 1_000_000_000), trx: Sun(1_000_000_000_000), energy: 0,
            asOf: block.number), updatedAt: now)
      }
    }

    /// Lets a Signer do something, and answers whether it ended well.
    @discardableResult
    func run(
      hourly: Int64?, dyingAtCall: Int? = nil,
      _ job: @escaping @Sendable (SignerStage, [IncomingRecord]) async throws -> Void
    ) async -> Bool {
      let calls = Box(Mutex(0))
      let process = SimulatedProcess(turnstile: shared.turnstile) {
        let call = calls.value.withLock { count in
          count += 1
          return count
        }
        return call == dyingAtCall ? .beforeEffect : .none
      }
      let store = SimulatedStore(documents: shared.documents, process: process)
      let stage = SignerStage(
        payouts: store, transfers: store, facts: store,
        log: SimulatedLog(topics: shared.topics, process: process, clock: shared.clock),
        clock: shared.clock, observer: SilentObserver(), failpoints: NoFailpoints(),
        wallets: [.v0: SimulatedSigner(address: shared.wallet)],
        policy: SigningPolicy(
          contract: shared.chain.contract, validity: .seconds(60), feeLimitCap: Sun(30_000_000),
          transferCap: USDTAmount(micro: 10_000_000), staleAfter: .seconds(120)),
        gate: OpenGate(),
        caps: hourly.map { micro in
          SignerCaps(
            limits: [.v0: AmountLimits(daily: nil, hourly: USDTAmount(micro: micro))],
            counters: books, ledger: books)
        })
      let hints = hints
      let isDone = Box(Mutex(false))
      await withTaskGroup(of: Void.self) { group in
        await shared.turnstile.start(1, in: &group) {
          await SimulatedProcess.$work.withValue(1) {
            do {
              try await job(stage, hints)
              isDone.value.withLock { $0 = true }
            } catch {}
          }
        }
        while let number = shared.turnstile.waiting.first { await shared.turnstile.step(number) }
      }
      return isDone.value.withLock { $0 }
    }

    func process(hourly: Int64?) async -> Bool {
      await run(hourly: hourly) { try await $0.process($1) }
    }

    /// A hint for every transfer.
    private var hints: [IncomingRecord] {
      let transfers = shared.documents.contents.withLock { contents in
        ids.compactMap { contents.transfers[$0] }
      }
      return transfers.map(LogMessages.ready).map { record in
        IncomingRecord(
          topic: record.topic, partition: 0, offset: 0, timestamp: shared.clock.now(),
          key: Array(record.key.utf8), value: record.value, headers: record.headers)
      }
    }

    func transfer(_ index: Int) throws -> Transfer {
      try #require(shared.documents.contents.withLock { $0.transfers[ids[index]] })
    }

    var plans: Int { shared.topics.count(.signed, 0) }
    func advance(seconds: Int64) throws {
      shared.clock.time.withLock { $0 = $0.advanced(seconds: seconds) }
      try touchHead()
    }
  }

  @Test("What does not fit is held, and goes on when there is room again")
  func heldAndOut() async throws {
    let world = try World()
    #expect(await world.process(hourly: 1_500_000))
    #expect(try world.transfer(0).state == .planned)
    #expect(try world.transfer(1).hold?.reason == .signerLimitReached)
    #expect(world.plans == 1 && world.books.sum == 1_000_000)

    try world.advance(seconds: 30)
    #expect(
      await world.run(hourly: 1_500_000) { stage, _ in
        try await stage.sweep(ResendSchedule(), previousSweep: nil)
      })
    #expect(try world.transfer(1).hold?.reason == .signerLimitReached, "the hour is still full")

    try world.advance(seconds: 3_600)
    #expect(
      await world.run(hourly: 1_500_000) { stage, _ in
        try await stage.sweep(ResendSchedule(), previousSweep: nil)
      })
    #expect(try world.transfer(1).state == .ready)
    #expect(await world.process(hourly: 1_500_000))
    #expect(try world.transfer(1).state == .planned)
    #expect(world.books.sum == 2_000_000)
  }

  @Test("A transfer that is found planned is signed only under the caps, and counted once")
  func forged() async throws {
    let world = try World()
    // Somebody else wrote attempts into the store: another Signer's work, or a forger's.
    #expect(await world.process(hourly: nil))
    #expect(try world.transfer(0).state == .planned && world.transfer(1).state == .planned)
    let before = world.plans
    #expect(await world.process(hourly: 500_000))
    #expect(world.plans == before, "there is no room for either")
    #expect(world.books.sum == 0)
    for round in 1...2 {
      #expect(await world.process(hourly: 1_500_000))
      #expect(world.plans == before + round, "one of them, again and again")
      #expect(world.books.sum == 1_000_000)
    }
  }

  @Test("A transfer that claims to have had attempts is counted like any other")
  func laterAttempt() async throws {
    let world = try World()
    world.shared.documents.contents.withLock { contents in
      for id in world.ids { contents.transfers[id]?.nextAttempt = 2 }
    }
    #expect(await world.process(hourly: 1_500_000))
    #expect(world.plans == 1 && world.books.sum == 1_000_000)
    #expect(try world.transfer(1).hold?.reason == .signerLimitReached)
  }

  @Test("A write of the plan that fails leaves nothing counted, however often it is tried")
  func failedWrite() async throws {
    let world = try World()
    var deaths = 0
    for call in 1...12 {
      let done = await world.run(hourly: 1_500_000, dyingAtCall: call) {
        try await $0.process($1)
      }
      guard !done, try world.transfer(0).state == .ready else { break }
      deaths += 1
      #expect(world.books.sum == 0 && world.books.entries.withLock { $0.isEmpty }, "call \(call)")
    }
    #expect(deaths >= 5, "the write itself is among the calls that fail")
    #expect(await world.process(hourly: 1_500_000))
    #expect(world.books.sum == 1_000_000)
  }
}
