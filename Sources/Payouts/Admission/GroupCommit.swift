/// Lets concurrent requests share one store commit: while commits are under way, those that come
/// gather, and go together as the next group.
///
/// The first of a group leads: its own task performs the commit and tells the others. No task of
/// its own, no timer: an idle system adds no delay.
public struct GroupCommit<Item: Sendable>: Sendable {
  /// What becomes of an item.
  public enum Submission {
    /// Commit it at once.
    case lead
    /// It waits for a group.
    case wait
    /// Too many wait.
    case refuse
  }

  private let maximumGroup: Int
  private let maximumUnderWay: Int
  private let capacity: Int
  private var waiting: [Item] = []
  private var underWay = 0

  /// Bounds: items of a group, groups at a time, items that wait.
  public init(maximumGroup: Int, maximumUnderWay: Int, capacity: Int) {
    self.maximumGroup = maximumGroup
    self.maximumUnderWay = maximumUnderWay
    self.capacity = capacity
  }

  /// How many wait.
  public var depth: Int { waiting.count }

  /// An item came.
  public mutating func submitted(_ item: @autoclosure () -> Item) -> Submission {
    if underWay < maximumUnderWay {
      underWay += 1
      return .lead
    }
    guard waiting.count < capacity else { return .refuse }
    waiting.append(item())
    return .wait
  }

  /// A group was committed. Answers the next one, in order of arrival; empty when nobody waits.
  public mutating func committed() -> [Item] {
    guard !waiting.isEmpty else {
      underWay -= 1
      return []
    }
    let group = Array(waiting.prefix(maximumGroup))
    waiting.removeFirst(group.count)
    return group
  }
}
