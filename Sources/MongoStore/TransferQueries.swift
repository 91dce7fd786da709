import Payouts
import Tron

// The filters of the `transfers` collection, apart from the calls, so that a test can ask the
// server which index each one uses.

extension TransferState {
  /// The states that a transfer ends in.
  static let ended = allCases.filter { !$0.isOpen }
  /// The states whose transfers will still take money from the wallet.
  static let inFlight: [TransferState] = [.planned, .armed]
}

extension FindQuery {
  static func transfers(
    in states: [TransferState], partitions: [Int32]?, updatedBefore: UnixMilliseconds?,
    after: TransferID?, limit: Int
  ) -> FindQuery {
    FindQuery(limit: limit, sorted: true) { filter in
      filter.append("state", BSONOperator.oneOf(states))
      filter.append("_id", ifPresent: after.map(BSONOperator.above))
      filter.append("partition", ifPresent: partitions.map(BSONOperator.oneOf))
      filter.append("updated_at", ifPresent: updatedBefore.map(BSONOperator.below))
    }
  }

  static func unclosed(
    partitions: [Int32], updatedBefore: UnixMilliseconds, after: TransferID?, limit: Int
  ) -> FindQuery {
    FindQuery(limit: limit, sorted: true) { filter in
      filter.append("closed", false)
      filter.append("state", BSONOperator.oneOf(TransferState.ended))
      filter.append("_id", ifPresent: after.map(BSONOperator.above))
      filter.append("partition", BSONOperator.oneOf(partitions))
      filter.append("updated_at", BSONOperator.below(updatedBefore))
    }
  }
}

extension TransferChange {
  /// Both, because `rev` alone may repeat after the store was rolled back.
  var filter: BSONDocument {
    BSONDocument { filter in
      filter.append("_id", old.id)
      filter.append("rev", old.rev)
      filter.append("token", old.token)
    }
  }

  /// The new version as this write would leave it.
  func replacement(_ token: WriteToken) -> Transfer {
    var transfer = new
    transfer.rev = old.rev + 1
    transfer.token = token
    return transfer
  }
}

/// Sums what the wallet of a router will still move.
struct InFlightSum {
  let count: Int
  let amount: USDTAmount

  /// Filter and group touch indexed fields only.
  static func pipeline(_ router: RouterType) -> BSONDocument {
    BSONDocument { document in
      document.append(
        "pipeline",
        [
          BSONEmbedded { stage in
            stage.append("$match") { match in
              match.append("state", BSONOperator.oneOf(TransferState.inFlight))
              match.append("router", router)
            }
          },
          BSONEmbedded { stage in
            stage.append("$group") { group in
              group.append("_id", BSONNull())
              group.append("count") { $0.append("$sum", 1) }
              group.append("amount_micro") { $0.append("$sum", "$amount_micro") }
            }
          },
        ])
    }
  }

  init(_ reader: BSONReader) throws(BSONFault) {
    count = try reader.value("count")
    amount = try reader.value("amount_micro")
  }
}
