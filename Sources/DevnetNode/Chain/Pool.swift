import Tron

/// Transactions that wait for a block, in order of arrival.
struct Pool: Sendable {
  /// A transaction with what it did when it was tried on the head.
  struct Entry: Sendable {
    let transaction: NodeTransaction
    var execution: Execution
    /// By the node's clock; a time-out counts from here.
    let acceptedMilliseconds: Int64
    /// A fault: will be forgotten instead of being put into the next block.
    var isDoomed = false
  }

  private var order: [TransactionID] = []
  private var entries: [TransactionID: Entry] = [:]

  var count: Int { entries.count }

  /// In order of arrival.
  var all: [Entry] { order.compactMap { entries[$0] } }

  subscript(id: TransactionID) -> Entry? { entries[id] }

  mutating func append(_ entry: Entry) {
    let id = entry.transaction.id
    if entries.updateValue(entry, forKey: id) == nil { order.append(id) }
  }

  /// Empties the pool and hands over what was in it.
  mutating func takeAll() -> [Entry] {
    let all = self.all
    order.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    return all
  }
}
