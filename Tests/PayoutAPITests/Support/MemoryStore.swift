import Payouts
import Synchronization
import Tron

/// What the store ports promise, in memory: for the contract of HTTP only. The real store is tested
/// with its adapter and end to end.
final class MemoryStore: PayoutStore, TransferStore, FactStore {
  struct State {
    var payouts: [PayoutID: Payout] = [:]
    var batches: [BatchID: BatchDecision] = [:]
    var transfers: [TransferID: Transfer] = [:]
    var wallets: [Wallet] = []
    var head: ChainHead?
    var groups: [Int] = []
    /// Thrown by the next calls, one each.
    var insertFaults: [(StoreError, isWritten: Bool)] = []
    var readFault: StoreError?
    /// Thrown by the next call of each kind that concerns batches.
    var batchFaults: [BatchCall: (StoreError, isWritten: Bool)] = [:]
    var isPaused = false
    var paused: [CheckedContinuation<Void, Never>] = []
    var keptSums: [PayoutScope: [UnixMilliseconds: HourSum]] = [:]
    /// Called whenever payouts are added up.
    var whenAdding: @Sendable () -> Void = {}
    var secrets: [SecretName: [UInt8]] = [:]
    var breaker = Breaker()
    var kyc: [TronAddress: KYCRecord] = [:]
    var auditLog: [AuditBlock] = []
    var auditFault: StoreError?
    var auditWriters: [String: AuditWriter] = [:]
    var counters: [CounterID: LimitCounter] = [:]
  }

  let state = Mutex(State())

  var payoutCount: Int { state.withLock { $0.payouts.count } }

  /// Holds every insert until `resume`.
  func pause() { state.withLock { $0.isPaused = true } }

  func resume() {
    let waiting = state.withLock { state in
      state.isPaused = false
      defer { state.paused = [] }
      return state.paused
    }
    for continuation in waiting { continuation.resume() }
  }

  var pausedCount: Int { state.withLock { $0.paused.count } }

  func passPause() async {
    await withCheckedContinuation { continuation in
      let isPaused = state.withLock { state in
        if state.isPaused { state.paused.append(continuation) }
        return state.isPaused
      }
      if !isPaused { continuation.resume() }
    }
  }

