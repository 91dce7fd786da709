import Synchronization

/// Ends one-shot values that take too long. One timer serves them all: a timer for each costs more
/// than what is usually waited for.
final class Deadlines<Value: Sendable>: Sendable {
  private struct Waiting {
    /// In the order of their deadlines, because all have the same bound.
    var answers: [(deadline: ContinuousClock.Instant, answer: OneShot<Value>)] = []
    var hasTimer = false
  }

  private let bound: Duration
  private let value: Value
  private let waiting = Mutex(Waiting())

  /// - Parameters:
  ///   - bound: How long an answer may take.
  ///   - value: What the answer is then.
  init(bound: Duration, value: Value) {
    self.bound = bound
    self.value = value
  }

  /// Gives the answer its value when the time is over and it has none.
  func watch(_ answer: OneShot<Value>) {
    let deadline = ContinuousClock.now + bound
    let needsTimer = waiting.withLock { waiting in
      waiting.answers.append((deadline, answer))
      defer { waiting.hasTimer = true }
      return !waiting.hasTimer
    }
    if needsTimer { Task { await run(until: deadline) } }
  }

  /// Sleeps from deadline to deadline as long as there is one.
  private func run(until first: ContinuousClock.Instant) async {
    var next: ContinuousClock.Instant? = first
    while let deadline = next {
      do {
        try await ContinuousClock().sleep(until: deadline)
      } catch {
        // Nobody cancels this task; if somebody did, what waits would be ended at once.
      }
      let overdue: [OneShot<Value>]
      (overdue, next) = takeOverdue(now: max(.now, deadline))
      for answer in overdue { answer.end(value) }
    }
  }

  private func takeOverdue(
    now: ContinuousClock.Instant
  ) -> ([OneShot<Value>], next: ContinuousClock.Instant?) {
    waiting.withLock { waiting in
      let count = waiting.answers.prefix { $0.deadline <= now }.count
      let overdue = waiting.answers.prefix(count).map(\.answer)
      waiting.answers.removeFirst(count)
      let next = waiting.answers.first?.deadline
      waiting.hasTimer = next != nil
      return (overdue, next)
    }
  }
}
