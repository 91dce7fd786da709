/// The lane of a transfer: each is a topic, and the Signer takes from the highest that has work.
public enum Lane: String, Codable, CaseIterable, Sendable {
  case urgent, high, normal, low
}

extension Lane {
  /// The consumer group that reads the lane's topic: one for each, so that records of one lane are
  /// never read behind those of another.
  public var group: String { "signer.\(rawValue)" }
}

extension Lane: Comparable {
  /// The more urgent lane is the smaller one.
  public static func < (left: Lane, right: Lane) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .urgent: 0
    case .high: 1
    case .normal: 2
    case .low: 3
    }
  }
}
