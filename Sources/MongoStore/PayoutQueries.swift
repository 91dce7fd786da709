import Payouts
import Tron

// The filters of the `payouts` collection, apart from the calls, so that a test can ask the server
// which index each one uses.

extension FindQuery {
  static func payouts(
    in state: PayoutState, router: RouterType, createdBefore: UnixMilliseconds, after: PayoutID?,
    limit: Int
  ) -> FindQuery {
    FindQuery(limit: limit, sorted: true) { filter in
      filter.append("state", state)
      filter.append("request.router", router)
      filter.append("_id", ifPresent: after.map(BSONOperator.above))
      filter.append("created_at", BSONOperator.below(createdBefore))
    }
  }

  static func payout(of tenant: TenantID, idempotencyKey: String) -> FindQuery {
    FindQuery(limit: 1) { filter in
      filter.append("tenant", tenant)
      filter.append("idempotency.key", idempotencyKey)
    }
  }

  static func payout(of tenant: TenantID, clientReference: String) -> FindQuery {
    FindQuery(limit: 1) { filter in
      filter.append("tenant", tenant)
      filter.append("request.client_reference", clientReference)
    }
  }
}

/// Payouts of one revision that one statement assigns, each to a transfer of its own. The server
/// compares and sets payout by payout; a statement for each would cost it several times as much.
struct PayoutAssignmentGroup {
  // LIMIT: payouts of one statement; the server looks each one up in the list.
  static let size = 50

  private struct Kind: Hashable {
    let rev: Int64
    let isWithdrawn: Bool
  }

  private let kind: Kind
  private let members: ArraySlice<PayoutAssignment>

  /// Statements that together do what the assignments say.
  static func groups(of assignments: [PayoutAssignment]) -> [PayoutAssignmentGroup] {
    let kinds = Dictionary(grouping: assignments) { Kind(rev: $0.rev, isWithdrawn: $0.isWithdrawn) }
    return kinds.flatMap { kind, members in
      stride(from: 0, to: members.count, by: size).map { start in
        PayoutAssignmentGroup(
          kind: kind, members: members[start..<min(start + size, members.count)])
      }
    }
  }

  var filter: BSONDocument {
    BSONDocument { filter in
      // First: the development server goes by the first clause.
      filter.append("_id", BSONOperator.oneOf(members.map(\.payout)))
      filter.append("rev", kind.rev)
      filter.append("state", BSONOperator.oneOf([PayoutState.accepted, .scheduled]))
    }
  }

  /// A pipeline of one stage, since the transfer depends on the payout: it stands in the list of
  /// transfers where the payout stands in the list of payouts.
  var update: BSONDocument {
    // The driver takes a document with the key "0" for a pipeline.
    BSONDocument { pipeline in
      pipeline.append("0") { stage in
        stage.append("$set") { set in
          set.append("state", PayoutState.assigned)
          set.append("transfer_id", transfer)
          if kind.isWithdrawn { set.append("withdrawn", true) }
          let next = [BSONAny("$rev"), BSONAny(Int64(1))]
          set.append("rev", BSONOperator(name: "$add", value: next))
        }
      }
    }
  }

  private var transfer: BSONOperator<[BSONAny]> {
    func literal(_ values: some BSONWritable) -> BSONAny {
      BSONAny(BSONOperator(name: "$literal", value: values))
    }
    let place = [literal(members.map(\.payout)), BSONAny("$_id")]
    return BSONOperator(
      name: "$arrayElemAt",
      value: [
        literal(members.map(\.transfer)),
        BSONAny(BSONOperator(name: "$indexOfArray", value: place)),
      ])
  }
}

extension PayoutSettlement {
  var filter: BSONDocument {
    BSONDocument { filter in
      filter.append("_id", payout)
      filter.append("state", BSONOperator.oneOf([PayoutState.accepted, .scheduled, .assigned]))
    }
  }

  var update: BSONDocument {
    BSONDocument { update in
      update.append("$set") { set in
        set.append("state", outcome.state)
        set.append("transfer_id", transfer)
        set.append("outcome", outcome)
        set.append("settled_at", outcome.settledAt)
        if outcome.state != .paid { set.append(ReleaseMark.field, ReleaseMark.due) }
      }
      update.append("$inc") { $0.append("rev", 1) }
    }
  }
}
