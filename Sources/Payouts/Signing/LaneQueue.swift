/// Who works next: the highest lane that waits, unless a lower one was passed over too often. A pure
/// machine; at most one turn is under way, and each lane waits for at most one.
public struct LaneQueue: Sendable {
  // LIMIT: turns of others that a lane waits through at most. So each lane that has work gets one
  // turn in twelve, whatever the higher ones have.
  static let patience = 8

  private var passedOver: [Lane: Int] = [:]
  private var isBusy = false

  /// Nobody works.
  public init() {}

  /// A lane has work; whether it may begin at once. Otherwise ``left()`` names it some time.
  public mutating func arrived(_ lane: Lane) -> Bool {
    guard isBusy else {
      isBusy = true
      return true
    }
    passedOver[lane] = 0
    return false
  }

  /// A turn has ended; who begins now.
  public mutating func left() -> Lane? {
    let overdue = passedOver.filter { $0.value >= Self.patience }.max {
      ($0.value, $1.key) < ($1.value, $0.key)
    }
    guard let next = overdue?.key ?? passedOver.keys.min() else {
      isBusy = false
      return nil
    }
    passedOver[next] = nil
    for lane in passedOver.keys { passedOver[lane, default: 0] += 1 }
    return next
  }
}
