import Payouts
import Synchronization
import Testing
import Tron

@Suite("Copies of Ingest that reserve amounts, killed at any call of the store")
struct LimitSimulation {
  @Test(
    "never admit more than a limit, and leave counters equal to the payouts",
    // LIMIT: half a second each; half of them look far enough.
    arguments: SimulationTests.seeds.prefix(max(20, SimulationTests.seeds.count / 2)))
  func exact(seed: UInt64) async throws {
    let world = try LimitWorld(seed: seed)
    await world.run(steps: 1_500)
    #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.prefix(3))")
    #expect(world.admitted > 0, "seed \(seed) admitted nothing")
  }
}

/// Three copies of Ingest with everything that they do for the limits, in an order that one seed
/// decides.
final class LimitWorld {
  private struct Copy {
    var process: SimulatedProcess
    var ports: SimulatedLimits
    var limiter: AmountLimiter
  }

  private static let policy = LimitPolicy(
    routers: [
      .v0: AmountLimits(
        daily: USDTAmount(micro: 100_000_000), hourly: USDTAmount(micro: 60_000_000))
    ],
    tenant: AmountLimits(daily: USDTAmount(micro: 45_000_000), hourly: nil))
  private static let tenants = ["alice", "bob", "carol"].map { TenantID($0) }

  private let documents = LimitDocuments()
  private let turnstile = Turnstile()
  private let clock: SimulatedClock
  private let random: Mutex<SeededGenerator>
  private let isCalm = Box(Mutex(false))
  private let admittedCount = Box(Mutex(0))
  private let found = Box(Mutex<[String]>([]))
  private var copies: [Copy] = []
  private var nextWork = 1
  private var nextPayout: UInt64 = 1
  private let recipient: TronAddress
  private(set) var violations: [String] = []

  var admitted: Int { admittedCount.value.withLock { $0 } }

  init(seed: UInt64) throws {
    random = Mutex(SeededGenerator(seed: seed))
    // Late in a day, so that hours and days end while it runs.
    clock = SimulatedClock(UnixMilliseconds(1_790_031_600_000 - 3_600_000))
    recipient = try TronAddress(accountBytes: sha256([1])[0..<20])
    for _ in 0..<3 { copies.append(copy()) }
  }

  private func draw(_ range: Range<Int>) -> Int {
    random.withLock { Int.random(in: range, using: &$0) }
  }

  private func copy() -> Copy {
    let random = Box(Mutex(SeededGenerator(seed: UInt64(draw(0..<Int.max)))))
    let isCalm = isCalm
    func chance(_ denominator: Int) -> Bool {
      !isCalm.value.withLock { $0 } && random.value.withLock { $0.oneIn(denominator) }
    }
    let process = SimulatedProcess(turnstile: turnstile) {
      guard !isCalm.value.withLock({ $0 }) else { return .none }
      return random.value.withLock { generator in
        guard generator.oneIn(80) else { return .none }
        return generator.oneIn(2) ? .beforeEffect : .afterEffect
      }
    }
    let ports = SimulatedLimits(process: process, documents: documents) {
      !isCalm.value.withLock { $0 } && random.value.withLock { $0.oneIn(30) }
    }
    return Copy(
      process: process, ports: ports,
      limiter: AmountLimiter(
        policy: Self.policy, counters: ports, reservations: ports, clock: clock))
  }

