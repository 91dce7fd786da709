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
  private(set) var fallbacks = 0
  /// What the store was, at every tick of the last minute.
  private var snapshots: [(time: UnixMilliseconds, contents: SimulatedDocuments.Contents)] = []
  /// How payouts ended, as somebody may have been told.
  private var told: [PayoutID: PayoutState] = [:]
  /// What was asked for. Each amount is a power of two (in thousandths of a USDT), so that the amount
  /// of a payment on the chain tells whom it pays.
  let requests: [PayoutRequest]
  /// Those that were admitted, by their place in `requests`.
  private var payouts: [Int: Payout] = [:]

  /// Whether the store falls back now and then.
  private let fallsBack: Bool

  init(
    seed: UInt64, payouts count: Int = 14, hasBreaker: Bool = false, fallsBack: Bool = false
  ) throws {
    self.fallsBack = fallsBack
    var generator = SeededGenerator(seed: seed)
    let contract = try Self.account("contract")
    let start = UnixMilliseconds(1_790_000_000_000)
    shared = SharedWorld(
      clock: SimulatedClock(start), chain: SimulatedChain(contract: contract, start: start),
      wallet: try Self.account("wallet"), hasBreaker: hasBreaker)
    let recipients = try (0..<max(1, count / 3)).map { try Self.account("recipient \($0)") }
    requests = (0..<count).map { index in
      PayoutRequest(
        recipient: recipients[Int.random(in: recipients.indices, using: &generator)],
        amount: USDTAmount(micro: 1_000 << index), reason: "simulated", router: .v0,
        batchType: BatchType.allCases[Int.random(in: 0..<4, using: &generator)])
    }
    for recipient in recipients where generator.oneIn(6) {
      let result = generator.oneIn(2) ? "REVERT" : "OUT_OF_ENERGY"
      shared.chain.results.withLock { $0[recipient] = result }
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
    return shared.incarnation(
      of: role, name: name, feed: feeds[role] ?? Feed(), random: random, skew: skew()
    ) {
      if isCalm.value.withLock({ $0 }) { return .none }
      return random.value.withLock { generator in
        guard generator.oneIn(60) else { return .none }
        return generator.oneIn(2) ? .beforeEffect : .afterEffect
      }
    }
  }

  /// By how much a clock is wrong: up to a minute, in a storm.
  private func skew() -> Int64 {
    isCalm.value.withLock { $0 } ? 0 : Int64(draw(0..<120_001) - 60_000)
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
        // A few at a time, so that some share a window.
        if step % (steps / 3) == 0 {
          for index in requests.indices where index % 3 == step / (steps / 3) { admit(index) }
        }
        await move(&group)
        if step % Self.stepsPerCheck == 0 { check() }
      }
      for index in requests.indices { admit(index) }
      isCalm.value.withLock { $0 = true }
      shared.chain.state.withLock {
        $0.isDown = false
        $0.losesBroadcasts = false
      }
      for step in 0..<patience where !isOver {
        await move(&group)
        if step % Self.stepsPerCheck == 0 { check() }
      }
      check()
      // Nobody may wait for a turn for ever.
      while let number = shared.turnstile.waiting.first { await shared.turnstile.step(number) }
    }
  }

  /// What is wrong stays wrong, so not every step needs a look.
  private static let stepsPerCheck = 8

  private func admit(_ index: Int) {
    guard requests.indices.contains(index), payouts[index] == nil else { return }
    let request = requests[index]
    let now = shared.clock.now().advanced(milliseconds: oneIn(4) ? skew() : 0)
    let payout = Payout(
      id: PayoutID("payout_\(index)"), tenant: TenantID("tenant"), requestID: RequestID("r"),
      request: request, idempotency: nil,
      windowID: SharedWorld.calendar.window(request.batchType, at: now), createdAt: now,
      estimatedCompletion: nil)
    payouts[index] = payout
    shared.documents.contents.withLock { $0.payouts[payout.id] = payout }
    shared.topics.append([LogMessages.requested(payout)], at: shared.clock.now())
  }

  private var isOver: Bool {
    shared.documents.contents.withLock { contents in
      contents.payouts.count == requests.count
        && contents.payouts.values.allSatisfy(\.state.isFinal)
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
    snapshots.removeAll { $0.time < time.advanced(milliseconds: -Self.deepestFallback) }
    snapshots.append((time, shared.documents.contents.withLock { $0 }))
  }

  // LIMIT: milliseconds that the store falls back at most.
  private static let deepestFallback: Int64 = 60_000

  /// The store falls back to what it was, while log and chain go on. Payouts that it loses are put back
  /// as they were admitted.
  private func fallBack() {
    guard !snapshots.isEmpty else { return }
    check()
    let place = draw(0..<snapshots.count)
    var old = snapshots[place].contents
    snapshots.removeSubrange(place...)
    for payout in payouts.values where old.payouts[payout.id] == nil {
      old.payouts[payout.id] = payout
    }
    shared.documents.contents.withLock { contents in
      // Tokens of writes are never given twice, and guards have stories of their own.
      old.writes = contents.writes
      old.breaker = contents.breaker
      old.auditLog = contents.auditLog
      contents = old
    }
    fallbacks += 1
  }

  private func disturb() {
    switch draw(0..<(fallsBack ? 8 : 6)) {
    case 0: shared.chain.fork(depth: draw(1..<4), keeping: draw(1..<3))
    case 1: shared.chain.state.withLock { $0.isDown.toggle() }
    case 2: shared.chain.state.withLock { $0.losesBroadcasts.toggle() }
    case 3: shared.chain.state.withLock { $0.pool = [:] }
    case 4:
      for (role, feed) in feeds.sorted(by: { "\($0.key)" < "\($1.key)" }) where role != .confirmer {
        feed.rewind(to: draw(0..<max(1, feed.position + 1)))
      }
    case 5: duplicateJournalRecord()
    default: fallBack()
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

  /// How often each payout was paid, as the amounts on the chain tell it.
  private func timesPaid(_ payments: [TronAddress: [USDTAmount]]) -> [Int: Int] {
    var times: [Int: Int] = [:]
    for (recipient, amounts) in payments {
      for amount in amounts {
        let parts = amount.micro / 1_000
        for index in requests.indices where parts & (1 << index) != 0 {
          times[index, default: 0] += 1
          if requests[index].recipient != recipient {
            violations.append("payout \(index) was paid to another recipient")
          }
        }
        if parts >= 1 << requests.count { violations.append("\(amount) is nobody's") }
      }
    }
    return times
  }

  /// The promise, after every step.
  private func check() {
    if breakerCause == .foreignSpend { violations.append("a spend of ours was taken for foreign") }
    let paid = timesPaid(shared.chain.payments(includingUnsolidified: true))
    let stored = shared.documents.contents.withLock { $0.payouts }
    let time = shared.chain.state.withLock { $0.time }
    for (index, payout) in payouts {
      let times = paid[index] ?? 0
      if times > 1 { violations.append("\(payout.id) was paid \(times) times") }
      guard let state = stored[payout.id]?.state else { continue }
      if state.isFinal {
        let before = told.updateValue(state, forKey: payout.id) ?? state
        if before != state { violations.append("\(payout.id) was \(before), and now \(state)") }
      }
      switch told[payout.id] {
      case .failed, .cancelled:
        if times > 0 { violations.append("\(payout.id) was reported unpaid but is paid") }
      case .prepared, .accepted, .scheduled, .assigned, .paid, nil: break
      }
      // One that is cancelled leaves its window early.
      if let window = payout.windowID, times > 0, time < window.end {
        violations.append("\(payout.id) was paid before its window was over")
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
    let stored = shared.documents.contents.withLock { $0 }
    let paid = timesPaid(shared.chain.payments())
    var counts: [PayoutState: Int] = [:]
    for (index, payout) in payouts {
      let state = stored.payouts[payout.id]?.state ?? .accepted
      counts[state, default: 0] += 1
      if state == .paid, paid[index] != 1 {
        violations.append(
          "\(payout.id) is reported paid, and the solidified chain does not have it")
      }
    }
    var named: [PayoutID: TransferID] = [:]
    for transfer in stored.transfers.values {
      // One that ended without a payment lets go of all but those that it withdraws.
      for member in transfer.ending {
        // Cancelled twice is cancelled.
        let isCancelled = stored.payouts[member]?.state == .cancelled
        if transfer.state == .cancelled, isCancelled { continue }
        if named.updateValue(transfer.id, forKey: member) != nil {
          let all = stored.transfers.values.filter { $0.members.contains(member) }
          violations.append(
            "\(member) is named by two transfers: \(all.map { "\($0.state) \($0.members)" })")
        }
      }
      fees(of: transfer, stored.payouts)
    }
    return counts
  }

  /// The members' shares of the fee add up to it.
  private func fees(of transfer: Transfer, _ payouts: [PayoutID: Payout]) {
    guard let fee = transfer.payment?.fee else { return }
    var sum: Int64 = 0
    for case .paid(let payment)? in transfer.members.map({ payouts[$0]?.outcome }) {
      sum += payment.fee.value
    }
    if sum != fee.value { violations.append("\(transfer.id) cost \(fee), its members \(sum)") }
  }

  /// How many transfers pay several payouts.
  var netted: Int {
    shared.documents.contents.withLock { $0.transfers.values.count { $0.members.count > 1 } }
  }

  /// What hangs, for a failing test.
  var stuck: [String] {
    shared.documents.contents.withLock { contents in
      contents.transfers.values.filter { !$0.closed }.map {
        "\($0.id) \($0.state) attempts \($0.attempts.map { $0.death?.kind.rawValue ?? "live" })"
      }.sorted()
        + contents.payouts.values.filter { !$0.state.isFinal }.map { payout in
          let transfer = payout.transferID.flatMap { contents.transfers[$0] }
          let carried = transfer.map { "\($0.state) of \($0.members), withdrawn \($0.withdrawn)" }
          return "\(payout.id) \(payout.state) generation \(payout.generation)"
            + " carries \(carried ?? "none")"
        }.sorted()
    }
  }
}

extension UInt {
  fileprivate var toUInt64: UInt64 { UInt64(self) }
}
