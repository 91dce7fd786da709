import Logging
import Payouts
import ServiceLifecycle
import Synchronization
import Testing
import Tron

@testable import Service

@Suite(.timeLimit(.minutes(1))) struct PeriodicTaskTests {
  let health = HealthRegistry(logger: CollectingSink().logger())
  let sink = CollectingSink()

  private func context(_ clock: any LoopClock) -> LoopContext {
    LoopContext(
      health: health, watchdog: Watchdog(clock: clock), clock: clock, logger: sink.logger())
  }

  /// Runs a task whose body is told its number and ends the task by throwing nothing after `runs`.
  private func run(
    _ runs: Int, clock: InstantClock, interval: Duration, jitter: Double = 0,
    mostShare: Double? = nil,
    body: @escaping @Sendable (Int) throws -> Void
  ) async throws {
    let group = Mutex<ServiceGroup?>(nil)
    let count = Mutex(0)
    let task = PeriodicTask(
      name: "sweep", interval: interval, jitter: jitter, mostShare: mostShare,
      context: context(clock)
    ) {
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number == runs { await group.withLock { $0 }?.triggerGracefulShutdown() }
      try body(number)
      if number == runs { while !Task.isShuttingDownGracefully { await Task.yield() } }
    }
    let services = ServiceGroup(services: [task], logger: sink.logger())
    group.withLock { $0 = services }
    try await services.run()
  }

  @Test("A body runs at once and then after each interval, and ends with the process")
  func intervals() async throws {
    let clock = InstantClock()
    try await run(4, clock: clock, interval: .seconds(7)) { _ in }
    #expect(clock.sleeps.prefix(3) == [.seconds(7), .seconds(7), .seconds(7)])
    #expect(health.isReady)
  }

  @Test("After a long run the wait is longer, up to a minute: runs take their share at most")
  func share() async throws {
    let clock = InstantClock()
    try await run(4, clock: clock, interval: .seconds(5), mostShare: 0.1) { number in
      clock.advance([.milliseconds(100), .seconds(2), .seconds(30), .zero][number - 1])
    }
    #expect(clock.sleeps.prefix(3) == [.seconds(5), .seconds(18), .seconds(60)])
  }

  @Test("Settings that turn out to be wrong end the task")
  func wrongSettings() async throws {
    let faults = SettingFaults([SettingFault("NAME", "is wrong", example: "NAME=1")])
    await #expect(throws: SettingFaults.self) {
      try await run(9, clock: InstantClock(), interval: .seconds(1)) { _ in throw faults }
    }
  }

  @Test("Jitter stays within its part of the interval")
  func jitter() async throws {
    let clock = InstantClock()
    try await run(50, clock: clock, interval: .seconds(10), jitter: 0.2) { _ in }
    #expect(clock.sleeps.allSatisfy { $0 >= .seconds(8) && $0 <= .seconds(12) })
    #expect(Set(clock.sleeps).count > 10)
  }

  @Test("A run that fails makes the component not ready until one succeeds, with growing waits")
  func failures() async throws {
    let clock = InstantClock()
    let seen = Mutex<[Bool]>([])
    let health = health
    try await run(6, clock: clock, interval: .seconds(1)) { number in
      seen.withLock { $0.append(health.isReady) }
      if (2...4).contains(number) { throw StartupError("the store is away") }
    }
    #expect(seen.withLock { $0 } == [true, true, false, false, false, true])
    #expect(clock.sleeps[1] >= .milliseconds(500) && clock.sleeps[1] <= .seconds(1))
    #expect(clock.sleeps[3] >= .seconds(2) && clock.sleeps[3] <= .seconds(4))
    #expect(clock.sleeps[4] == .seconds(1))
    #expect(sink.lines.filter { $0.contains("periodic task failed") }.count == 1)
  }

  @Test("The wake-up signal runs the body at once, and a wish during a run is not lost")
  func wake() async throws {
    let signal = WakeSignal()
    let runs = Mutex(0)
    let task = PeriodicTask(
      name: "send", interval: .seconds(3600), context: context(EndlessClock()), signal: signal
    ) {
      let number = runs.withLock { runs in
        runs += 1
        return runs
      }
      if number == 2 { signal.wake() }
    }
    let running = Task { try await task.run() }
    #expect(try await eventually { runs.withLock { $0 } == 1 })
    signal.wake()
    #expect(try await eventually { runs.withLock { $0 } == 3 })
    running.cancel()
    try await running.value
    #expect(runs.withLock { $0 } == 3)
  }

  @Test("Shutdown ends the wait at once")
  func shutdown() async throws {
    let runs = Mutex(0)
    let task = PeriodicTask(
      name: "send", interval: .seconds(3600), context: context(EndlessClock())
    ) { runs.withLock { $0 += 1 } }
    let services = ServiceGroup(services: [task], logger: sink.logger())
    let running = Task { try await services.run() }
    #expect(try await eventually { runs.withLock { $0 } == 1 })
    await services.triggerGracefulShutdown()
    try await running.value
  }

  @Test("A rare task that fails is repeated soon, a frequent one not at once")
  func repetition() async throws {
    for interval in [Duration.seconds(3600), .milliseconds(1)] {
      let clock = InstantClock()
      try await run(8, clock: clock, interval: interval) { number in
        if number < 8 { throw StartupError("the store is away") }
      }
      #expect(clock.sleeps[0] >= .milliseconds(250) && clock.sleeps[6] >= .milliseconds(2500))
      #expect(clock.sleeps.prefix(7).allSatisfy { $0 <= .seconds(5) })
    }
  }

  @Test("A waiter that is cancelled leaves the signal usable")
  func signalAfterCancel() async throws {
    let signal = WakeSignal()
    let first = Task { await signal.wait() }
    first.cancel()
    await first.value
    let second = Task { await signal.wait() }
    signal.wake()
    await second.value
  }
}
