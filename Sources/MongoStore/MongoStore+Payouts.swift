import Payouts
import Tron

extension MongoStore: PayoutStore {
  /// One unordered bulk; the unique indexes decide, and duplicates are then read back.
  public func insert(_ payouts: [Payout]) async throws(StoreError) -> [PayoutInsertion] {
    guard !payouts.isEmpty else { return [] }
    return try await run { client throws(StoreError) in
      try PayoutInsert(client.collection(.payouts)).insert(payouts)
    }
  }

  /// Finds by `_id`, a bounded number of ids at a time.
  public func payouts(_ ids: [PayoutID]) async throws(StoreError) -> [Payout] {
    try await find(.payouts, "_id", among: ids)
  }

  /// Finds by `transfer_id`, a bounded number of ids at a time.
  public func members(of transfers: [TransferID]) async throws(StoreError) -> [Payout] {
    try await find(.payouts, "transfer_id", among: transfers)
  }

  /// One unordered bulk, each payout filtered by id, revision and an unassigned state; one statement
  /// for several of the same revision.
  public func assign(_ assignments: [PayoutAssignment]) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.payouts))
      for group in PayoutAssignmentGroup.groups(of: assignments) {
        try bulk.updateMany(group.filter, group.update)
      }
      _ = try bulk.execute()
    }
  }

  /// One unordered bulk, each update filtered by id, transfer and `assigned`.
  public func settle(_ settlements: [PayoutSettlement]) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.payouts))
      for settlement in settlements {
        try bulk.updateOne(settlement.filter, settlement.update)
      }
      _ = try bulk.execute()
    }
  }

  /// Reads the index on state, router and id in order, router by router.
  public func payouts(
    in state: PayoutState, createdBefore: UnixMilliseconds, after: PayoutID?, limit: Int
  ) async throws(StoreError) -> [Payout] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      var found: [Payout] = []
      for router in RouterType.allCases {
        found += try client.collection(.payouts).find(
          .payouts(
            in: state, router: router, createdBefore: createdBefore, after: after, limit: limit))
      }
      return Array(found.sorted { $0.id < $1.id }.prefix(limit))
    }
  }

  /// Counts the entries of an index that these states have.
  public func count(
    in states: [PayoutState]
  ) async throws(StoreError) -> [PayoutState: Int] {
    try await run { client throws(StoreError) in
      try client.collection(.payouts).count(in: states)
    }
  }
}

extension MongoStore: FirstRequestStore {
  /// Reads the unique index on tenant and key.
  public func payout(
    of tenant: TenantID, idempotencyKey: String
  ) async throws(StoreError) -> Payout? {
    try await run { client throws(StoreError) in
      let found: [Payout] = try client.collection(.payouts).find(
        .payout(of: tenant, idempotencyKey: idempotencyKey))
      return found.first
    }
  }
}
