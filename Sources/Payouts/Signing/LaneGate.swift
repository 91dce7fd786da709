import Synchronization

/// Lets one lane of a Signer work at a time, in the order of a ``LaneQueue``. One at a time, too,
/// because each bulk is planned against what the bulks before it left of the wallet.
public final class LaneGate: Sendable {
  private struct State {
    var queue = LaneQueue()
    var waiting: [Lane: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  /// Nobody works.
  public init() {}

  /// Does a piece of work when it is the lane's turn. One call of a lane at a time.
  public func turn<Answer>(
    of lane: Lane, _ work: () async throws -> Answer
  ) async rethrows -> Answer {
    await enter(lane)
    defer { leave() }
    return try await work()
  }

  private func enter(_ lane: Lane) async {
    await withCheckedContinuation { continuation in
      let mayBegin = state.withLock { state in
        if state.queue.arrived(lane) { return true }
        state.waiting[lane] = continuation
        return false
      }
      if mayBegin { continuation.resume() }
    }
  }

  private func leave() {
    let next = state.withLock { state in
      state.queue.left().flatMap { state.waiting.removeValue(forKey: $0) }
    }
    next?.resume()
  }
}
