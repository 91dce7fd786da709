import Payouts
import Synchronization
import Testing
import Tron

/// Records in memory.
private final class Records: KYCStore {
  let all = Mutex<[TronAddress: KYCRecord]>([:])
  let reads = Mutex(0)

  func kycRecords(_ recipients: [TronAddress]) async throws(StoreError) -> [KYCRecord] {
    reads.withLock { $0 += 1 }
    return all.withLock { all in recipients.compactMap { all[$0] } }
  }
  func kycRecords(after: TronAddress?, limit: Int) async throws(StoreError) -> [KYCRecord] { [] }
  func kycUnlogged(limit: Int) async throws(StoreError) -> [KYCRecord] {
    all.withLock { Array($0.values.filter { $0.unlogged != nil }.prefix(limit)) }
  }
  func write(_ record: KYCRecord, replacing old: KYCRecord?) async throws(StoreError) -> Bool {
    all.withLock { all in
      guard all[record.recipient] == old else { return false }
      all[record.recipient] = record
      return true
    }
  }
}

/// Knows the chain's time and nothing else.
private struct ChainTime: FactStore {
  let latest: UnixMilliseconds

  func chainHead() async throws(StoreError) -> ChainHead? {
    guard let id = BlockID(bytes: sha256([1])) else { return nil }
    let block = ChainHead.Block(number: id.number, id: id, time: latest)
    return ChainHead(
      latest: block, solidified: block, energyPrice: Sun(1), bandwidthPrice: Sun(1),
      transferEnergy: 1, updatedAt: latest)
  }
  func epoch() async throws(StoreError) -> Int64 { 1 }
  func write(_ head: ChainHead) async throws(StoreError) {}
  func wallets() async throws(StoreError) -> [Wallet] { [] }
  func register(
    wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
  ) async throws(StoreError) {}
  func write(
    funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
  ) async throws(StoreError) {}
}

private final class Accepted: KYCPayoutStore {
  let payouts = Mutex<[Payout]>([])
  func acceptedForKYC(after: PayoutID?, limit: Int) async throws(StoreError) -> [Payout] {
    payouts.withLock { all in
      Array(all.filter { payout in after.map { payout.id > $0 } ?? true }.prefix(limit))
    }
  }
}

private final class Announced: LogAppender {
  let keys = Mutex<[String]>([])
  func append(_ records: [OutgoingRecord]) async throws(LogError) {
    keys.withLock { $0 += records.map(\.key) }
  }
}

private final class Recorded: AuditRecorder {
  let entries = Mutex<[AuditEntry]>([])
  /// Whether the process dies instead of writing the next entry.
  let dies = Mutex(false)
  func record(_ added: [AuditEntry]) async throws(StoreError) {
    guard !dies.withLock({ $0 }) else {
      throw StoreError(code: .unavailable, effect: .none, message: "killed")
    }
    entries.withLock { $0 += added }
  }
}

private final class Observed: StageObserver {
  let held = Mutex<[Int]>([])
  func observe(_ event: StageEvent) {
    if case .heldForKYC(let count) = event { held.withLock { $0.append(count) } }
  }
}

private final class Clock: WallClock {
  let time = Mutex(UnixMilliseconds(1_000))
  func now() -> UnixMilliseconds { time.withLock { $0 } }
}

@Suite("KYC records")
struct KYCTests {
  private static func address(_ name: String) throws -> TronAddress {
    try TronAddress(accountBytes: sha256(Array(name.utf8))[0..<20])
  }

  private static func payout(
    _ id: String, to name: String, _ router: RouterType = .kyc, state: PayoutState = .accepted
  ) throws -> Payout {
    var payout = Payout(
      id: PayoutID(id), tenant: TenantID("t"), requestID: RequestID("r"),
      request: PayoutRequest(
        recipient: try address(name), amount: USDTAmount(micro: 1_000_000), reason: "r",
        router: router, nodeID: "n"),
      idempotency: nil, createdAt: UnixMilliseconds(0), estimatedCompletion: UnixMilliseconds(90))
    payout.state = state
    return payout
  }

  private let store = Records()
  private let clock = Clock()
  private let audit = Recorded()
  private var register: KYCRegister { KYCRegister(store: store, audit: audit, clock: clock) }
  private var gate: KYCGate { KYCGate(store: store, clock: clock, facts: nil) }

  private func add(_ name: String, until: Int64 = 5_000) async throws {
    _ = try await register.add(
      KYCRecord(
        recipient: try Self.address(name), level: "full", expiresAt: UnixMilliseconds(until),
        referenceHash: String(repeating: "a", count: 64), by: "op", at: UnixMilliseconds(0)),
      by: AuditActor(who: "op"))
  }

  private func revoke(_ name: String) async throws -> KYCRecord? {
    try await register.revoke(
      try Self.address(name), reason: "moved away", by: AuditActor(who: "op"))
  }

