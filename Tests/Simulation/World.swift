import Payouts
import Synchronization
import Tron

/// A whole fleet in one process on simulated ports: two of every worker, killed at every port call
/// now and then, over a chain that forks, loses and delays. One seed, one story.
final class World {
  private let shared: SharedWorld
  private let random: Mutex<SeededGenerator>
  private let isCalm = Box(Mutex(false))
  private let feeds: [Role: Feed] = [.batcher: Feed(), .signer: Feed(), .confirmer: Feed()]
  private var fleet: [(role: Role, name: String, life: Incarnation)] = []
  /// Work under way: its number → (worker, job name).
  private var working: [Int: (worker: Int, job: String)] = [:]
  private let finished = Box(Mutex(Set<Int>()))
  private var nextWork = 1
  private(set) var violations: [String] = []
  private(set) var kills = 0
  let payouts: [Payout]

  init(seed: UInt64, payouts count: Int = 10, hasBreaker: Bool = false) throws {
    var generator = SeededGenerator(seed: seed)
    let contract = try Self.account("contract")
    let start = UnixMilliseconds(1_790_000_000_000)
    shared = SharedWorld(
      clock: SimulatedClock(start), chain: SimulatedChain(contract: contract, start: start),
      wallet: try Self.account("wallet"), hasBreaker: hasBreaker)
    payouts = try (0..<count).map { index in
      Payout(
        id: PayoutID("payout_\(index)"), tenant: TenantID("tenant"), requestID: RequestID("r"),
        request: PayoutRequest(
          recipient: try Self.account("recipient \(index)"),
          amount: USDTAmount(micro: Int64(index + 1) * 1_000_000), reason: "simulated", router: .v0),
        idempotency: nil, createdAt: start, estimatedCompletion: nil)
    }
    for payout in payouts where generator.oneIn(6) {
      let result = generator.oneIn(2) ? "REVERT" : "OUT_OF_ENERGY"
      shared.chain.results.withLock { $0[payout.request.recipient] = result }
    }
    random = Mutex(generator)
    for role in Role.allCases {
      for copy in 0..<2 { hire(role, "\(role)-\(copy)") }
    }
  }

  private static func account(_ text: String) throws -> TronAddress {
    try TronAddress(accountBytes: sha256(Array(text.utf8))[0..<20])
  }

  private func hire(_ role: Role, _ name: String) {
    fleet.append((role, name, life(role, name)))
  }

  private func life(_ role: Role, _ name: String) -> Incarnation {
    let random = Box(Mutex(SeededGenerator(seed: draw(0..<Int.max).magnitude.toUInt64)))
    let isCalm = isCalm
    return shared.incarnation(of: role, name: name, feed: feeds[role] ?? Feed(), random: random) {
      if isCalm.value.withLock({ $0 }) { return .none }
      return random.value.withLock { generator in
        guard generator.oneIn(60) else { return .none }
        return generator.oneIn(2) ? .beforeEffect : .afterEffect
      }
    }
  }

  private func draw(_ range: Range<Int>) -> Int {
    random.withLock { Int.random(in: range, using: &$0) }
  }

  private func oneIn(_ denominator: Int) -> Bool { draw(0..<denominator) == 0 }

  /// Runs a stormy phase of `steps`, then calms down until everything has ended or `patience`
  /// steps are over.
  func run(steps: Int, patience: Int) async {
    await withTaskGroup(of: Void.self) { group in
      for step in 0..<steps {
        if step % (steps / payouts.count + 1) == 0 { admit(step / (steps / payouts.count + 1)) }
        await move(&group)
        check()
      }
      for index in payouts.indices { admit(index) }
      isCalm.value.withLock { $0 = true }
      shared.chain.state.withLock {
        $0.isDown = false
        $0.losesBroadcasts = false
      }
      for _ in 0..<patience where !isOver {
        await move(&group)
        check()
      }
      // Nobody may wait for a turn for ever.
      while let number = shared.turnstile.waiting.first { await shared.turnstile.step(number) }
    }
  }

  private func admit(_ index: Int) {
    guard payouts.indices.contains(index) else { return }
    let payout = payouts[index]
    let isNew = shared.documents.contents.withLock { contents in
      defer { if contents.payouts[payout.id] == nil { contents.payouts[payout.id] = payout } }
      return contents.payouts[payout.id] == nil
    }
    if isNew { shared.topics.append([LogMessages.requested(payout)], at: shared.clock.now()) }
  }

  private var isOver: Bool {
    shared.documents.contents.withLock { contents in
      contents.payouts.count == payouts.count && contents.payouts.values.allSatisfy(\.state.isFinal)
        && contents.transfers.values.allSatisfy { $0.closed }
    }
  }

  private func move(_ group: inout TaskGroup<Void>) async {
    reap()
    let calm = isCalm.value.withLock { $0 }
    switch draw(0..<100) {
    case 0..<6: tick()
    case 6..<9 where !calm: disturb()
    case 9..<40:
      await begin(&group)
    default:
      let waiting = shared.turnstile.waiting
      if waiting.isEmpty {
        await begin(&group)
      } else {
        await shared.turnstile.step(waiting[draw(0..<waiting.count)])
      }
    }
  }

  /// Time and chain move on together.
  private func tick() {
    let calm = isCalm.value.withLock { $0 }
    shared.chain.produce(
      skip: !calm && oneIn(6) ? Int64(draw(1..<12)) : 0, share: calm ? 1 : draw(1..<4))
    let time = shared.chain.state.withLock { $0.time }
    shared.clock.time.withLock { $0 = max($0, time) }
  }

