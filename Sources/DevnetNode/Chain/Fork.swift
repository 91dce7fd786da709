import Tron

/// A switch to another branch that the operator asks for.
struct Fork: Equatable, Sendable {
  /// How many unsolidified blocks are replaced.
  var depth: Int
  /// What becomes of the affected transactions.
  var fate: Fate = .returned
  /// Which part of the transactions is affected, 0…1; the others are in the new branch in their old
  /// order.
  var probability = 1.0
  var seed: UInt64 = 1

  enum Fate: String, Sendable, CaseIterable {
    /// Back to the pool, to be mined later.
    case returned = "return"
    /// Gone from this node for good.
    case dropped = "drop"
    /// In the new branch, in another order and other blocks.
    case reordered = "reorder"
  }

  /// What was done.
  struct Outcome: Sendable {
    var replacedBlocks = 0
    var affected: [TransactionID] = []
    var events: [NodeState.Event] = []
  }
}
