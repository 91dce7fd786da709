import Payouts
import Synchronization
import Tron

extension PeriodicTask {
  /// A task whose every run gets what the last successful one answered.
  public init<State: Sendable>(
    name: String, interval: Duration, jitter: Double = 0.1, context: LoopContext,
    signal: WakeSignal = WakeSignal(), initial: State,
    body: @escaping @Sendable (State) async throws -> State
  ) {
    let memory = Memory(initial)
    self.init(
      name: name, interval: interval, jitter: jitter, context: context, signal: signal
    ) {
      let next = try await body(memory.state.withLock { $0 })
      memory.state.withLock { $0 = next }
    }
  }

  /// A sweeper: every run is told when the last successful one began; `nil` the first time.
  public static func sweeper(
    name: String, interval: Duration, context: LoopContext, clock: any WallClock,
    signal: WakeSignal = WakeSignal(),
    sweep: @escaping @Sendable (_ previous: UnixMilliseconds?) async throws -> Void
  ) -> PeriodicTask {
    PeriodicTask(
      name: name, interval: interval, context: context, signal: signal,
      initial: UnixMilliseconds?.none
    ) { previous in
      let start = clock.now()
      try await sweep(previous)
      return start
    }
  }

  private final class Memory<State: Sendable>: Sendable {
    let state: Mutex<State>

    init(_ state: State) { self.state = Mutex(state) }
  }
}
