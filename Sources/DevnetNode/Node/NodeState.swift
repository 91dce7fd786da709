import Secp256k1
import Tron

/// A node as a value: chain, ledger, pool and the faults that bear on them. No I/O and no clock;
/// every time is given.
///
/// The ledger always stands at the head block plus the pending layer: edits that the next block
/// will carry, then the transactions of the pool in order. Producing a block rolls the layer back,
/// executes the block, and builds the layer again, as the real node does. Only the extensions of
/// this type may change what is stored here.
struct NodeState: Sendable {
  let rules: NodeRules
  let witnesses: [Witness]
  var chain: Chain
  var ledger: Ledger
  var pool = Pool()
  /// What the next block will change before its transactions.
  var edits: [LedgerEdit] = []
  /// Witnesses that miss their slots.
  var offlineWitnesses: Set<Int> = []
  /// Whether blocks are produced when their slots come.
  var isProducing = true
  /// How far the node's clock is ahead of the wall clock, after blocks were produced ahead of their
  /// time.
  var clockOffsetMilliseconds: Int64 = 0

  /// The last slot that had a block, on any branch: its witness does not produce in it again.
  var lastSlot: Int64 = 0

  /// What happened to the canonical chain, for whoever keeps it on disk.
  enum Event: Sendable {
    case appended(Block)
    case popped(count: Int)
  }

  init(genesis: Genesis, schedule: Schedule, rules: NodeRules) throws {
    self.rules = rules
    witnesses = try Witness.all(schedule.witnessCount)
    var ledger = Ledger(parameters: genesis.parameters)
    for edit in genesis.edits { edit.apply(to: &ledger, atMilliseconds: 0) }
    _ = ledger.seal()
    self.ledger = ledger
    chain = Chain(genesis: genesis.block(schedule: schedule), schedule: schedule)
  }

  var executor: Executor {
    Executor(token: rules.token, headMilliseconds: chain.head.timestamp)
  }

  /// The node's clock.
  func now(wallMilliseconds: Int64) -> Int64 {
    wallMilliseconds.addingClamped(clockOffsetMilliseconds)
  }

  /// When the block after the head is due at the earliest.
  var nextSlotMilliseconds: Int64 {
    chain.head.timestamp.addingClamped(chain.schedule.intervalMilliseconds)
  }

  /// The state at a height between the solidified block and the head; without one, the state with
  /// the pending layer.
  func view(at number: Int64?) -> LedgerView {
    guard let number else { return LedgerView(ledger) }
    return LedgerView(ledger, undos: chain.undos(after: number) + [ledger.pendingUndo])
  }
}

/// What a node is configured to do.
struct NodeRules: Sendable {
  /// Where the USDT contract lives.
  var token: Executor.TetherContract
  /// LIMIT: waiting transactions; one more is answered SERVER_BUSY.
  var poolLimit = 2000
  /// A waiting transaction is forgotten after this.
  var poolTimeoutMilliseconds: Int64 = 60_000
}
