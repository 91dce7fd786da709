import Synchronization

/// How many records wait to be read by the consumer loops of a process, as they measured last.
public final class Backlog: Sendable {
  private let lags = Mutex<[String: Int64]>([:])

  /// Nothing waits.
  public init() {}

  /// All of them together.
  public var records: Int64 { lags.withLock { $0.values.reduce(0, &+) } }

  /// What a loop has measured.
  func measured(_ records: Int64, of loop: String) { lags.withLock { $0[loop] = records } }
}
