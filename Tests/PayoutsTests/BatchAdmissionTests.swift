import Payouts
import Synchronization
import Testing
import Tron

/// A batch of payouts that are named `ID-0`, `ID-1` …
private func newBatch(
  _ id: String, count: Int = 2, key: String? = nil, hash: String = "h", createdSeconds: Int64 = 0
) throws -> NewBatch {
  let payout = PayoutRequest(
    recipient: try TronAddress(base58: "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"),
    amount: USDTAmount(micro: 1_000_000), reason: "r", router: .v0)
  let request = BatchRequest(
    payouts: Array(repeating: payout, count: count),
    totalAmount: USDTAmount(micro: Int64(count) * 1_000_000), router: .v0, priority: .normal,
    batchType: .immediate)
  return NewBatch(
    id: BatchID(id), tenant: TenantID("t"), requestID: RequestID("r"), request: request,
    ids: (0..<count).map { PayoutID("\(id)-\($0)") },
    idempotency: key.map { IdempotencyKey(key: $0, requestHash: hash) },
    createdAt: UnixMilliseconds(createdSeconds * 1000), estimatedCompletion: nil)
}

@Suite("Batches: what is decided from what is stored")
struct BatchDecisionTests {
  @Test("Payouts of a new batch are prepared, and the first one has the key")
  func prepared() throws {
    let new = try newBatch("b", count: 3, key: "k")
    #expect(new.payouts.map { $0.idempotency?.key } == ["k", nil, nil])
    #expect(new.payouts.allSatisfy { $0.state == .prepared && $0.rev == 0 && !$0.state.isAdmitted })
    #expect(new.payouts.allSatisfy { $0.batchID == new.batch.id })
    #expect(new.payouts[0].admitted.state == .accepted)
    #expect(new.payouts[0].admitted.rev == 1)
    #expect(new.batch.totalAmount == USDTAmount(micro: 3_000_000))
  }

  @Test("What was prepared decides the next step")
  func steps() throws {
    let new = try newBatch("b", key: "k")
    let same = try newBatch("first", key: "k").payouts[0]
    var other = same
    other.idempotency?.requestHash = "another"
    var single = same
    single.batchID = nil
    var admitted = same.admitted
    admitted.idempotency = nil
    let step = { BatchStep($0, of: new.batch) }
    #expect(step(.prepared) == .commit)
    for existing in [same, same.admitted] {
      #expect(
        step(.refused(index: 0, .duplicateKey(existing: existing)))
          == .repeated(BatchID("first")))
    }
    for existing in [other, other.admitted, single] {
      #expect(step(.refused(index: 0, .duplicateKey(existing: existing))) == .refuse(.keyReused))
    }
    let refusals = [same, admitted].map { existing -> ErrorCode? in
      guard
        case .refuse(let refusal) = step(
          .refused(index: 1, .duplicateReference(existing: existing)))
      else { return nil }
      #expect(refusal.details.contains(JSONMember("index", .number("1"))))
      return refusal.code
    }
    #expect(refusals == [.requestInProgress, .idempotencyConflict])
  }

  @Test("What a single payout collides with may not be decided yet")
  func single() throws {
    let held = try newBatch("b", key: "k").payouts[0]
    var payout = held.admitted
    payout.id = PayoutID("single")
    #expect(throws: Refusal.firstStillRunning) {
      try AdmissionVerdict(.duplicateKey(existing: held), of: payout)
    }
    payout.idempotency = nil
    let refusal = #expect(throws: Refusal.self) {
      try AdmissionVerdict(.duplicateReference(existing: held), of: payout)
    }
    #expect(refusal?.code == .requestInProgress)
  }

  @Test("The decision alone says what becomes of prepared payouts")
  func recovery() throws {
    let batch = try newBatch("b").batch
    #expect(BatchRecovery(nil) == .decide)
    #expect(BatchRecovery(.committed(batch)) == .admit(batch))
    #expect(BatchRecovery(.aborted(at: UnixMilliseconds(1))) == .discard)
  }

  @Test(
    "The status follows from the counts",
    arguments: [
      (1, 0, 0, .processing), (1, 1, 1, .processing), (0, 1, 1, .partiallyFailed),
      (0, 0, 2, .failed), (0, 2, 0, .completed), (0, 0, 0, .cancelled),
    ] as [(Int, Int, Int, BatchStatus)])
  func status(pending: Int, completed: Int, failed: Int, status: BatchStatus) {
    #expect(BatchStatus(pending: pending, completed: completed, failed: failed) == status)
  }

  @Test("The counts of a view always add up, also when payouts are missing")
  func view() throws {
    let new = try newBatch("b", count: 5)
    var payouts = new.payouts.map(\.admitted)
    for (index, state) in [PayoutState.paid, .failed, .cancelled].enumerated() {
      payouts[index].state = state
    }
    for count in 0...5 {
      let view = BatchView(new.batch, payouts: Array(payouts[..<count]), transfers: [])
      #expect(view.completed + view.failed + view.cancelled + view.pending == 5)
      #expect(view.completedAmount.micro == (count > 0 ? 1_000_000 : 0))
    }
  }
}

@Suite("Batches: finishing what creators left")
struct BatchSweeperTests {
  /// What is promised of the store, in memory.
  private final class Store: PayoutStore, BatchStore {
    struct State {
      var payouts: [PayoutID: Payout] = [:]
      var decisions: [BatchID: BatchDecision] = [:]
      /// A decision that comes between a sweeper's reading and its own.
      var meanwhile: BatchDecision?
    }
    let state = Mutex(State())

