import Synchronization

/// Lets exactly one simulated process run at a time, from one port call to the next, in the order
/// that the driver chooses: races are explored, and one seed always explores the same ones.
final class Turnstile: Sendable {
  private struct State {
    var parked: [Int: CheckedContinuation<Void, Never>] = [:]
    var driver: CheckedContinuation<Void, Never>?
    var running = 0

    /// One stopped; the driver goes on when nobody runs any more.
    mutating func driverAfterStop() -> CheckedContinuation<Void, Never>? {
      running -= 1
      guard running == 0 else { return nil }
      defer { driver = nil }
      return driver
    }
  }

  private let state = Mutex(State())

  /// Work that waits for its turn, by number, ascending.
  var waiting: [Int] { state.withLock { $0.parked.keys.sorted() } }

  /// Called by a process before each port call.
  func pass(_ number: Int) async {
    await withCheckedContinuation { continuation in
      let driver = state.withLock { state in
        state.parked[number] = continuation
        return state.driverAfterStop()
      }
      driver?.resume()
    }
  }

  /// Starts work that first waits for its turn; returns when it waits.
  func start(
    _ number: Int, in group: inout TaskGroup<Void>, _ work: @escaping @Sendable () async -> Void
  )
    async
  {
    await withCheckedContinuation { driver in
      state.withLock {
        $0.driver = driver
        $0.running += 1
      }
      group.addTask {
        await self.pass(number)
        await work()
        self.state.withLock { $0.driverAfterStop() }?.resume()
      }
    }
  }

  /// Lets one go on; returns when it waits again or has finished.
  func step(_ number: Int) async {
    await withCheckedContinuation { driver in
      let next = state.withLock { state in
        state.driver = driver
        state.running += 1
        return state.parked.removeValue(forKey: number)
      }
      next?.resume()
    }
  }
}
