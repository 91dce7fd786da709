import Payouts
import Tron

extension MongoStore: FactStore {
  /// Reads the only document of `epoch`.
  public func epoch() async throws(StoreError) -> Int64 {
    guard let epoch = try await epochDocument(), epoch.journalPartitions != nil else {
      throw StoreError(
        code: .notInitialised, effect: .none,
        message: "the database has no epoch; run `payoutctl init`")
    }
    return epoch.number
  }

  /// How many partitions the journal has that this database's transfers live in; `nil` before
  /// `payoutctl init`, and in a database of an earlier version.
  public func journalPartitions() async throws(StoreError) -> Int64? {
    try await epochDocument()?.journalPartitions
  }

  private func epochDocument() async throws(StoreError) -> Epoch? {
    let epochs: [Epoch] = try await find(.epoch, "_id", among: [Epoch.documentID])
    return epochs.first
  }

  /// Reads the only document of `chain_head`.
  public func chainHead() async throws(StoreError) -> ChainHead? {
    let heads: [ChainHead] = try await find(.chainHead, "_id", among: [ChainHead.documentID])
    return heads.first
  }

  /// Replaces or inserts the only document of `chain_head`.
  public func write(_ head: ChainHead) async throws(StoreError) {
    try await upsert { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.chainHead))
      try bulk.replaceOne(
        BSONDocument { $0.append("_id", ChainHead.documentID) },
        BSONDocument(head.write(to:)), upsert: true)
      return try bulk.execute()
    }
  }

  /// Reads every wallet, by address.
  public func wallets() async throws(StoreError) -> [Wallet] {
    try await run { client throws(StoreError) in
      try client.collection(.wallets).find(FindQuery(sorted: true) { _ in })
    }
  }

  /// Takes the routers from other wallets, then gives them to this one, in one ordered bulk.
  public func register(
    wallet: TronAddress, routers: [RouterType], at: UnixMilliseconds
  ) async throws(StoreError) {
    try await upsert { client throws(StoreError) in
      // Ordered, and taken from the others first: no router ever has two wallets.
      var bulk = BulkWrite(client.collection(.wallets), ordered: true)
      try bulk.updateMany(
        BSONDocument { filter in
          filter.append("_id", BSONOperator(name: "$ne", value: wallet))
          filter.append("routers", BSONOperator.oneOf(routers))
        },
        BSONDocument { update in
          update.append("$pullAll") { $0.append("routers", routers) }
        })
      try bulk.updateOne(
        BSONDocument { $0.append("_id", wallet) },
        BSONDocument { update in
          update.append("$set") { $0.append("routers", routers) }
          update.append("$setOnInsert") { set in
            set.append("updated_at", at)
            set.append("registered_at", at)
          }
        }, upsert: true)
      return try bulk.execute()
    }
  }

  /// One update, filtered by the height of the stored funds.
  public func write(
    funds: Wallet.Funds, of wallet: TronAddress, at: UnixMilliseconds
  ) async throws(StoreError) {
    try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.wallets))
      try bulk.updateOne(
        BSONDocument { filter in
          filter.append("_id", wallet)
          // Also true of a wallet that has no funds yet.
          filter.append("funds.as_of") { $0.append("$not", BSONOperator.above(funds.asOf)) }
        },
        BSONDocument { update in
          update.append("$set") { set in
            set.append("funds", funds)
            set.append("updated_at", at)
          }
        })
      _ = try bulk.execute()
    }
  }

  /// Writes again when two clients raced to insert the same document: the second time it is there.
  func upsert(
    _ write: @escaping @Sendable (Client) throws(StoreError) -> BulkOutcome
  ) async throws(StoreError) {
    let isDone = try await run { client throws(StoreError) in
      if try write(client).refusals.isEmpty { return true }
      return try write(client).refusals.isEmpty
    }
    guard isDone else {
      throw StoreError(
        code: .unavailable, effect: .inDoubt, message: "another client inserts the same document")
    }
  }
}
