import Payouts
import Synchronization

/// One incarnation of a simulated process: before and after every effect it may be killed, and a
/// killed one has no effect any more.
final class SimulatedProcess: Sendable {
  enum Death { case none, beforeEffect, afterEffect }

  let turnstile: Turnstile
  /// The number under which the work in hand waits for its turn.
  @TaskLocal static var work = 0
  private let dead = Mutex(false)
  private let chance: @Sendable () -> Death

  init(turnstile: Turnstile, chance: @escaping @Sendable () -> Death) {
    self.turnstile = turnstile
    self.chance = chance
  }

  var isDead: Bool { dead.withLock { $0 } }

  /// Waits for the turn; answers whether this call is the last one, and when it dies.
  private func enter() async -> Death? {
    await turnstile.pass(Self.work)
    guard !isDead else { return nil }
    let death = chance()
    if death != .none { dead.withLock { $0 = true } }
    return death
  }

  func storeCall<Answer: Sendable>(
    _ effect: () throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    let gone = StoreError(code: .unavailable, effect: .inDoubt, message: "killed")
    switch await enter() {
    case nil, .beforeEffect: throw gone
    case .afterEffect:
      _ = try effect()
      throw gone
    case .some(.none): return try effect()
    }
  }

  func logCall(_ effect: () -> Void) async throws(LogError) {
    let gone = LogError(code: .unavailable, effect: .inDoubt, message: "killed")
    switch await enter() {
    case nil, .beforeEffect: throw gone
    case .afterEffect:
      effect()
      throw gone
    case .some(.none): effect()
    }
  }

  func chainCall() async throws(ChainError) {
    guard case .some(.none) = await enter() else {
      throw ChainError(code: .unreachable, effect: .inDoubt, message: "killed")
    }
  }
}
