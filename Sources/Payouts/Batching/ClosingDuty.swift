import Synchronization

/// Which copy closes windows: the one that owns partition 0 of `payouts.requested`.
///
/// Only so that copies do not do the same work, and do not cut groups in two by doing it at once.
/// Nothing rests on it: during a rebalance there may be none, or, for a moment, two.
public final class ClosingDuty: Sendable {
  private static let token = TopicPartition(topic: .requested, partition: 0)
  private let owned: Mutex<Bool>

  /// - Parameter owned: whether it is ours from the start.
  public init(owned: Bool = false) { self.owned = Mutex(owned) }

  /// Whether this copy closes windows now.
  public var isOurs: Bool { owned.withLock { $0 } }

  func assigned(_ partitions: [TopicPartition]) {
    if partitions.contains(Self.token) { owned.withLock { $0 = true } }
  }

  func revoked(_ partitions: [TopicPartition]) {
    if partitions.contains(Self.token) { owned.withLock { $0 = false } }
  }
}