  private func disturb() {
    switch draw(0..<6) {
    case 0: shared.chain.fork(depth: draw(1..<4), keeping: draw(1..<3))
    case 1: shared.chain.state.withLock { $0.isDown.toggle() }
    case 2: shared.chain.state.withLock { $0.losesBroadcasts.toggle() }
    case 3: shared.chain.state.withLock { $0.pool = [:] }
    case 4:
      for (role, feed) in feeds.sorted(by: { "\($0.key)" < "\($1.key)" }) where role != .confirmer {
        feed.rewind(to: draw(0..<max(1, feed.position + 1)))
      }
    default: duplicateJournalRecord()
    }
  }

  private func duplicateJournalRecord() {
    let partition = Int32(draw(0..<Int(SimulatedTopics.partitions)))
    let count = shared.topics.count(.signed, partition)
    guard count > 0 else { return }
    let record = shared.topics.read(.signed, partition, from: draw(0..<count), limit: 1)[0]
    shared.topics.append(
      [
        OutgoingRecord(
          topic: .signed, partition: partition, key: String(decoding: record.key, as: UTF8.self),
          value: record.value, headers: record.headers)
      ], at: shared.clock.now())
  }

  private func begin(_ group: inout TaskGroup<Void>) async {
    let worker = draw(0..<fleet.count)
    let life = fleet[worker].life
    let job = life.jobs[draw(0..<life.jobs.count)]
    let isBusy = working.values.contains { $0.worker == worker && $0.job == job.name }
    guard !isBusy, !life.process.isDead else { return }
    let number = nextWork
    nextWork += 1
    working[number] = (worker, job.name)
    let finished = finished
    await shared.turnstile.start(number, in: &group) {
      await SimulatedProcess.$work.withValue(number) {
        // A port that fails ends the run of the job; the next run starts over, as loops do.
        do { try await job.run() } catch {}
      }
      finished.value.withLock { _ = $0.insert(number) }
    }
  }

  /// Forgets finished work; a killed process whose work has all ended comes back with nothing.
  private func reap() {
    for number in finished.value.withLock({ $0 }) { working[number] = nil }
    finished.value.withLock { $0 = [] }
    for index in fleet.indices where fleet[index].life.process.isDead {
      guard !working.values.contains(where: { $0.worker == index }) else { continue }
      kills += 1
      fleet[index].life = life(fleet[index].role, fleet[index].name)
    }
  }

  /// The promise, after every step.
  private func check() {
    if breakerCause == .foreignSpend { violations.append("a spend of ours was taken for foreign") }
    let paid = shared.chain.payments(includingUnsolidified: true)
    let stored = shared.documents.contents.withLock { $0.payouts }
    for payout in payouts {
      let payments = paid[payout.request.recipient] ?? []
      if payments.count > 1 { violations.append("\(payout.id) was paid \(payments.count) times") }
      if let amount = payments.first, amount != payout.request.amount {
        violations.append("\(payout.id) was paid a wrong amount")
      }
      switch stored[payout.id]?.state {
      case .failed, .cancelled:
        if !payments.isEmpty { violations.append("\(payout.id) was reported unpaid but is paid") }
      case .prepared, .accepted, .scheduled, .assigned, .paid, nil: break
      }
    }
  }

  /// What opened the breaker, if it is open or half-open.
  var breakerCause: Breaker.Cause? { shared.documents.contents.withLock { $0.breaker.cause } }

  /// The audit log, as it stands.
  var auditLog: [AuditBlock] { shared.documents.contents.withLock { $0.auditLog } }

  /// Somebody else spends from our wallet; the fleet goes on until it notices or `patience` is over.
  func spendForeign(patience: Int) async throws {
    guard let head = shared.chain.head else { return }
    let transaction = try TransferTransaction(
      owner: shared.wallet, contract: shared.chain.contract, recipient: try Self.account("thief"),
      amount: USDTAmount(micro: 5),
      terms: TransactionTerms(
        reference: head.id.reference, expiration: head.time.advanced(seconds: 600),
        timestamp: head.time, feeLimit: Sun(30_000_000)))
    let rawData = transaction.rawData
    shared.chain.state.withLock { $0.pool[TransactionID(hashing: rawData)] = rawData }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<patience where breakerCause != .foreignSpend { await move(&group) }
      while let number = shared.turnstile.waiting.first { await shared.turnstile.step(number) }
    }
  }

  /// How it ended, by state; and whether what is reported is what the solidified chain holds.
  func outcome() -> [PayoutState: Int] {
    let stored = shared.documents.contents.withLock { $0.payouts }
    let paid = shared.chain.payments()
    var counts: [PayoutState: Int] = [:]
    for payout in payouts {
      let state = stored[payout.id]?.state ?? .accepted
      counts[state, default: 0] += 1
      if state == .paid, paid[payout.request.recipient]?.count != 1 {
        violations.append(
          "\(payout.id) is reported paid, and the solidified chain does not have it")
      }
    }
    return counts
  }

  /// What hangs, for a failing test.
  var stuck: [String] {
    shared.documents.contents.withLock { contents in
      contents.transfers.values.filter { !$0.closed }.map {
        "\($0.id) \($0.state) attempts \($0.attempts.map { $0.death?.kind.rawValue ?? "live" })"
      }.sorted()
        + contents.payouts.values.filter { !$0.state.isFinal }.map {
          "\($0.id) \($0.state)"
        }.sorted()
    }
  }
}

extension UInt {
  fileprivate var toUInt64: UInt64 { UInt64(self) }
}
