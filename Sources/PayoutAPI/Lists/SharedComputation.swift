import Payouts
import Synchronization

/// Lets callers that want the same thing at the same time wait for one computation of it, bounds how
/// many are under way, and lets a few more wait in line for a while.
final class SharedComputation<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  typealias Outcome = Result<Value, StoreError>

  /// How a caller's wait ended.
  private enum Turn: Sendable {
    /// Nobody computes it; there is room, and the caller does.
    case compute
    /// Somebody else computed it.
    case done(Outcome)
  }

  private typealias Continuation = CheckedContinuation<Turn, Never>

  private struct Waiter: Sendable {
    var number: Int
    var key: Key
    var turn: Continuation
  }

  private struct State: Sendable {
    /// Who waits for a computation that is under way.
    var joined: [Key: [Continuation]] = [:]
    /// Who waits for room, in the order in which they came.
    var line: [Waiter] = []
    var lastNumber = 0

    /// A computation ended: those who wait for it, and who is to compute next. Others in line who
    /// want the same as that one wait for it.
    mutating func ended(_ key: Key) -> (joined: [Continuation], next: Continuation?) {
      let ended = joined.removeValue(forKey: key) ?? []
      guard !line.isEmpty else { return (ended, nil) }
      let next = line.removeFirst()
      joined[next.key] = line.filter { $0.key == next.key }.map(\.turn)
      line.removeAll { $0.key == next.key }
      return (ended, next.turn)
    }
  }

  private let state = Mutex(State())
  private let maximumUnderWay: Int
  private let maximumWaiting: Int
  private let patience: @Sendable () async -> Void

  /// - Parameters:
  ///   - maximumUnderWay: How many are computed at once.
  ///   - maximumWaiting: How many callers may wait for room.
  ///   - patience: Returns when a caller has waited for room long enough, or when it is cancelled.
  init(
    maximumUnderWay: Int, maximumWaiting: Int, patience: @escaping @Sendable () async -> Void
  ) {
    self.maximumUnderWay = maximumUnderWay
    self.maximumWaiting = maximumWaiting
    self.patience = patience
  }

  /// The value: of the computation that is under way, else computed here. Whoever joins shares its
  /// failure as well. Throws `tooSlow` when there is no room in line, or none in time.
  func value(
    _ key: Key, compute: @escaping @Sendable () async throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    if case .done(let outcome) = await turn(key) { return try outcome.get() }
    // A task of its own, so that the others get their answer when this caller gives up.
    let computation = Task { () async -> Outcome in
      do throws(StoreError) { return .success(try await compute()) } catch {
        return .failure(error)
      }
    }
    let outcome = await computation.value
    let (joined, next) = state.withLock { $0.ended(key) }
    for waiter in joined { waiter.resume(returning: .done(outcome)) }
    next?.resume(returning: .compute)
    return try outcome.get()
  }

  /// How many wait for a computation that is under way; `nil` when there is none.
  func joinedCount(_ key: Key) -> Int? { state.withLock { $0.joined[key]?.count } }

  /// How many wait for room.
  var lineCount: Int { state.withLock { $0.line.count } }

  private static var tooMany: StoreError {
    StoreError(code: .tooSlow, effect: .none, message: "too many computations are under way")
  }

  private func turn(_ key: Key) async -> Turn {
    await withTaskGroup(of: Void.self) { group in
      let turn = await withCheckedContinuation { continuation in
        let (now, number) = enter(key, continuation)
        if let now { continuation.resume(returning: now) }
        if let number {
          group.addTask {
            await self.patience()
            self.gaveUp(number)
          }
        }
      }
      group.cancelAll()
      return turn
    }
  }

  /// What the caller does now, or its number in line; neither when it waits for a computation.
  private func enter(_ key: Key, _ continuation: Continuation) -> (now: Turn?, number: Int?) {
    state.withLock { state in
      if state.joined[key] != nil {
        state.joined[key]?.append(continuation)
        return (nil, nil)
      }
      if state.joined.count < maximumUnderWay {
        state.joined[key] = []
        return (.compute, nil)
      }
      guard state.line.count < maximumWaiting else {
        return (.done(.failure(Self.tooMany)), nil)
      }
      state.lastNumber += 1
      state.line.append(Waiter(number: state.lastNumber, key: key, turn: continuation))
      return (nil, state.lastNumber)
    }
  }

  /// Does nothing to who is not in line any more.
  private func gaveUp(_ number: Int) {
    let waiter = state.withLock { state in
      state.line.firstIndex { $0.number == number }.map { state.line.remove(at: $0) }
    }
    waiter?.turn.resume(returning: .done(.failure(Self.tooMany)))
  }
}
