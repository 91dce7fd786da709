import Synchronization
import Tron

@testable import Payouts

/// The store, the log and the observer of a Confirmer under test, in memory.
final class ConfirmerFakes: PayoutStore, TransferStore, FactStore, LogAppender, StageObserver,
  WallClock, WindowStore, JournalPositionStore
{
  struct Contents {
    var transfers: [TransferID: Transfer] = [:]
    var wallets: [Wallet] = []
    var head: ChainHead?
    var records: [OutgoingRecord] = []
    var events: [StageEvent] = []
    /// How many transfers each write changed.
    var writes: [Int] = []
  }

  let contents = Mutex(Contents())

  /// The nodes that were said to be at fault.
  var faulty: Set<String> {
    contents.withLock { contents in
      Set(contents.events.compactMap { if case .nodeFault(let node, _) = $0 { node } else { nil } })
    }
  }

  func now() -> UnixMilliseconds { TestChain.time(1_000) }
  func observe(_ event: StageEvent) { contents.withLock { $0.events.append(event) } }
  func append(_ records: [OutgoingRecord]) async throws(LogError) {
    contents.withLock { $0.records += records }
  }

  func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion] { [] }
  func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] { [] }
  func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout] { [] }
  func assign(_ assignments: [PayoutAssignment]) async throws(StoreError) {}
  func settle(_ settlements: [PayoutSettlement]) async throws(StoreError) {}
  func payouts(
    in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] { [] }
  func count(
    in states: [PayoutState]
  ) async throws(StoreError) -> [PayoutState: Int] { [:] }

  func insert(_ transfers: [Transfer]) async throws(StoreError) {
    contents.withLock { for transfer in transfers { $0.transfers[transfer.id] = transfer } }
  }
  func transfers(_ ids: [TransferID]) async throws(StoreError) -> [Transfer] {
    contents.withLock { contents in ids.compactMap { contents.transfers[$0] } }
  }
  func compareAndSet(_ changes: [TransferChange]) async throws(StoreError) -> [Transfer] {
    contents.withLock { contents in
      contents.writes.append(changes.count)
      return changes.compactMap { change in
        guard contents.transfers[change.old.id]?.rev == change.old.rev else { return nil }
        var new = change.new
        new.rev += 1
        contents.transfers[new.id] = new
        return new
      }
    }
  }
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

  func scheduled(
    endingBy instant: UnixMilliseconds?, after: ScheduledPosition?, limit: Int
  ) async throws(StoreError) -> [Payout] { [] }
  func release(_ releases: [PayoutRelease]) async throws(StoreError) {}
  func journalPositions() async throws(StoreError) -> [JournalPosition] { [] }
  func write(
    _ offset: Int64, of partition: Int32, replacing old: JournalPosition?
  ) async throws(StoreError) -> JournalPosition? { nil }

  func epoch() async throws(StoreError) -> Int64 { 1 }
  func chainHead() async throws(StoreError) -> ChainHead? { contents.withLock { $0.head } }
  func write(_ head: ChainHead) async throws(StoreError) { contents.withLock { $0.head = head } }
  func wallets() async throws(StoreError) -> [Wallet] { contents.withLock { $0.wallets } }
  func register(
    wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
  ) async throws(StoreError) {}
  func write(
    funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
  ) async throws(StoreError) {
    contents.withLock { contents in
      for index in contents.wallets.indices where contents.wallets[index].address == wallet {
        contents.wallets[index].funds = funds
      }
    }
  }
}

/// A Confirmer with one armed transfer of 5 USDT, whose attempt refers to block 10 and expires
/// exactly with block 15.
struct JudgedWorld {
  let fakes = ConfirmerFakes()
  let context: ConfirmerContext
  let nodes: [ScriptedSolidity]
  let wallet: TronAddress
  let contract: TronAddress
  private(set) var transfer: Transfer

  var attempt: Attempt { transfer.attempts[0] }

  /// The transfer as the store has it now.
  var stored: Transfer? { fakes.contents.withLock { $0.transfers[transfer.id] } }

  init(nodes count: Int, deathProofNodes: Int) throws {
    wallet = try TestChain.account(1)
    contract = try TestChain.account(9)
    context = ConfirmerContext(
      store: fakes, log: fakes, clock: fakes, observer: fakes, failpoints: NoFailpoints(),
      policy: ConfirmingPolicy(contract: contract, deathProofNodes: deathProofNodes))
    nodes = (0..<count).map {
      ScriptedSolidity("node-\($0)", .init(blocks: (8...20).map { TestChain.block($0) }))
    }
    transfer = try Self.transfer("transfer-0", wallet, contract)
    let transfer = transfer
    fakes.contents.withLock { $0.transfers[transfer.id] = transfer }
    context.state.with { contents in
      contents.journals[0] = JournalMemory()
      contents.wallets = [wallet]
      contents.watch.update(transfer)
    }
  }

  static func transfer(
    _ id: String, _ wallet: TronAddress, _ contract: TronAddress, micro: Int64 = 5_000_000
  ) throws -> Transfer {
    var transfer = Transfer(
      id: TransferID(id), members: [PayoutID("payout of \(id)")],
      recipient: try TestChain.account(2), amount: USDTAmount(micro: micro), router: .v0,
      lane: .normal, partition: 0, createdAt: TestChain.time(0))
    transfer.attempts = [
      try TestChain.attempt(
        of: transfer, owner: wallet, contract: contract, expiration: TestChain.time(15))
    ]
    transfer.attempts[0].armed = true
    transfer.attempts[0].signature = [UInt8](repeating: 7, count: 65)
    transfer.nextAttempt = 2
    transfer.state = .armed
    return transfer
  }

  /// More transfers like the first one, each of another amount.
  func watch(more count: Int64) throws {
    for number in 1...count {
      let transfer = try Self.transfer("transfer-\(number)", wallet, contract, micro: number)
      fakes.contents.withLock { $0.transfers[transfer.id] = transfer }
      context.state.with { $0.watch.update(transfer) }
    }
  }

  /// Lets every node be read, then judges once.
  func judge() async throws {
    for node in nodes where !node.script.withLock({ $0.failsHead }) {
      _ = try await SolidityWatch(context: context, node: node).advance()
    }
    try await Judge(context: context, nodes: nodes).judge()
  }

  /// The event of the expected transfer.
  func event(micro: Int64 = 5_000_000) throws -> ContractLog {
    TransferEvent(
      contract: contract, sender: wallet, recipient: try TestChain.account(2),
      value: UInt256(UInt64(micro))
    ).log
  }

  func receipt(
    _ result: String?, _ receiptResult: String?, _ logs: [ContractLog], block: Int64 = 12
  ) -> ChainReceipt {
    ChainReceipt(
      txid: attempt.txid, blockNumber: BlockNumber(block), blockTime: TestChain.time(block),
      fee: Sun(345_000), result: result, receiptResult: receiptResult, energyUsed: 65_000,
      logs: logs)
  }
}