  func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion] {
    await passPause()
    let fault = state.withLock { $0.insertFaults.isEmpty ? nil : $0.insertFaults.removeFirst() }
    if let fault, !fault.isWritten { throw fault.0 }
    let answers = state.withLock { state in
      state.groups.append(payouts.count)
      return payouts.map { Self.insert($0, into: &state.payouts) }
    }
    if let fault { throw fault.0 }
    return answers
  }

  static func insert(
    _ payout: Payout, into payouts: inout [PayoutID: Payout]
  ) -> PayoutInsertion {
    if payouts[payout.id] != nil { return .inserted }
    for existing in payouts.values where existing.tenant == payout.tenant {
      if let key = payout.idempotency?.key, existing.idempotency?.key == key {
        return .duplicateKey(existing: existing)
      }
      if let reference = payout.request.clientReference,
        existing.request.clientReference == reference
      {
        return .duplicateReference(existing: existing)
      }
    }
    payouts[payout.id] = payout
    return .inserted
  }

  func check() throws(StoreError) {
    if let fault = state.withLock({ $0.readFault }) { throw fault }
  }

  func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] {
    try check()
    return state.withLock { state in ids.compactMap { state.payouts[$0] } }
  }

  func transfers(_ ids: [TransferID]) async throws(StoreError) -> [Transfer] {
    try check()
    return state.withLock { state in ids.compactMap { state.transfers[$0] } }
  }

  func assign(_ assignments: [PayoutAssignment]) async throws(StoreError) {
    try check()
    state.withLock { state in
      for assignment in assignments {
        guard let payout = state.payouts[assignment.payout], payout.rev == assignment.rev,
          payout.state == .accepted || payout.state == .scheduled
        else { continue }
        state.payouts[payout.id]?.state = .assigned
        state.payouts[payout.id]?.transferID = assignment.transfer
        state.payouts[payout.id]?.isWithdrawn = assignment.isWithdrawn
        state.payouts[payout.id]?.rev += 1
      }
    }
  }

  func insert(_ transfers: [Transfer]) async throws(StoreError) {
    try check()
    state.withLock { state in
      for transfer in transfers where state.transfers[transfer.id] == nil {
        state.transfers[transfer.id] = transfer
      }
    }
  }

  func compareAndSet(_ changes: [TransferChange]) async throws(StoreError) -> [Transfer] {
    try check()
    return state.withLock { state in
      changes.compactMap { change in
        guard state.transfers[change.old.id]?.rev == change.old.rev else { return nil }
        var new = change.new
        new.rev = change.old.rev + 1
        state.transfers[new.id] = new
        return new
      }
    }
  }

  func epoch() async throws(StoreError) -> Int64 {
    try check()
    return 1
  }

  func chainHead() async throws(StoreError) -> ChainHead? {
    try check()
    return state.withLock { $0.head }
  }

  func wallets() async throws(StoreError) -> [Wallet] {
    try check()
    return state.withLock { $0.wallets }
  }

  // What the API never calls.
  func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout] { [] }
  func settle(_ settlements: [PayoutSettlement]) async throws(StoreError) {}
  func payouts(
    in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] { [] }
  func count(
    in states: [PayoutState]
  ) async throws(StoreError) -> [PayoutState: Int] { [:] }
  func transfers(
    in states: [TransferState], partitions: [Int32]?, updatedBefore: UnixMilliseconds?,
    after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer] { [] }
  func unclosed(
    partitions: [Int32], updatedBefore: UnixMilliseconds, after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer] { [] }
  func close(_ ids: [TransferID]) async throws(StoreError) {}
  func inFlight(
    router: RouterType
  ) async throws(StoreError) -> (count: Int, amount: USDTAmount) { (0, .zero) }
  func count(
    in states: [TransferState]
  ) async throws(StoreError) -> [TransferState: Int] { [:] }
  func write(_ head: ChainHead) async throws(StoreError) {}
  func register(
    wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
  ) async throws(StoreError) {}
  func write(
    funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
  ) async throws(StoreError) {}
}

/// A log that keeps what is appended, fails, or never answers.
final class MemoryLog: LogAppender {
  enum Mood: Sendable {
    case well, failing, silent
  }

  struct State {
    var records: [OutgoingRecord] = []
    var mood = Mood.well
    var calls = 0
    var silent: [CheckedContinuation<Void, Never>] = []
  }

  let state = Mutex(State())

  func set(_ mood: Mood) {
    let waiting = state.withLock { state in
      state.mood = mood
      defer { if mood != .silent { state.silent = [] } }
      return mood == .silent ? [] : state.silent
    }
    for continuation in waiting { continuation.resume() }
  }

  var records: [OutgoingRecord] { state.withLock { $0.records } }
  var calls: Int { state.withLock { $0.calls } }

  func append(_ records: [OutgoingRecord]) async throws(LogError) {
    state.withLock { $0.calls += 1 }
    await withCheckedContinuation { continuation in
      let isSilent = state.withLock { state in
        if state.mood == .silent { state.silent.append(continuation) }
        return state.mood == .silent
      }
      if !isSilent { continuation.resume() }
    }
    let isFailing = state.withLock { state in
      if state.mood != .failing { state.records += records }
      return state.mood == .failing
    }
    if isFailing { throw LogError(code: .unavailable, effect: .none, message: "no broker") }
  }
}

/// A wall clock that a test sets.
final class TestClock: WallClock {
  private let time: Mutex<UnixMilliseconds>

  init(_ start: UnixMilliseconds) { time = Mutex(start) }

  func now() -> UnixMilliseconds { time.withLock { $0 } }

  func advance(seconds: Int64) { time.withLock { $0 = $0.advanced(seconds: seconds) } }
}
