import Glibc

/// Kills workers at moments that a seed chooses, one kind after the other, and starts each again
/// at once.
struct Killer {
  let fleet: Fleet
  let seed: UInt64
  /// How long a worker lives between two kills.
  var pauses: ClosedRange<Int> = 150...900

  func kill(times: Int) async throws {
    var random = SeededRandom(seed: seed)
    for turn in 0..<times {
      let pause = Int.random(in: pauses, using: &random)
      try await Task.sleep(for: .milliseconds(pause))
      let copies = fleet.processes(Worker.allCases[turn % Worker.allCases.count])
      // Now and then all copies at once: then nobody is left to take over.
      let all = Int.random(in: 0..<4, using: &random) == 0
      let victims = all ? copies : [copies[Int.random(in: copies.indices, using: &random)]]
      for victim in victims { try await victim.process.kill() }
      for victim in victims { try await victim.process.start() }
    }
  }
}

extension Fleet {
  /// Starts every worker that ends, until the task is cancelled. For tests in which workers kill
  /// themselves.
  func restartTheDead() async throws {
    while !Task.isCancelled {
      try await startTheKilled()
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Starts who was killed, one whose end is only noticed now as well, until all are ready.
  func reviveAll(within limit: Duration = .seconds(60)) async throws {
    try await eventually("all workers to be ready again", within: limit) {
      () async throws -> Sighting<Void> in
      try await startTheKilled()
      for worker in processes() {
        do {
          let (isReady, text) = try await worker.readiness()
          guard isReady else { return .notYet("\(worker.process.name): \(text)") }
        } catch let problem as Problem {
          return .notYet("\(worker.process.name): \(problem)")
        }
      }
      return .found(())
    }
  }

  private func startTheKilled() async throws {
    for worker in processes() where !worker.process.isRunning {
      if let ending = worker.process.ending, ending != .killed(SIGKILL) {
        throw Problem("\(worker.process.name): \(ending)")
      }
      try await worker.process.start()
    }
  }

  /// Creates payouts in waves, so that there are some in every stage for a while.
  func createInWaves(
    _ orders: [Order], prefix: String, waves: Int, pause: Duration
  ) async throws -> [PayoutView] {
    var created: [PayoutView] = []
    let size = (orders.count + waves - 1) / waves
    for wave in 0..<waves {
      let slice = Array(orders.dropFirst(wave * size).prefix(size))
      created += try await api.create(slice, prefix: "\(prefix)-\(wave)")
      try await Task.sleep(for: pause)
    }
    return created
  }
}
