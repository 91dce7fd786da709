import Payouts
import Tron

extension MongoStore: TransferStore {
  /// One unordered bulk; a duplicate of itself is left alone.
  public func insert(_ transfers: [Transfer]) async throws(StoreError) {
    try await run { client throws(StoreError) in
      let collection = client.collection(.transfers)
      var bulk = BulkWrite(collection)
      for transfer in transfers { try bulk.insert(BSONDocument(transfer.write(to:))) }
      let refused = try bulk.execute().refusals.map(\.index)
        .filter(transfers.indices.contains).map { transfers[$0] }
      try lookAfterWrite { () throws(StoreError) in
        try Self.checkAllPresent(refused, in: collection)
      }
    }
  }

  /// A duplicate is usually the transfer itself; one with attempts may also carry a transaction id
  /// that another transfer has, and then it is not in the store.
  private static func checkAllPresent(
    _ transfers: [Transfer], in collection: Collection
  ) throws(StoreError) {
    let ids = transfers.filter { !$0.attempts.isEmpty }.map(\.id)
    let present: [Transfer] = try collection.find("_id", among: ids)
    guard let missing = Set(ids).subtracting(present.map(\.id)).first else { return }
    throw StoreError(
      code: .server, effect: .inDoubt,
      message: "transfers \(missing): a transaction id of it belongs to another transfer")
  }

  /// Finds by `_id`, a bounded number of ids at a time.
  public func transfers(_ ids: [TransferID]) async throws(StoreError) -> [Transfer] {
    try await find(.transfers, "_id", among: ids)
  }

  /// One bulk under one fresh token. A change whose transaction id belongs to another transfer is
  /// refused by the unique index, logged, and missing from the answer like any other lost race.
  public func compareAndSet(
    _ changes: [TransferChange]
  ) async throws(StoreError) -> [Transfer] {
    guard !changes.isEmpty else { return [] }
    let write = try TransferCompareAndSet(changes)
    let outcome = try await run { client throws(StoreError) in
      try write.execute(client.collection(.transfers))
    }
    for id in outcome.transactionIDConflicts {
      logger.warning(
        "a planned transaction id belongs to another transfer; the change was left out",
        metadata: ["transfer_id": "\(id)"])
    }
    return outcome.replaced
  }

  /// Reads the index on state and id in order, merging the states.
  public func transfers(
    in states: [TransferState], partitions: [Int32]?, updatedBefore: UnixMilliseconds?,
    after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.transfers).find(
        .transfers(
          in: states, partitions: partitions, updatedBefore: updatedBefore, after: after,
          limit: limit))
    }
  }

  /// Reads the partial index of transfers that are not closed, in order.
  public func unclosed(
    partitions: [Int32], updatedBefore: UnixMilliseconds, after: TransferID?, limit: Int
  ) async throws(StoreError) -> [Transfer] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.transfers).find(
        .unclosed(
          partitions: partitions, updatedBefore: updatedBefore, after: after, limit: limit))
    }
  }

  /// One unordered bulk; transfers that have not ended are left alone.
  public func close(_ ids: [TransferID]) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.transfers))
      for id in ids {
        let ended = BSONDocument { filter in
          filter.append("_id", id)
          filter.append("state", BSONOperator.oneOf(TransferState.ended))
        }
        let closing = BSONDocument { update in update.append("$set") { $0.append("closed", true) } }
        try bulk.updateOne(ended, closing)
      }
      _ = try bulk.execute()
    }
  }

  /// Sums in the server, from the index alone.
  public func inFlight(
    router: RouterType
  ) async throws(StoreError) -> (count: Int, amount: USDTAmount) {
    let sums = try await run { client throws(StoreError) in
      try client.collection(.transfers).aggregate(InFlightSum.pipeline(router)) {
        reader throws(BSONFault) in try InFlightSum(reader)
      }
    }
    return sums.first.map { ($0.count, $0.amount) } ?? (0, .zero)
  }

  /// Counts the entries of an index that these states have.
  public func count(
    in states: [TransferState]
  ) async throws(StoreError) -> [TransferState: Int] {
    try await run { client throws(StoreError) in
      try client.collection(.transfers).count(in: states)
    }
  }
}