  @Test(
    "A record counts from when it is added until it expires or is revoked, and again when added")
  func life() async throws {
    let alice = try Self.address("alice")
    func fault() async throws -> KYCFault? {
      try await gate.standing(of: [Self.payout("p", to: "alice").request]).fault(of: alice)
    }
    #expect(try await fault() == .missing)
    try await add("alice")
    #expect(try await fault() == nil)
    clock.time.withLock { $0 = UnixMilliseconds(4_999) }
    #expect(try await fault() == nil)
    clock.time.withLock { $0 = UnixMilliseconds(5_000) }
    #expect(try await fault() == .expired)
    try await add("alice", until: 9_000)
    #expect(try await fault() == nil)
    _ = try await revoke("alice")
    #expect(try await fault() == .revoked)
    try await add("alice", until: 9_000)
    #expect(try await fault() == nil)
  }

  @Test("Every change is in the audit log, a repeated one once")
  func audited() async throws {
    try await add("alice")
    let first = try await revoke("alice")
    let second = try await revoke("alice")
    #expect(first == second)
    #expect(try await revoke("nobody") == nil)
    let entries = audit.entries.withLock { $0 }
    #expect(entries.map(\.action) == ["added", "revoked"])
    #expect(entries.allSatisfy { $0.actor.who == "op" && $0.kind == .kyc })
  }

  @Test("A change whose maker is killed before its entry is written is logged by others, once")
  func killedBetween() async throws {
    audit.dies.withLock { $0 = true }
    await #expect(throws: StoreError.self) { try await add("alice") }
    audit.dies.withLock { $0 = false }
    #expect(try await register.settleLog() == 0, "its maker may still be about to")
    clock.time.withLock { $0 = UnixMilliseconds(70_000) }
    #expect(try await register.settleLog() == 1)
    #expect(try await register.settleLog() == 0)
    #expect(audit.entries.withLock { $0.map(\.action) } == ["added"])
    #expect(audit.entries.withLock { $0.map(\.at) } == [UnixMilliseconds(1_000)])

    audit.dies.withLock { $0 = true }
    await #expect(throws: StoreError.self) { try await revoke("alice") }
    audit.dies.withLock { $0 = false }
    try await add("alice", until: 90_000)
    let actions = audit.entries.withLock { $0.map(\.action) }
    #expect(actions == ["added", "revoked", "added"], "before the next change hides it")
  }

  @Test("The gate lets everything through but payouts of the KYC router without an active record")
  func parts() async throws {
    try await add("alice")
    let payouts = [
      try Self.payout("1", to: "alice"), try Self.payout("2", to: "bob"),
      try Self.payout("3", to: "bob", .v0), try Self.payout("4", to: "bob", state: .scheduled),
      try Self.payout("5", to: "bob", state: .assigned),
    ]
    let (allowed, held) = try await gate.parted(payouts)
    #expect(allowed.map(\.id.text) == ["1", "3", "5"])
    #expect(held.map(\.id.text) == ["2", "4"])
    #expect(store.reads.withLock { $0 } == 2, "one to add, one for all of these")
  }

  @Test("A clock that is behind keeps no record alive beyond the chain's time")
  func chainTime() async throws {
    try await add("alice", until: 5_000)
    let gate = KYCGate(
      store: store, clock: clock, facts: ChainTime(latest: UnixMilliseconds(5_000)))
    let request = try Self.payout("p", to: "alice").request
    let fault = try await gate.standing(of: [request]).fault(of: Self.address("alice"))
    #expect(fault == .expired)
  }

  @Test("Payouts that need no record cost no look-up")
  func free() async throws {
    _ = try await gate.parted([try Self.payout("1", to: "bob", .v0)])
    #expect(store.reads.withLock { $0 } == 0)
  }

  @Test("What was held is announced once its recipient has a record again, and nothing else")
  func released() async throws {
    let accepted = Accepted()
    let log = Announced()
    let observer = Observed()
    let held = HeldPayouts(payouts: accepted, gate: gate, log: log, observer: observer)
    let payouts = [try Self.payout("1", to: "alice"), try Self.payout("2", to: "bob")]
    accepted.payouts.withLock { $0 = payouts }
    try await add("bob")
    for _ in 0..<3 { try await held.look() }
    #expect(log.keys.withLock { $0 }.isEmpty, "the one waits for its record, the other its turn")
    try await add("alice")
    try await held.look()
    #expect(log.keys.withLock { $0 } == ["1"])
    try await held.look()
    #expect(log.keys.withLock { $0 } == ["1"])
    #expect(observer.held.withLock { $0 } == [1, 1, 1, 0, 0])
  }

  @Test("A held payout says so, and has no estimated completion")
  func view() throws {
    let payout = try Self.payout("1", to: "alice")
    let view = PayoutView(payout, hold: KYCStanding.nobody.hold(of: payout))
    #expect(view.statusDetail == "held:kyc_record_missing")
    #expect(view.estimatedCompletion == nil)
    #expect(PayoutView(payout).estimatedCompletion == UnixMilliseconds(90))
  }
}
