import Synchronization
import Tron

/// The node that everything shares: a ``NodeState`` behind a lock, with a clock, faults and
/// counters.
///
/// The lock is held for short computations only; blocks are rendered outside it.
public final class DevnetNode: Sendable {
  private let state: Mutex<NodeState>
  private let clock: @Sendable () -> Int64
  private let file: BlockFile?
  private let plan = Mutex(FaultPlan())
  private let calls = Mutex<[String: Int]>([:])
  private let broadcasts = Mutex<[String: Int]>([:])
  private let arrivals = Mutex<[TransactionID: Int64]>([:])
  let responses = ResponseCache()

  init(state: NodeState, file: BlockFile? = nil, clock: @escaping @Sendable () -> Int64) {
    self.state = Mutex(state)
    self.file = file
    self.clock = clock
  }

  /// Looks at the state; nothing but small values and blocks may leave.
  func read<Result: Sendable, Failure: Error>(
    _ body: (NodeState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { (state) throws(Failure) in try body(state) }
  }

  /// Changes the state, at a time of the node's own clock. The chain is changed by the methods
  /// below only, which also write it to disk.
  func update<Result: Sendable, Failure: Error>(
    _ body: (inout NodeState, _ nowMilliseconds: Int64) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let wall = clock()
    return try state.withLock { (state) throws(Failure) in
      try body(&state, state.now(wallMilliseconds: wall))
    }
  }
}

// MARK: - Chain

extension DevnetNode {
  /// Produces the block of the present slot, if production runs and it is not there yet.
  public func produceDueBlock() throws {
    try update { state, now in
      guard state.isProducing else { return }
      let slot = state.chain.schedule.slot(at: now)
      let events = try state.produce(slot: slot, nowMilliseconds: now)
      try file?.append(events)
    }
  }

  /// Time until the next slot begins.
  public func untilNextSlot() -> Duration {
    update { state, now in
      let schedule = state.chain.schedule
      let start = schedule.start(ofSlot: schedule.slot(at: now) + 1)
      return .milliseconds(max(1, start - now))
    }
  }

  /// Produces blocks at once, in the slots from now on, after skipping some time; the node's clock
  /// moves on with them.
  func produce(blocks: Int64, advanceMilliseconds: Int64) throws {
    update { state, _ in state.clockOffsetMilliseconds += advanceMilliseconds }
    for _ in 0..<blocks {
      // One lock for each block: others get their turn.
      try update { state, now in
        let schedule = state.chain.schedule
        let slot = max(schedule.slot(at: now), state.lastSlot + 1)
        let ahead = max(0, schedule.start(ofSlot: slot) - now)
        state.clockOffsetMilliseconds += ahead
        let events = try state.produce(slot: slot, nowMilliseconds: now + ahead)
        try file?.append(events)
      }
    }
  }

  /// Switches to another branch.
  func fork(_ fork: Fork) throws -> Fork.Outcome {
    try update { state, now in
      let outcome = try state.fork(fork, nowMilliseconds: now)
      try file?.append(outcome.events)
      return outcome
    }
  }
}

// MARK: - Faults and counters

extension DevnetNode {
  /// The id of the new fault, or `nil` when there are too many.
  func addFault(_ rule: FaultRule) -> Int64? {
    let now = clock()
    return plan.withLock { $0.add(rule, nowMilliseconds: now) }
  }

  /// Whether it was there.
  func removeFault(_ id: Int64) -> Bool { plan.withLock { $0.remove(id) } }

  func removeAllFaults() { plan.withLock { $0.removeAll() } }

  var faults: [FaultPlan.Summary] {
    let now = clock()
    return plan.withLock { $0.list(nowMilliseconds: now) }
  }

  /// Counts a call of a known method and decides what goes wrong with it.
  func begin(path: String) -> FaultPlan.Decision {
    let now = clock()
    calls.withLock { $0[path, default: 0] += 1 }
    return plan.withLock { $0.decide(path: path, nowMilliseconds: now) }
  }

  func count(broadcast code: BroadcastCode) {
    broadcasts.withLock { $0[code.name, default: 0] += 1 }
  }

  /// How often each path was called.
  var callCounts: [String: Int] { calls.withLock { $0 } }

  /// How often each answer to a broadcast was given.
  var broadcastCounts: [String: Int] { broadcasts.withLock { $0 } }

  // LIMIT: transactions whose arrival is remembered; later ones are not.
  private static let maximumArrivals = 100_000

  /// Remembers when a transaction was first accepted, by the wall clock.
  func arrived(_ id: TransactionID) {
    let now = clock()
    arrivals.withLock { arrivals in
      guard arrivals.count < Self.maximumArrivals, arrivals[id] == nil else { return }
      arrivals[id] = now
    }
  }

  /// When each transaction was first accepted: milliseconds since 1970.
  var firstArrivals: [TransactionID: Int64] { arrivals.withLock { $0 } }

  func resetCounters() {
    calls.withLock { $0.removeAll() }
    broadcasts.withLock { $0.removeAll() }
    arrivals.withLock { $0.removeAll() }
  }
}