    func payouts(
      in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
    ) async throws(StoreError) -> [Payout] {
      let found = self.state.withLock { all in
        all.payouts.values.filter { payout in
          payout.state == state && payout.createdAt < createdBefore
            && after.map { payout.id > $0 } != false
        }
      }
      return Array(found.sorted { $0.id < $1.id }.prefix(limit))
    }
    func prepare(_ payouts: [Payout]) async throws(StoreError) -> BatchPreparation {
      state.withLock { state in for payout in payouts { state.payouts[payout.id] = payout } }
      return .prepared
    }
    func decide(
      _ decision: BatchDecision, on id: BatchID
    ) async throws(StoreError) -> BatchDecision {
      state.withLock { state in
        let standing = state.decisions[id] ?? state.meanwhile ?? decision
        state.decisions[id] = standing
        return standing
      }
    }
    func decisions(
      on ids: [BatchID]
    ) async throws(StoreError) -> [BatchID: BatchDecision] {
      state.withLock { state in state.decisions.filter { ids.contains($0.key) } }
    }
    func admitPayouts(of batch: Batch) async throws(StoreError) {
      state.withLock { state in
        for id in batch.payoutIDs where state.payouts[id]?.state == .prepared {
          state.payouts[id] = state.payouts[id]?.admitted
        }
      }
    }
    func discard(_ payouts: [PayoutID], of batch: BatchID) async throws(StoreError) {
      state.withLock { state in
        for id in payouts where state.payouts[id]?.state == .prepared { state.payouts[id] = nil }
      }
    }

    func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion] { [] }
    func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] { [] }
    func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout] { [] }
    func assign(_ assignments: [PayoutAssignment]) async throws(StoreError) {}
    func settle(_ settlements: [PayoutSettlement]) async throws(StoreError) {}
    func count(
      in states: [PayoutState]
    ) async throws(StoreError) -> [PayoutState: Int] { [:] }
  }

  private final class Appended: LogAppender {
    let keys = Mutex<[String]>([])
    func append(_ records: [OutgoingRecord]) async throws(LogError) {
      keys.withLock { $0 += records.map(\.key) }
    }
  }

  private struct Clock: WallClock {
    var seconds: Int64
    func now() -> UnixMilliseconds { UnixMilliseconds(seconds * 1000) }
  }

  private struct Silent: StageObserver {
    func observe(_ event: StageEvent) {}
  }

  private let store = Store()
  private let log = Appended()

  private func sweep(atSeconds seconds: Int64) async throws {
    try await BatchSweeper(
      payouts: store, batches: store, log: log, clock: Clock(seconds: seconds),
      observer: Silent()
    ).sweep()
  }

  private var states: [PayoutState] { store.state.withLock { $0.payouts.values.map(\.state) } }

  @Test("Young payouts are left to their creator", arguments: [(29, 2), (31, 0)])
  func age(seconds: Int64, left: Int) async throws {
    _ = try await store.prepare(try newBatch("b").payouts)
    try await sweep(atSeconds: seconds)
    #expect(states.count == left)
    #expect(store.state.withLock { $0.decisions.isEmpty } == (left > 0))
  }

  @Test("Without a decision the batch is aborted and its payouts deleted")
  func aborted() async throws {
    let new = try newBatch("b", count: 3)
    _ = try await store.prepare(Array(new.payouts[..<2]))
    try await sweep(atSeconds: 60)
    #expect(states.isEmpty)
    // A late try of the creator comes too late to commit, and what it inserts goes as well.
    let standing = try await store.decide(.committed(new.batch), on: new.batch.id)
    #expect(standing == .aborted(at: UnixMilliseconds(60_000)))
    _ = try await store.prepare(new.payouts)
    try await sweep(atSeconds: 70)
    #expect(states.isEmpty)
    #expect(log.keys.withLock { $0.isEmpty })
  }

  @Test("A committed batch is admitted and announced, once")
  func committed() async throws {
    let new = try newBatch("b")
    _ = try await store.prepare(new.payouts)
    _ = try await store.decide(.committed(new.batch), on: new.batch.id)
    for _ in 0..<2 { try await sweep(atSeconds: 60) }
    #expect(states == [.accepted, .accepted])
    #expect(log.keys.withLock { $0.sorted() } == ["b-0", "b-1"])
  }

  @Test("A commit that comes while a sweeper looks stands")
  func race() async throws {
    let new = try newBatch("b")
    _ = try await store.prepare(new.payouts)
    store.state.withLock { $0.meanwhile = .committed(new.batch) }
    try await sweep(atSeconds: 60)
    #expect(states == [.accepted, .accepted])
  }

  @Test("More batches than fit a page are all finished, each as it was decided")
  func pages() async throws {
    for number in 0..<9 {
      let new = try newBatch("b\(number)", count: 50)
      _ = try await store.prepare(new.payouts)
      if number % 2 == 0 {
        _ = try await store.decide(.committed(new.batch), on: new.batch.id)
      }
    }
    try await sweep(atSeconds: 60)
    #expect(states.count == 250)
    #expect(states.allSatisfy { $0 == .accepted })
    #expect(log.keys.withLock { Set($0).count } == 250)
  }
}
