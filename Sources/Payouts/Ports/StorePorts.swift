import Tron

/// What a failed call to a port means for the world; every port error says it.
public enum Effect: String, Sendable {
  /// It did not happen; safe to repeat.
  case none
  /// It will never happen, however often it is repeated.
  case refused
  /// It may have happened: look, never assume.
  case inDoubt = "in_doubt"
}

/// A store call that failed.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// Kinds of failure.
  public enum Code: String, Sendable {
    /// No server could be reached or chosen, or the answer timed out.
    case unavailable
    /// The server ended the work, as it was asked to, because it took too long.
    case tooSlow = "too_slow"
    /// The server answered with an error.
    case server
    /// A stored document cannot be read as what it should be.
    case corrupt
    /// No epoch document: `payoutctl init` was never run on this database.
    case notInitialised = "not_initialised"
  }

  /// Kind.
  public var code: Code
  /// What it means for the world.
  public var effect: Effect
  /// For logs; no document contents, no credentials.
  public var message: String

  /// Collects the parts.
  public init(code: Code, effect: Effect, message: String) {
    self.code = code
    self.effect = effect
    self.message = message
  }

  /// For logs and people.
  public var description: String { "\(code.rawValue): \(message)" }
}

/// What became of one payout of an insert.
public enum PayoutInsertion: Hashable, Sendable {
  /// It is in the store: accepted.
  case inserted
  /// The tenant used this idempotency key before, for this payout.
  case duplicateKey(existing: Payout)
  /// The tenant used this client reference before, for this payout.
  case duplicateReference(existing: Payout)
}

/// The `payouts` collection.
public protocol PayoutStore: Sendable {
  /// Inserts many in one go (majority, journaled); the answers are in the order of the arguments.
  /// An insert of an id that is already there is `.inserted` (a retry of our own write).
  func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion]
  /// Those that exist, in no order.
  func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout]
  /// Those that carry one of the transfers, in any state, in no order.
  func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout]
  /// Compare-and-set on (id, rev) of every payout: state becomes `assigned`, `transferID` is set,
  /// rev grows by one. Those that moved on are left alone.
  func assign(_ assignments: [PayoutAssignment]) async throws(StoreError)
  /// Sets the final state, outcome and transfer of every payout, whatever transfer it carries: the
  /// given one names it. Those that are final already, or not admitted, are left alone.
  func settle(_ settlements: [PayoutSettlement]) async throws(StoreError)
  /// A page of payouts in a state, created before an instant, by id, after `after`.
  func payouts(
    in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout]
  /// How many payouts are in each of these states.
  func count(
    in states: [PayoutState]
  ) async throws(StoreError) -> [PayoutState: Int]
}

/// One payout becomes a member of one transfer.
public struct PayoutAssignment: Hashable, Sendable {
  /// The payout.
  public var payout: PayoutID
  /// The revision that was read; another one means that it moved on.
  public var rev: Int64
  /// Its transfer from now on.
  public var transfer: TransferID
  /// Whether it is assigned in order to be cancelled.
  public var isWithdrawn: Bool

  /// Collects the parts.
  public init(payout: PayoutID, rev: Int64, transfer: TransferID, isWithdrawn: Bool = false) {
    self.payout = payout
    self.rev = rev
    self.transfer = transfer
    self.isWithdrawn = isWithdrawn
  }
}

/// One payout ends with its transfer.
public struct PayoutSettlement: Hashable, Sendable {
  /// The payout.
  public var payout: PayoutID
  /// The transfer that names it.
  public var transfer: TransferID
  /// How it ended; decides the state.
  public var outcome: PayoutOutcome

  /// Collects the parts.
  public init(payout: PayoutID, transfer: TransferID, outcome: PayoutOutcome) {
    self.payout = payout
    self.transfer = transfer
    self.outcome = outcome
  }
}

/// A new version of a transfer and the version that it replaces.
public struct TransferChange: Hashable, Sendable {
  /// What was read: `(rev, token)` of it must still be in the store.
  public var old: Transfer
  /// What is to be there; the store sets `rev` to the old one plus one, and `token`.
  public var new: Transfer

  /// Collects the parts.
  public init(from old: Transfer, to new: Transfer) {
    self.old = old
    self.new = new
  }
}

/// The `transfers` collection. All authority over money is the compare-and-set of one document.
public protocol TransferStore: Sendable {
  /// Inserts those that are not there yet; one that is there is left alone.
  func insert(_ transfers: [Transfer]) async throws(StoreError)
  /// Those that exist, in no order.
  func transfers(_ ids: [TransferID]) async throws(StoreError) -> [Transfer]
  /// Replaces every transfer whose (rev, token) is still the old one, each in one filter and one
  /// write; answers the new versions of those that were replaced by this call. A transfer twice
  /// in one call is a programming error.
  func compareAndSet(_ changes: [TransferChange]) async throws(StoreError) -> [Transfer]
  /// A page of transfers in any of the states, last written before an instant, by id after
  /// `after`; of these partitions only, when given.
  func transfers(
    in states: [TransferState], partitions: [Int32]?, updatedBefore: UnixMilliseconds?,
    after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer]
  /// A page of transfers that ended but are not `closed`, by id after `after`.
  func unclosed(
    partitions: [Int32], updatedBefore: UnixMilliseconds, after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer]
  /// Marks ended transfers closed; `rev` and `token` do not change.
  func close(_ ids: [TransferID]) async throws(StoreError)
  /// How much the wallet's planned and armed transfers will still move, and how many they are.
  func inFlight(
    router: RouterType
  ) async throws(StoreError) -> (count: Int, amount: USDTAmount)
  /// How many transfers are in each of these states.
  func count(
    in states: [TransferState]
  ) async throws(StoreError) -> [TransferState: Int]
}

/// The single-document facts: epoch, chain head, wallets.
public protocol FactStore: Sendable {
  /// Which generation of this database this is. Throws `notInitialised` when there is none.
  func epoch() async throws(StoreError) -> Int64
  /// The chain as the Confirmer last saw it; `nil` before the first look.
  func chainHead() async throws(StoreError) -> ChainHead?
  /// Replaces the chain head.
  func write(_ head: ChainHead) async throws(StoreError)
  /// Every registered wallet.
  func wallets() async throws(StoreError) -> [Wallet]
  /// Registers a wallet for exactly these routers; keeps the funds of one that is known.
  func register(
    wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
  ) async throws(StoreError)
  /// Sets the funds of a registered wallet, unless the stored ones are of a later block.
  func write(
    funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
  ) async throws(StoreError)
}