  func run(steps: Int) async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<steps {
        await move(&group)
        check()
      }
      isCalm.value.withLock { $0 = true }
      while let number = turnstile.waiting.first { await turnstile.step(number) }
      for index in copies.indices { copies[index] = copy() }
      clock.time.withLock { $0 = $0.advanced(seconds: 3_600) }
      await settle(&group)
    }
    violations += found.value.withLock { $0 }
    compare()
  }

  /// Everything that periodic tasks do, until nothing is left to do.
  private func settle(_ group: inout TaskGroup<Void>) async {
    for _ in 0..<3 {
      for job in [releases, repair] {
        await begin(&group, copies[0], job)
        while let number = turnstile.waiting.first { await turnstile.step(number) }
      }
    }
  }

  private func move(_ group: inout TaskGroup<Void>) async {
    for index in copies.indices where copies[index].process.isDead { copies[index] = copy() }
    switch draw(0..<100) {
    case 0..<4:
      // Mostly a little, now and then long enough for what a crash left to be taken for that.
      let seconds = draw(0..<8) == 0 ? 130 : draw(1..<4)
      clock.time.withLock { $0 = $0.advanced(seconds: Int64(seconds)) }
    case 4..<8: endSomeUnpaid()
    case 8..<11: await begin(&group, copies[draw(0..<3)], releases)
    case 11..<14: await begin(&group, copies[draw(0..<3)], repair)
    case 14..<17: await begin(&group, copies[draw(0..<3)]) { try await $0.limiter.flush() }
    case 17..<30: await admit(&group)
    default:
      let waiting = turnstile.waiting
      guard !waiting.isEmpty else { return await admit(&group) }
      await turnstile.step(waiting[draw(0..<waiting.count)])
    }
  }

  private func begin(
    _ group: inout TaskGroup<Void>, _ copy: Copy,
    _ job: @escaping @Sendable (Copy) async throws -> Void
  ) async {
    let number = nextWork
    nextWork += 1
    await turnstile.start(number, in: &group) {
      // A port that fails ends the run of the job; the next run starts over, as tasks do.
      await SimulatedProcess.$work.withValue(number) { do { try await job(copy) } catch {} }
    }
  }

  private var releases: @Sendable (Copy) async throws -> Void {
    let clock = clock
    return { copy in
      try await LimitReleases(
        counters: copy.ports, reservations: copy.ports, clock: clock
      ).sweep()
    }
  }

  private var repair: @Sendable (Copy) async throws -> Void {
    let (clock, found) = (clock, found)
    return { copy in
      let day = UTCDay(clock.now())
      let findings = try await LimitRepair(
        counters: copy.ports, reservations: copy.ports, clock: clock
      ).run(from: day.advanced(days: -1), through: day, heals: true)
      for finding in findings where finding.differs {
        found.value.withLock { $0.append("the repair found a difference: \(finding)") }
      }
    }
  }

  /// A group of requests: reserve, insert what fits (or some of it: the others are replays), end.
  private func admit(_ group: inout TaskGroup<Void>) async {
    let requests = (0..<draw(1..<4)).map { _ in (0..<draw(1..<3)).map { _ in payout() } }
    let replays = draw(0..<6) == 0
    let (clock, admittedCount) = (clock, admittedCount)
    await begin(&group, copies[draw(0..<3)]) { copy in
      let deadline = clock.now().advanced(seconds: 45)
      let reservation = try await copy.limiter.reserve(requests)
      let fitting = requests.indices.filter { reservation.refusals[$0] == nil }
      guard reservation.isValid(at: clock.now()), !fitting.isEmpty else {
        return await copy.limiter.end(reservation, inserted: [])
      }
      let inserted = (replays ? Array(fitting.dropFirst()) : fitting).flatMap { requests[$0] }
      do throws(StoreError) {
        try await copy.ports.insert(inserted, before: deadline) { clock.now() }
      } catch {
        if error.effect == .none { await copy.limiter.end(reservation, inserted: []) }
        return
      }
      admittedCount.value.withLock { $0 += inserted.count }
      await copy.limiter.end(reservation, inserted: Set(inserted.map(\.id)))
    }
  }

  private func payout() -> Payout {
    nextPayout += 1
    let now = clock.now()
    return Payout(
      id: PayoutID(createdAt: now, high: 0, low: nextPayout), tenant: Self.tenants[draw(0..<3)],
      requestID: RequestID("r"),
      request: PayoutRequest(
        recipient: recipient, amount: USDTAmount(micro: Int64(draw(1..<6)) * 1_000_000),
        reason: "simulated", router: .v0),
      idempotency: nil, createdAt: now, estimatedCompletion: nil)
  }

  private func endSomeUnpaid() {
    documents.contents.withLock { contents in
      let open = contents.payouts.values.filter { $0.state == .accepted }.map(\.id).sorted()
      guard !open.isEmpty else { return }
      let id = open[draw(0..<open.count)]
      contents.payouts[id]?.state = .failed
      contents.due.insert(id)
    }
  }

  /// No limit is ever exceeded: neither by what counters say nor by the payouts.
  private func check() {
    let counters = documents.contents.withLock { Array($0.counters.values) }
    for counter in counters {
      let limits = Self.policy.limits(of: counter.id)
      let actual = documents.recomputed(counter.id)
      let most = limits.daily?.micro ?? .max
      if counter.sum > most { violations.append("\(counter.id.text) counts \(counter.sum)") }
      if actual.values.reduce(0, +) > most { violations.append("\(counter.id.text): \(actual)") }
      guard let hourly = limits.hourly?.micro else { continue }
      if (actual.values.max() ?? 0) > hourly || (counter.hours.values.max() ?? 0) > hourly {
        violations.append("\(counter.id.text) by hour: \(actual), \(counter.hours)")
      }
    }
  }

  /// At the end every counter is what the payouts add up to.
  private func compare() {
    let contents = documents.contents.withLock { $0 }
    if !contents.due.isEmpty { violations.append("not given back: \(contents.due)") }
    for counter in contents.counters.values {
      let actual = documents.recomputed(counter.id)
      let counted = counter.hours.filter { $0.value != 0 }
      if counted != actual || counter.sum != actual.values.reduce(0, +) || !counter.pending.isEmpty
      {
        violations.append("\(counter.id.text): \(counter), but payouts: \(actual)")
      }
    }
  }
}
