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

extension PayoutAssignment {
  var filter: BSONDocument {
    BSONDocument { filter in
      filter.append("_id", payout)
      filter.append("rev", rev)
      filter.append("state", BSONOperator.oneOf([PayoutState.accepted, .scheduled]))
    }
  }

  var update: BSONDocument {
    BSONDocument { update in
      update.append("$set") { set in
        set.append("state", PayoutState.assigned)
        set.append("transfer_id", transfer)
        if isWithdrawn { set.append("withdrawn", true) }
      }
      update.append("$inc") { $0.append("rev", 1) }
    }
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
