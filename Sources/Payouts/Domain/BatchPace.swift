/// How many records are taken at a time: as many as are done in a moment. So whatever comes next waits
/// for a moment only, a more urgent record as well as others who write to the same store, and a store
/// that is fast is given large bulks.
public struct BatchPace: Sendable {
  // LIMIT: what one batch may take before the next one is smaller.
  static let aim = Duration.milliseconds(250)
  // LIMIT: what is taken however long it takes: a batch has costs of its own.
  static let least = 10
  // LIMIT: what the first batch has, before anything is known.
  private static let first = 50

  private let most: Int
  /// How many to take next.
  public private(set) var limit: Int

  /// - Parameter most: however fast it goes.
  public init(most: Int) {
    self.most = most
    limit = min(most, Self.first)
  }

  /// So many were taken, and got done at once in so much time.
  public mutating func processed(_ count: Int, in duration: Duration) {
    guard count > 0 else { return }
    // A batch that is not full tells of its fixed cost at most.
    if duration > Self.aim, count * 2 >= limit {
      let fitting = Int(Double(count) * (Self.aim / duration))
      limit = min(limit, max(fitting, Self.least))
    } else if duration < Self.aim, count >= limit {
      let fitting = Double(limit) * min(2, Self.aim / max(duration, .milliseconds(1)))
      limit = min(most, max(limit + 1, Int(fitting)))
    }
  }
}
