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

  /// Reads the index of ended transfers: the failures first, and the payments only if there are any.
  public func tally(after: UnixMilliseconds) async throws(StoreError) -> TransferTally {
    try await run { client throws(StoreError) in
      let transfers = client.collection(.transfers)
      let failures = try transfers.aggregate(EndedTransfers.failures(after: after)) {
        reader throws(BSONFault) -> UnixMilliseconds in try reader.value("updated_at")
      }
      guard !failures.isEmpty else { return TransferTally() }
      let paid = try transfers.aggregate(EndedTransfers.payments(after: after)) {
        reader throws(BSONFault) -> (Int, UnixMilliseconds) in
        (try reader.value("count"), try reader.value("latest"))
      }.first
      return TransferTally(
        failed: failures.count,
        failedInARow: failures.count { failure in paid.map { failure > $0.1 } ?? true },
        paid: paid?.0 ?? 0)
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
  // LIMIT: failures that are looked at; as many as this open any breaker.
  private static let mostFailures = 1_000
  /// What the chain refused; what expired unseen says nothing of the chain.
  private static let reasons: [Failure.Reason] = [.reverted, .outOfEnergy, .executionFailed]

  static func failures(after: UnixMilliseconds) -> BSONDocument {
    pipeline([
      match(.failed, after: after),
      BSONEmbedded { stage in
        stage.append("$match") { $0.append("failure.reason", BSONOperator.oneOf(reasons)) }
      },
      BSONEmbedded { $0.append("$limit", mostFailures) },
      BSONEmbedded { stage in stage.append("$project") { $0.append("updated_at", 1) } },
    ])
  }

  static func payments(after: UnixMilliseconds) -> BSONDocument {
    pipeline([
      match(.paid, after: after),
      BSONEmbedded { stage in
        stage.append("$group") { group in
          group.append("_id", BSONNull())
          group.append("count") { $0.append("$sum", 1) }
          group.append("latest") { $0.append("$max", "$updated_at") }
        }
      },
    ])
  }

  static func filter(
    _ state: TransferState, after: UnixMilliseconds, in match: borrowing BSONDocument
  ) {
    match.append("closed", true)
    match.append("state", state)
    match.append("updated_at", BSONOperator.above(after))
  }

  private static func match(_ state: TransferState, after: UnixMilliseconds) -> BSONEmbedded {
    BSONEmbedded { stage in stage.append("$match") { filter(state, after: after, in: $0) } }
  }

  private static func pipeline(_ stages: [BSONEmbedded]) -> BSONDocument {
    BSONDocument { $0.append("pipeline", stages) }
  }
}
