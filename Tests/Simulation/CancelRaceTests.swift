import Payouts
import Synchronization
import Testing
import Tron

@Suite("Cancelling races with forming and signing")
struct CancelRaceTests {
  /// One payout, its Batcher, its Signer and somebody who cancels it, in an order of port calls that
  /// the seed chooses.
  private struct Race {
    let shared: SharedWorld
    let id = PayoutID("payout")
    let told = Box(Mutex<Cancellation?>(nil))

    init() throws {
      func account(_ text: String) throws -> TronAddress {
        try TronAddress(accountBytes: sha256(Array(text.utf8))[0..<20])
      }
      let start = UnixMilliseconds(1_790_000_000_000)
      shared = SharedWorld(
        clock: SimulatedClock(start),
        chain: SimulatedChain(contract: try account("contract"), start: start),
        wallet: try account("wallet"))
      let payout = Payout(
        id: id, tenant: TenantID("tenant"), requestID: RequestID("r"),
        request: PayoutRequest(
          recipient: try account("recipient"), amount: USDTAmount(micro: 1_000_000),
          reason: "simulated", router: .v0),
        idempotency: nil, createdAt: start, estimatedCompletion: nil)
      let blockID = try #require(BlockID(bytes: [0, 0, 0, 0, 0, 0, 0, 100] + sha256([1])[8...]))
      let block = ChainHead.Block(number: BlockNumber(100), id: blockID, time: start)
      shared.documents.contents.withLock { contents in
        contents.payouts[id] = payout
        contents.head = ChainHead(
          latest: block, solidified: block, energyPrice: Sun(100), bandwidthPrice: Sun(1_000),
          transferEnergy: 130_000, updatedAt: start)
        contents.wallets[shared.wallet] = Wallet(
          address: shared.wallet, routers: [.v0],
          funds: .init(
            usdt: USDTAmount(micro: 1_000_000_000), trx: Sun(1_000_000_000_000), energy: 0,
            asOf: block.number), updatedAt: start)
      }
      shared.topics.append([LogMessages.requested(payout)], at: start)
    }

    func run(seed: UInt64) async {
      var generator = SeededGenerator(seed: seed)
      let workers = [Role.batcher, .signer].map { role in
        shared.incarnation(
          of: role, name: "\(role)", feed: Feed(), random: Box(Mutex(generator)), skew: 0
        ) { .none }
      }
      let process = SimulatedProcess(turnstile: shared.turnstile) { .none }
      let store = SimulatedStore(documents: shared.documents, process: process)
      let canceller = PayoutCanceller(
        payouts: store, transfers: store,
        log: SimulatedLog(topics: shared.topics, process: process, clock: shared.clock),
        clock: shared.clock, failpoints: NoFailpoints(), partitions: SimulatedTopics.partitions)
      await withTaskGroup(of: Void.self) { group in
        // The Signer looks again and again: the hint comes when the Batcher is done.
        let jobs = [workers[0].jobs[0]] + Array(repeating: workers[1].jobs[0], count: 3)
        for (number, job) in jobs.enumerated() {
          await shared.turnstile.start(number, in: &group) {
            await SimulatedProcess.$work.withValue(number) {
              do { try await job.run() } catch { Issue.record(error) }
            }
          }
        }
        await shared.turnstile.start(jobs.count, in: &group) { [told, id] in
          await SimulatedProcess.$work.withValue(jobs.count) {
            do {
              let outcome = try await canceller.cancel([id])[id]
              told.value.withLock { $0 = outcome }
            } catch { Issue.record(error) }
          }
        }
        // Cancelling begins at any moment of the others' work.
        var headStart = Int.random(in: 0..<24, using: &generator)
        while true {
          let waiting = shared.turnstile.waiting
          let first = headStart > 0 ? waiting.filter { $0 != jobs.count } : []
          guard
            let next = (first.isEmpty ? waiting : first).randomElement(using: &generator)
          else { break }
          headStart -= 1
          await shared.turnstile.step(next)
        }
      }
    }

    /// `type` of every record of the journal.
    var journal: [String] {
      (0..<SimulatedTopics.partitions).flatMap { partition in
        shared.topics.read(.signed, partition, from: 0, limit: 100).map { record in
          record.headers.first { $0.name == "type" }?.value ?? ""
        }
      }
    }
  }

  @Test("A thousand times: either a plan or a void record, and the caller was told which")
  func both() async throws {
    var voided = 0
    var planned = 0
    for seed in UInt64(1)...1000 {
      let race = try Race()
      await race.run(seed: seed)
      let transfers = race.shared.documents.contents.withLock { Array($0.transfers.values) }
      let told = try #require(race.told.value.withLock { $0 })
      #expect(transfers.count <= 1)
      let journal = Set(race.journal)
      switch told {
      case .underWay:
        #expect(transfers.first?.state == .voiding)
        #expect(journal == ["void"], "seed \(seed)")
        voided += 1
      case .refused(.planned):
        #expect(transfers.first?.state == .planned)
        #expect(!journal.contains("void"), "seed \(seed)")
        planned += 1
      case .refused(.beingAssigned):
        // A Batcher was between its two writes; nothing was decided and nothing was recorded.
        #expect(!journal.contains("void"), "seed \(seed)")
      case .cancelled, .refused:
        Issue.record("seed \(seed): \(told)")
      }
    }
    #expect(voided > 50)
    #expect(planned > 50)
  }
}
