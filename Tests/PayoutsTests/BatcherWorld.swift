import Synchronization
import Testing
import Tron

@testable import Payouts

/// What the Batcher needs of the world, in memory: payouts in the order in which they were given, which
/// must be that of their positions, transfers, KYC records, the chain's head, a clock for each copy.
final class BatcherWorld: Sendable {
  struct Contents {
    var order: [PayoutID] = []
    var places: [PayoutID: Int] = [:]
    var payouts: [PayoutID: Payout] = [:]
    var transfers: [TransferID: Transfer] = [:]
    var carriers: [TransferID: [PayoutID]] = [:]
    var active: Set<TronAddress> = []
    var head: ChainHead?
    /// Everything before it in `order` has left its window.
    var firstScheduled = 0
    /// The most payouts that one call gave.
    var mostAtOnce = 0
    /// The most that one call assigned.
    var mostAssigned = 0
    var hints: [String] = []
  }

  let contents = Mutex(Contents())
  /// Called whenever scheduled payouts are looked for.
  let whenLooking = Mutex<(@Sendable () async throws -> Void)?>(nil)

  final class Clock: WallClock {
    let time: Mutex<UnixMilliseconds>
    init(_ time: UnixMilliseconds) { self.time = Mutex(time) }
    func now() -> UnixMilliseconds { time.withLock { $0 } }
    func set(_ to: UnixMilliseconds) { time.withLock { $0 = to } }
  }

  /// One copy of the Batcher.
  struct Copy {
    var clock: Clock
    var stage: BatcherStage
    var closing: WindowClosing
  }

  private struct Silent: StageObserver {
    func observe(_ event: StageEvent) {}
  }

  func copy(at time: UnixMilliseconds, netting: NettingPolicy = NettingPolicy()) -> Copy {
    let clock = Clock(time)
    let context = BatcherContext(
      store: self, log: self, clock: clock, observer: Silent(), failpoints: NoFailpoints(),
      kyc: KYCGate(store: self, clock: clock, facts: nil), partitions: 12)
    let duty = ClosingDuty(owned: true)
    return Copy(
      clock: clock, stage: BatcherStage(context, duty: duty),
      closing: WindowClosing(
        context, facts: self, calendar: .utc, netting: netting, duty: duty))
  }

  func add(_ payouts: [Payout]) {
    contents.withLock { contents in
      for payout in payouts {
        contents.places[payout.id] = contents.order.count
        contents.order.append(payout.id)
        contents.payouts[payout.id] = payout
      }
    }
  }

  func setHead(_ time: UnixMilliseconds?) {
    contents.withLock { contents in
      contents.head = time.map { time in
        let block = ChainHead.Block(
          number: BlockNumber(1), id: BlockID(number: BlockNumber(1), hashingHeader: [1]),
          time: time)
        return ChainHead(
          latest: block, solidified: block, energyPrice: Sun(420), bandwidthPrice: Sun(1),
          transferEnergy: 130_000, updatedAt: time)
      }
    }
  }

  /// The members of every transfer.
  var members: [[PayoutID]] { contents.withLock { $0.transfers.values.map(\.members) } }

  static func payout(
    _ id: String, to recipient: TronAddress, micro: Int64 = 1, router: RouterType = .v0,
    type: BatchType = .hourly, priority: Priority = .normal,
    at time: UnixMilliseconds = UnixMilliseconds(0)
  ) -> Payout {
    var request = PayoutRequest(
      recipient: recipient, amount: USDTAmount(micro: micro), reason: "r", router: router,
      batchType: type)
    request.priority = priority
    var payout = Payout(
      id: PayoutID(id), tenant: TenantID("t"), requestID: RequestID("r"), request: request,
      idempotency: nil, windowID: WindowCalendar.utc.window(type, at: time), createdAt: time,
      estimatedCompletion: nil)
    payout.state = type.admittedState
    return payout
  }

  static func recipient(_ number: Int) throws -> TronAddress {
    let account = withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) }
    return try TronAddress(accountBytes: ([UInt8](repeating: 7, count: 16) + account)[...])
  }
}

