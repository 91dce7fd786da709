import Synchronization

/// When this process first saw groups pending, by a clock of its own that only goes forward: clocks
/// of several copies may disagree about how old a group is, and one that is ended too early lets
/// others reserve what its payouts are about to take.
public final class PendingSightings: Sendable {
  private let elapsed: @Sendable () -> Duration
  private let first = Mutex<[CounterID: [PayoutID: Duration]]>([:])

  /// - Parameter elapsed: Time since any fixed moment; never set, never jumps.
  public init(elapsed: @escaping @Sendable () -> Duration) { self.elapsed = elapsed }

  /// For how long each pending group of a counter has been known; those that are seen for the first
  /// time, for no time at all.
  func ages(of counter: LimitCounter) -> [PayoutID: Duration] {
    let now = elapsed()
    return first.withLock { first in
      // Nobody looks at the days before yesterday any more.
      first = first.filter { $0.key.day >= counter.id.day.advanced(days: -2) }
      let known = first[counter.id] ?? [:]
      let seen = Dictionary(
        uniqueKeysWithValues: counter.pending.keys.map { ($0, known[$0] ?? now) })
      first[counter.id] = seen.isEmpty ? nil : seen
      return seen.mapValues { now - $0 }
    }
  }
}
