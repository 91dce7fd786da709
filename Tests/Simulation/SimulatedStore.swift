import Payouts
import Synchronization
import Tron

/// The documents, shared by all simulated processes.
final class SimulatedDocuments: Sendable {
  struct Contents {
    var payouts: [PayoutID: Payout] = [:]
    var transfers: [TransferID: Transfer] = [:]
    var head: ChainHead?
    var wallets: [TronAddress: Wallet] = [:]
    var writes = 0
    var breaker = Breaker()
    var auditLog: [AuditBlock] = []
    var positions: [Int32: JournalPosition] = [:]
  }

  let contents = Mutex(Contents())
}

/// The store as one simulated process reaches it: every call is atomic, none is instantaneous.
struct SimulatedStore: PayoutStore, WindowStore, LaneStore, TransferStore, FactStore,
  JournalPositionStore
{
  let documents: SimulatedDocuments
  let process: SimulatedProcess

  func call<Answer: Sendable>(
    _ body: (inout SimulatedDocuments.Contents) -> Answer
  ) async throws(StoreError) -> Answer {
    try await process.storeCall { () throws(StoreError) in documents.contents.withLock { body(&$0) }
    }
  }

  func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion] {
    try await call { contents in
      for payout in payouts where contents.payouts[payout.id] == nil {
        contents.payouts[payout.id] = payout
      }
      return payouts.map { _ in .inserted }
    }
  }

  func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] {
    try await call { contents in ids.compactMap { contents.payouts[$0] } }
  }

  func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout] {
    let wanted = Set(transfers)
    return try await call { contents in
      contents.payouts.values.filter { $0.transferID.map(wanted.contains) ?? false }
    }
  }

  func assign(_ assignments: [PayoutAssignment]) async throws(StoreError) {
    // One by one: a bulk is no transaction, and others look in between.
    for assignment in assignments {
      try await call { contents in
        guard var payout = contents.payouts[assignment.payout], payout.rev == assignment.rev,
          payout.state == .accepted || payout.state == .scheduled
        else { return }
        payout.state = .assigned
        payout.transferID = assignment.transfer
        payout.isWithdrawn = assignment.isWithdrawn
        payout.rev += 1
        contents.payouts[payout.id] = payout
      }
    }
  }

  func settle(_ settlements: [PayoutSettlement]) async throws(StoreError) {
    try await call { contents in
      for settlement in settlements {
        guard var payout = contents.payouts[settlement.payout], !payout.state.isFinal else {
          continue
        }
        payout.transferID = settlement.transfer
        switch settlement.outcome {
        case .paid: payout.state = .paid
        case .failed: payout.state = .failed
        case .cancelled: payout.state = .cancelled
        }
        payout.outcome = settlement.outcome
        payout.rev += 1
        contents.payouts[payout.id] = payout
      }
    }
  }

  func payouts(
    in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    try await call { contents in
      let found = contents.payouts.values.filter { payout in
        payout.state == state && payout.createdAt < createdBefore
          && (after.map { payout.id > $0 } ?? true)
      }
      return Array(found.sorted { $0.id < $1.id }.prefix(limit))
    }
  }

  func scheduled(
    endingBy instant: UnixMilliseconds?, after: ScheduledPosition?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    try await call { contents in
      var found: [ScheduledPosition: Payout] = [:]
      for payout in contents.payouts.values where payout.state == .scheduled {
        guard let place = ScheduledPosition(payout) else { continue }
        let isOver = instant.map { place.window.end <= $0 } ?? true
        if isOver, after.map({ place > $0 }) ?? true { found[place] = payout }
      }
      return found.keys.sorted().prefix(limit).compactMap { found[$0] }
    }
  }

  /// Everything, for the simulated Signers read one lane only.
  func urgent(
    createdFrom: UnixMilliseconds?, createdBefore: UnixMilliseconds, limit: Int
  ) async throws(StoreError) -> [Payout] {
    try await call { contents in
      contents.payouts.values.filter {
        $0.state == .accepted && $0.createdAt < createdBefore
      }.sorted { $0.id < $1.id }
    }
  }

  func planned(upTo bound: Int) async throws(StoreError) -> Int {
    try await call { contents in
      min(bound, contents.transfers.values.count { $0.state == .planned })
    }
  }

  func release(_ releases: [PayoutRelease]) async throws(StoreError) {
    try await call { contents in
      for release in releases {
        guard var payout = contents.payouts[release.payout], payout.rev == release.rev,
          payout.state == .assigned, payout.transferID == release.transfer
        else { continue }
        payout.state = release.state
        payout.transferID = nil
        payout.isWithdrawn = false
        payout.rev += 1
        payout.generation += 1
        contents.payouts[payout.id] = payout
      }
    }
  }

  func count(
    in states: [PayoutState]
  ) async throws(StoreError) -> [PayoutState: Int] { [:] }
  func count(
    in states: [TransferState]
  ) async throws(StoreError) -> [TransferState: Int] { [:] }

  func insert(_ transfers: [Transfer]) async throws(StoreError) {
    try await call { contents in
      for transfer in transfers where contents.transfers[transfer.id] == nil {
        contents.transfers[transfer.id] = transfer
      }
    }
  }

  func transfers(_ ids: [TransferID]) async throws(StoreError) -> [Transfer] {
    try await call { contents in ids.compactMap { contents.transfers[$0] } }
  }

  func compareAndSet(_ changes: [TransferChange]) async throws(StoreError) -> [Transfer] {
    try await call { contents in
      contents.writes += 1
      let token = WriteToken("w\(contents.writes)")
      return changes.compactMap { change in
        guard let stored = contents.transfers[change.old.id], stored.rev == change.old.rev,
          stored.token == change.old.token
        else { return nil }
        var new = change.new
        new.rev = stored.rev + 1
        new.token = token
        contents.transfers[new.id] = new
        return new
      }
    }
  }

  func transfers(
    in states: [TransferState], partitions: [Int32]?, updatedBefore: UnixMilliseconds?,
    after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer] {
    try await call { contents in
      let found = contents.transfers.values.filter { transfer in
        states.contains(transfer.state)
          && (partitions?.contains(transfer.partition) ?? true)
          && (updatedBefore.map { transfer.updatedAt < $0 } ?? true)
          && (after.map { transfer.id > $0 } ?? true)
      }
      return Array(found.sorted { $0.id < $1.id }.prefix(limit))
    }
  }

  func unclosed(
    partitions: [Int32], updatedBefore: UnixMilliseconds, after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer] {
    try await call { contents in
      let found = contents.transfers.values.filter { transfer in
        !transfer.state.isOpen && !transfer.closed && partitions.contains(transfer.partition)
          && transfer.updatedAt < updatedBefore && (after.map { transfer.id > $0 } ?? true)
      }
      return Array(found.sorted { $0.id < $1.id }.prefix(limit))
    }
  }

  func close(_ ids: [TransferID]) async throws(StoreError) {
    try await call { contents in
      for id in ids where contents.transfers[id]?.state.isOpen == false {
        contents.transfers[id]?.closed = true
      }
    }
  }

  func inFlight(
    router: RouterType
  ) async throws(StoreError) -> (count: Int, amount: USDTAmount) {
    try await call { contents in
      let flying = contents.transfers.values.filter {
        $0.router == router && ($0.state == .planned || $0.state == .armed)
      }
      return (flying.count, USDTAmount(micro: flying.reduce(0) { $0 + $1.amount.micro }))
    }
  }

  func journalPositions() async throws(StoreError) -> [JournalPosition] {
    try await call { Array($0.positions.values) }
  }

  func write(
    _ offset: Int64, of partition: Int32, replacing old: JournalPosition?
  ) async throws(StoreError) -> JournalPosition? {
    try await call { contents in
      guard contents.positions[partition] == old else { return nil }
      contents.writes += 1
      let new = JournalPosition(
        partition: partition, offset: offset, token: WriteToken("w\(contents.writes)"))
      contents.positions[partition] = new
      return new
    }
  }

  func epoch() async throws(StoreError) -> Int64 { try await call { _ in 1 } }
  func chainHead() async throws(StoreError) -> ChainHead? { try await call { $0.head } }
  func write(_ head: ChainHead) async throws(StoreError) { try await call { $0.head = head } }
  func wallets() async throws(StoreError) -> [Wallet] {
    try await call { $0.wallets.values.sorted { $0.address.base58 < $1.address.base58 } }
  }

  func register(
    wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
  ) async throws(StoreError) {
    try await call { contents in
      let funds = contents.wallets[wallet]?.funds
      contents.wallets[wallet] = Wallet(
        address: wallet, routers: routers, funds: funds, updatedAt: at)
    }
  }

  func write(
    funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
  ) async throws(StoreError) {
    try await call { $0.wallets[wallet]?.funds = funds }
  }
}