extension BatcherWorld: WindowStore, LaneStore {
  func scheduled(
    endingBy instant: UnixMilliseconds?, after: ScheduledPosition?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    if let look = whenLooking.withLock({ $0 }) {
      do { try await look() } catch {
        throw StoreError(code: .server, effect: .none, message: "\(error)")
      }
    }
    return contents.withLock { contents in
      while contents.firstScheduled < contents.order.count,
        contents.payouts[contents.order[contents.firstScheduled]]?.state != .scheduled
      {
        contents.firstScheduled += 1
      }
      var place = contents.firstScheduled
      if let after { place = max(place, (contents.places[after.payout] ?? -1) + 1) }
      var found: [Payout] = []
      while place < contents.order.count, found.count < limit {
        if let payout = contents.payouts[contents.order[place]], payout.state == .scheduled,
          let end = payout.windowID?.end, instant.map({ end <= $0 }) ?? true
        {
          found.append(payout)
        }
        place += 1
      }
      contents.mostAtOnce = max(contents.mostAtOnce, found.count)
      return found
    }
  }

  func release(_ releases: [PayoutRelease]) async throws(StoreError) {}

  func urgent(
    createdFrom: UnixMilliseconds?, createdBefore: UnixMilliseconds, limit: Int
  ) async throws(StoreError) -> [Payout] {
    contents.withLock { contents in
      let found = contents.payouts.values.filter { payout in
        payout.state == .accepted && payout.request.priority == .urgent
          && payout.createdAt < createdBefore && createdFrom.map { payout.createdAt >= $0 } != false
      }
      return Array(found.sorted { $0.createdAt < $1.createdAt }.prefix(limit))
    }
  }

  func planned(upTo bound: Int) async throws(StoreError) -> Int { 0 }
}

extension BatcherWorld: PayoutStore, TransferStore {
  func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion] { [] }

  func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] {
    contents.withLock { contents in ids.compactMap { contents.payouts[$0] } }
  }

  func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout] {
    contents.withLock { contents in
      transfers.flatMap { contents.carriers[$0] ?? [] }.compactMap { contents.payouts[$0] }
    }
  }

  func assign(_ assignments: [PayoutAssignment]) async throws(StoreError) {
    contents.withLock { contents in
      contents.mostAssigned = max(contents.mostAssigned, assignments.count)
      for assignment in assignments {
        guard var payout = contents.payouts[assignment.payout], payout.rev == assignment.rev,
          payout.state == .accepted || payout.state == .scheduled
        else { continue }
        payout.state = .assigned
        payout.transferID = assignment.transfer
        payout.rev += 1
        contents.payouts[payout.id] = payout
        contents.carriers[assignment.transfer, default: []].append(payout.id)
      }
    }
  }

  func settle(_ settlements: [PayoutSettlement]) async throws(StoreError) {}

  func payouts(
    in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] { [] }

  func count(
    in states: [PayoutState]
  ) async throws(StoreError) -> [PayoutState: Int] { [:] }

  func insert(_ transfers: [Transfer]) async throws(StoreError) {
    contents.withLock { contents in
      for transfer in transfers where contents.transfers[transfer.id] == nil {
        contents.transfers[transfer.id] = transfer
      }
    }
  }

  func transfers(_ ids: [TransferID]) async throws(StoreError) -> [Transfer] {
    contents.withLock { contents in ids.compactMap { contents.transfers[$0] } }
  }

  func compareAndSet(_ changes: [TransferChange]) async throws(StoreError) -> [Transfer] { [] }

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
}

extension BatcherWorld: FactStore, KYCStore, LogAppender {
  func kycUnlogged(limit: Int) async throws(StoreError) -> [KYCRecord] { [] }
  func epoch() async throws(StoreError) -> Int64 { 1 }
  func chainHead() async throws(StoreError) -> ChainHead? { contents.withLock { $0.head } }
  func write(_ head: ChainHead) async throws(StoreError) {}
  func wallets() async throws(StoreError) -> [Wallet] { [] }
  func register(
    wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
  ) async throws(StoreError) {}
  func write(
    funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
  ) async throws(StoreError) {}

  func kycRecords(_ recipients: [TronAddress]) async throws(StoreError) -> [KYCRecord] {
    let active = contents.withLock { $0.active }
    return recipients.filter(active.contains).map {
      KYCRecord(
        recipient: $0, level: "full", expiresAt: UnixMilliseconds(.max),
        referenceHash: String(repeating: "0", count: 64), by: "t", at: UnixMilliseconds(0))
    }
  }
  func kycRecords(after: TronAddress?, limit: Int) async throws(StoreError) -> [KYCRecord] { [] }
  func write(_ record: KYCRecord, replacing old: KYCRecord?) async throws(StoreError) -> Bool {
    false
  }

  func append(_ records: [OutgoingRecord]) async throws(LogError) {
    contents.withLock { $0.hints += records.map(\.key) }
  }
}
