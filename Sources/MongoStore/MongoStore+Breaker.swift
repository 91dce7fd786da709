import Payouts
import Tron

extension MongoStore: BreakerStore {
  /// Reads the only document of `breaker`.
  public func breaker() async throws(StoreError) -> Breaker {
    let found: [Breaker] = try await find(.breaker, "_id", among: [Breaker.documentID])
    return found.first ?? Breaker()
  }

  /// The first change inserts the document, every other one replaces it, filtered by `rev`.
  public func replace(_ old: Breaker, with new: Breaker) async throws(StoreError) -> Bool {
    try await replace(
      .breaker, BSONDocumentID(Breaker.documentID), rev: old.rev == 0 ? nil : old.rev
    ) { new.write(to: $0) }
  }

  /// Reads the index of ended transfers: the newest failures first, and all else only if there are any.
  public func tally(
    after: UnixMilliseconds, since: UnixMilliseconds, inARow: Int
  ) async throws(StoreError) -> TransferTally {
    try await run { client throws(StoreError) in
      let transfers = client.collection(.transfers)
      let newest = try transfers.aggregate(
        EndedTransfers.newestFailures(after: since, limit: inARow)
      ) { reader throws(BSONFault) -> UnixMilliseconds in try reader.value("updated_at") }
      guard !newest.isEmpty else { return TransferTally() }
      var tally = TransferTally()
      // Most often a payment came after the last failure, and one look is enough.
      for failure in newest {
        let paid = try transfers.aggregate(EndedTransfers.payment(from: failure)) {
          _ throws(BSONFault) in true
        }
        guard paid.isEmpty else { break }
        tally.failedInARow += 1
      }
      tally.failed =
        try transfers.aggregate(EndedTransfers.count(.failed, after: after)) {
          reader throws(BSONFault) -> Int in try reader.value("count")
        }.first ?? 0
      guard tally.failed > 0 else { return tally }
      tally.paid =
        try transfers.aggregate(EndedTransfers.count(.paid, after: after)) {
          reader throws(BSONFault) -> Int in try reader.value("count")
        }.first ?? 0
      return tally
    }
  }

  /// Finds by `attempts.txid`, a bounded number of transactions at a time.
  public func known(
    _ txids: [TransactionID]
  ) async throws(StoreError) -> Set<TransactionID> {
    guard !txids.isEmpty else { return [] }
    return try await run { client throws(StoreError) in
      let transfers = client.collection(.transfers)
      var known: Set<TransactionID> = []
      for start in stride(from: 0, to: txids.count, by: MongoStore.idsPerFind) {
        let some = Array(txids[start..<min(start + MongoStore.idsPerFind, txids.count)])
        let found: [Transfer] = try transfers.find(.transfers(with: some))
        known.formUnion(found.flatMap(\.attempts).map(\.txid))
      }
      return known.intersection(txids)
    }
  }
}

extension FindQuery {
  /// The lower bound says what the partial index says, so that every planner sees that it fits.
  static func transfers(with txids: [TransactionID]) -> FindQuery {
    FindQuery { filter in
      filter.append("attempts.txid") { condition in
        condition.append("$gte", "")
        condition.append("$in", txids)
      }
    }
  }
}

/// Aggregations over the transfers that have ended and are closed, by when they ended.
enum EndedTransfers {
  /// What the chain refused; what expired unseen says nothing of the chain.
  private static let reasons: [Failure.Reason] = [.reverted, .outOfEnergy, .executionFailed]

  static func newestFailures(after: UnixMilliseconds, limit: Int) -> BSONDocument {
    pipeline(
      match(.failed, BSONOperator.above(after)) + [
        BSONEmbedded { stage in stage.append("$sort") { $0.append("updated_at", -1) } },
        BSONEmbedded { $0.append("$limit", limit) },
        BSONEmbedded { stage in stage.append("$project") { $0.append("updated_at", 1) } },
      ])
  }

  /// One payment that ended at an instant or later.
  static func payment(from: UnixMilliseconds) -> BSONDocument {
    pipeline(
      match(.paid, BSONOperator(name: "$gte", value: from)) + [
        BSONEmbedded { $0.append("$limit", 1) },
        BSONEmbedded { stage in stage.append("$project") { $0.append("_id", 1) } },
      ])
  }

  static func count(_ state: TransferState, after: UnixMilliseconds) -> BSONDocument {
    pipeline(
      match(state, BSONOperator.above(after)) + [
        BSONEmbedded { stage in
          stage.append("$group") { group in
            group.append("_id", BSONNull())
            group.append("count") { $0.append("$sum", 1) }
          }
        }
      ])
  }

  static func filter(
    _ state: TransferState, _ ended: BSONOperator<UnixMilliseconds>,
    in match: borrowing BSONDocument
  ) {
    match.append("closed", true)
    match.append("state", state)
    match.append("updated_at", ended)
  }

  private static func match(
    _ state: TransferState, _ ended: BSONOperator<UnixMilliseconds>
  ) -> [BSONEmbedded] {
    let stage = BSONEmbedded { stage in
      stage.append("$match") { filter(state, ended, in: $0) }
    }
    guard state == .failed else { return [stage] }
    return [
      stage,
      BSONEmbedded { stage in
        stage.append("$match") { $0.append("failure.reason", BSONOperator.oneOf(reasons)) }
      },
    ]
  }

  private static func pipeline(_ stages: [BSONEmbedded]) -> BSONDocument {
    BSONDocument { $0.append("pipeline", stages) }
  }
}
