import Tron

extension NodeState {
  /// Takes a transaction into the pool, after every check of the real node in its order.
  ///
  /// The signature is checked outside, before the node is locked; its result is looked at when its
  /// turn comes.
  mutating func broadcast(
    _ transaction: NodeTransaction, signature: Result<Void, Refusal>, nowMilliseconds: Int64
  ) throws(Refusal) {
    guard pool.count <= rules.poolLimit else { throw .busy }
    guard !transaction.decoded.contracts.isEmpty else { throw .contract("No contract!") }
    guard transaction.decoded.expiration.value >= nextSlotMilliseconds else { throw .expired }
    try signature.get()
    try validateForNextBlock(transaction)
    guard pool[transaction.id] == nil else { throw .duplicate }
    let execution = try executor.execute(transaction, on: &ledger)
    pool.append(
      Pool.Entry(
        transaction: transaction, execution: execution, acceptedMilliseconds: nowMilliseconds))
  }

  /// The checks that do not depend on accounts, against the head block.
  private func validateForNextBlock(_ transaction: NodeTransaction) throws(Refusal) {
    let decoded = transaction.decoded
    guard decoded.contracts.count == 1 else {
      throw .other("Contract size should be exactly 1, this is \(decoded.contracts.count)")
    }
    guard chain.holdsReference(of: decoded) else { throw .tapos }
    guard transaction.size + 2 * Limits.resultBytes <= Limits.transactionBytes else {
      throw .tooBig
    }
    let head = chain.head.timestamp
    guard decoded.expiration.value > head,
      decoded.expiration.value <= head.addingClamped(Limits.maximumExpirationMilliseconds)
    else { throw .expired }
    guard chain.location(transaction.id) == nil else { throw .duplicate }
  }

  /// Why a transaction could not be executed now; nothing stays of the try.
  mutating func trial(of transaction: NodeTransaction) -> Refusal? {
    let mark = ledger.mark
    do throws(Refusal) {
      _ = try executor.execute(transaction, on: &ledger)
      ledger.rollBack(to: mark)
      return nil
    } catch {
      return error
    }
  }

  /// Forgets a waiting transaction silently, or all of them, as if the pool had lost them; how many
  /// there were.
  mutating func dropFromPool(_ id: TransactionID?, nowMilliseconds: Int64) -> Int {
    let waiting = pool.takeAll()
    for entry in waiting {
      if let id, entry.transaction.id != id { pool.append(entry) }
    }
    let dropped = waiting.count - pool.count
    rebuildPendingLayer(nowMilliseconds: nowMilliseconds)
    return dropped
  }

  /// Marks the last accepted transaction to be forgotten instead of being put into a block.
  mutating func doom(_ id: TransactionID) {
    guard var entry = pool[id] else { return }
    entry.isDoomed = true
    pool.append(entry)
  }

  /// Executes edits and waiting transactions on the head again; what does not fit any more is
  /// forgotten silently.
  mutating func rebuildPendingLayer(nowMilliseconds: Int64) {
    ledger.rollBack(to: 0)
    for edit in edits { edit.apply(to: &ledger, atMilliseconds: chain.head.timestamp) }
    for entry in pool.takeAll() {
      guard !isTimedOut(entry, nowMilliseconds) else { continue }
      if let execution = tryExecuting(entry.transaction) {
        var entry = entry
        entry.execution = execution
        pool.append(entry)
      }
    }
  }

  func isTimedOut(_ entry: Pool.Entry, _ nowMilliseconds: Int64) -> Bool {
    nowMilliseconds - entry.acceptedMilliseconds > rules.poolTimeoutMilliseconds
  }

  /// `nil` when the next block cannot carry the transaction.
  mutating func tryExecuting(_ transaction: NodeTransaction) -> Execution? {
    do throws(Refusal) {
      guard transaction.decoded.expiration.value >= nextSlotMilliseconds else { return nil }
      try validateForNextBlock(transaction)
      return try executor.execute(transaction, on: &ledger)
    } catch {
      return nil
    }
  }
}
