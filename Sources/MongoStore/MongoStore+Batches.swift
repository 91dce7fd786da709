import Payouts
import Tron

extension MongoStore: BatchStore {
  /// One ordered bulk, which ends at the first duplicate.
  public func prepare(_ payouts: [Payout]) async throws(StoreError) -> BatchPreparation {
    guard !payouts.isEmpty else { return .prepared }
    return try await run { client throws(StoreError) in
      try BatchPrepare(client.collection(.payouts)).prepare(payouts)
    }
  }

  /// One insert; who comes second reads what the first one said.
  public func decide(
    _ decision: BatchDecision, on id: BatchID
  ) async throws(StoreError) -> BatchDecision {
    try await run { client throws(StoreError) in
      let collection = client.collection(.batches)
      var bulk = BulkWrite(collection)
      try bulk.insert(BSONDocument(BatchDocument(id: id, decision: decision).write(to:)))
      guard try !bulk.execute().refusals.isEmpty else { return decision }
      return try lookAfterWrite { () throws(StoreError) in
        try Looks.repeated("batches \(id): decided by what no majority has yet") {
          () throws(StoreError) in
          let known: [BatchDocument] = try collection.find("_id", among: [id])
          return known.first?.decision
        }
      }
    }
  }

  /// Finds by `_id`, a bounded number of ids at a time.
  public func decisions(
    on ids: [BatchID]
  ) async throws(StoreError) -> [BatchID: BatchDecision] {
    let found: [BatchDocument] = try await find(.batches, "_id", among: ids)
    return Dictionary(found.map { ($0.id, $0.decision) }, uniquingKeysWith: { first, _ in first })
  }

  /// One unordered bulk by id, each update filtered by batch and `prepared`.
  public func admitPayouts(of batch: Batch) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.payouts))
      for ids in batch.payoutIDs.inFindSizes {
        let update = BSONDocument { update in
          update.append("$set") { $0.append("state", batch.batchType.admittedState) }
          update.append("$inc") { $0.append("rev", 1) }
        }
        try bulk.updateMany(.prepared(ids, of: batch.id), update)
      }
      _ = try bulk.execute()
    }
  }

  /// One unordered bulk by id, each deletion filtered by batch and `prepared`.
  public func discard(
    _ payouts: [PayoutID], of batch: BatchID
  ) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.payouts))
      for ids in payouts.inFindSizes { try bulk.deleteMany(.prepared(ids, of: batch)) }
      _ = try bulk.execute()
    }
  }
}

extension BSONDocument {
  /// Payouts of a batch that nobody has admitted.
  static func prepared(_ ids: [PayoutID], of batch: BatchID) -> BSONDocument {
    BSONDocument { filter in
      filter.append("_id", BSONOperator.oneOf(ids))
      filter.append("batch_id", batch)
      filter.append("state", PayoutState.prepared)
    }
  }
}

extension [PayoutID] {
  fileprivate var inFindSizes: [[PayoutID]] {
    stride(from: 0, to: count, by: MongoStore.idsPerFind).map {
      Array(self[$0..<Swift.min($0 + MongoStore.idsPerFind, count)])
    }
  }
}

/// Inserts the payouts of a batch up to the first duplicate.
private struct BatchPrepare {
  private let collection: Collection

  /// LIMIT: a bulk that meets payouts of its own (an earlier try arrived after all) goes on behind
  /// them; more often than this means that tries are still arriving.
  private static let rounds = 4

  init(_ collection: Collection) { self.collection = collection }

  func prepare(_ payouts: [Payout]) throws(StoreError) -> BatchPreparation {
    var missing = payouts
    for _ in 0..<Self.rounds {
      var bulk = BulkWrite(collection, ordered: true)
      for payout in missing { try bulk.insert(BSONDocument(payout.write(to:))) }
      guard let refusal = try bulk.execute().refusals.first, missing.indices.contains(refusal.index)
      else { return .prepared }
      let refused = missing[refusal.index]
      let insertion = try lookAfterWrite { () throws(StoreError) in
        try PayoutInsert(collection).duplicate(of: refused)
      }
      guard insertion == .inserted else {
        return .refused(index: payouts.firstIndex { $0.id == refused.id } ?? 0, insertion)
      }
      missing = try lookAfterWrite { () throws(StoreError) in try absent(payouts) }
    }
    throw StoreError(
      code: .unavailable, effect: .inDoubt, message: "earlier tries of this insert still arrive")
  }

  private func absent(_ payouts: [Payout]) throws(StoreError) -> [Payout] {
    let present: [Payout] = try collection.find("_id", among: payouts.map(\.id))
    let ids = Set(present.map(\.id))
    return payouts.filter { !ids.contains($0.id) }
  }
}
