import Synchronization
import Tron

/// The node that everything shares: a ``NodeState`` behind a lock, with a clock.
///
/// The lock is held for short computations only; blocks are rendered outside it.
public final class DevnetNode: Sendable {
  private let state: Mutex<NodeState>
  private let clock: @Sendable () -> Int64
  private let broadcasts = Mutex<[String: Int]>([:])
  let responses = ResponseCache()

  init(state: NodeState, clock: @escaping @Sendable () -> Int64) {
    self.state = Mutex(state)
    self.clock = clock
  }

  /// Looks at the state; nothing but small values and blocks may leave.
  func read<Result: Sendable, Failure: Error>(
    _ body: (NodeState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { (state) throws(Failure) in try body(state) }
  }

  /// Changes the state, at a time of the node's own clock.
  func update<Result: Sendable, Failure: Error>(
    _ body: (inout NodeState, _ nowMilliseconds: Int64) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let wall = clock()
    return try state.withLock { (state) throws(Failure) in
      try body(&state, state.now(wallMilliseconds: wall))
    }
  }

  func count(broadcast code: BroadcastCode) {
    broadcasts.withLock { $0[code.name, default: 0] += 1 }
  }

  /// How often each answer to a broadcast was given.
  var broadcastCounts: [String: Int] { broadcasts.withLock { $0 } }

  /// Produces the block of the present slot, if production runs and it is not there yet.
  public func produceDueBlock() throws {
    try update { state, now in
      guard state.isProducing else { return }
      let slot = state.chain.schedule.slot(at: now)
      guard slot > state.chain.schedule.slot(at: state.chain.head.timestamp) else { return }
      _ = try state.produce(slot: slot, nowMilliseconds: now)
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
}
