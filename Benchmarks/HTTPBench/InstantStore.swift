import Payouts
import Synchronization
import Tron

/// A store that accepts everything at once and knows the last payout only.
final class InstantStore: PayoutStore, BatchStore, TransferStore, FactStore {
  private let wallet: Wallet
  private let last = Mutex<Payout?>(nil)

  init() throws {
    wallet = Wallet(
      address: try TronAddress(base58: "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"), routers: [.v0],
      updatedAt: UnixMilliseconds(0))
  }

  func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion] {
    last.withLock { $0 = payouts.last }
    return payouts.map { _ in .inserted }
  }

  /// The payout that was asked for, whatever its id.
  func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] {
    guard var payout = last.withLock({ $0 }), let id = ids.first else { return [] }
    payout.id = id
    return [payout]
  }

  func epoch() async throws(StoreError) -> Int64 { 1 }
  func chainHead() async throws(StoreError) -> ChainHead? { nil }
  func wallets() async throws(StoreError) -> [Wallet] { [wallet] }

  // What the benchmark never calls.
  func prepare(_ payouts: [Payout]) async throws(StoreError) -> BatchPreparation { .prepared }
  func decide(
    _ decision: BatchDecision, on id: BatchID
  ) async throws(StoreError) -> BatchDecision { decision }
  func decisions(
    on ids: [BatchID]
  ) async throws(StoreError) -> [BatchID: BatchDecision] { [:] }
  func admitPayouts(of batch: Batch) async throws(StoreError) {}
  func discard(_ payouts: [PayoutID], of batch: BatchID) async throws(StoreError) {}

  // What the API never calls.
  func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout] { [] }
  func assign(_ assignments: [PayoutAssignment]) async throws(StoreError) {}
  func settle(_ settlements: [PayoutSettlement]) async throws(StoreError) {}
  func payouts(
    in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] { [] }
  func count(in states: [PayoutState]) async throws(StoreError) -> [PayoutState: Int] { [:] }
  func insert(_ transfers: [Transfer]) async throws(StoreError) {}
  func transfers(_ ids: [TransferID]) async throws(StoreError) -> [Transfer] { [] }
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
  func count(in states: [TransferState]) async throws(StoreError) -> [TransferState: Int] { [:] }
  func write(_ head: ChainHead) async throws(StoreError) {}
  func register(
    wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
  ) async throws(StoreError) {}
  func write(
    funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
  ) async throws(StoreError) {}
}

/// A log that acknowledges everything at once.
struct InstantLog: LogAppender {
  func append(_ records: [OutgoingRecord]) async throws(LogError) {}
}
