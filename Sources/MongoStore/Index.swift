import CLibmongoc
import Payouts

/// An index as `createIndexes` wants it. Which query uses which: docs/schema.md.
struct Index: BSONWritable {
  let name: String
  let keys: [StaticString]
  var isUnique = false
  /// Only documents with a text in this field are in the index.
  var whereText: StaticString?
  /// Only documents with `false` in this field are in the index.
  var whereFalse: StaticString?
  /// Only documents with `true` in this field are in the index.
  var whereTrue: StaticString?
  /// Only documents of payouts that wait for their window are in the index.
  var whereScheduled = false
  /// Only documents of urgent payouts without a transfer are in the index.
  var whereUrgent = false
  /// Whether the server removes documents when the date in the key has come.
  var expires = false

  /// The order in which windows are closed.
  static let window: [StaticString] = [
    "window_id", "request.router", "request.recipient", "_id",
  ]

  static let all: [(CollectionName, [Index])] = [
    (
      .payouts,
      [
        Index(
          name: "idempotency_key", keys: ["tenant", "idempotency.key"], isUnique: true,
          whereText: "idempotency.key"),
        Index(
          name: "client_reference", keys: ["tenant", "request.client_reference"],
          isUnique: true, whereText: "request.client_reference"),
        Index(name: "tenant", keys: ["tenant", "_id"]),
        Index(name: "tenant_state", keys: ["tenant", "state", "request.router", "_id"]),
        Index(name: "state_router", keys: ["state", "request.router", "_id"]),
        Index(name: "transfer", keys: ["transfer_id"]),
        Index(name: "release", keys: ["release", "_id"], whereText: "release"),
        Index(name: "window", keys: window, whereScheduled: true),
        Index(name: "urgent", keys: ["created_at"], whereUrgent: true),
      ]
    ),
    (
      .transfers,
      [
        Index(
          name: "attempt_txid", keys: ["attempts.txid"], isUnique: true,
          whereText: "attempts.txid"),
        Index(
          name: "state",
          keys: ["state", "_id", "partition", "updated_at", "router", "amount_micro"]),
        Index(
          name: "unclosed", keys: ["state", "_id", "partition", "updated_at"],
          whereFalse: "closed"),
        Index(name: "ended", keys: ["state", "updated_at"], whereTrue: "closed"),
      ]
    ),
    (.limits, [Index(name: "expiry", keys: ["expires_at"], expires: true)]),
    (.signerLimits, [Index(name: "expiry", keys: ["expires_at"], expires: true)]),
    (
      .kyc,
      [Index(name: "unlogged", keys: ["unlogged.kind"], whereText: "unlogged.kind")]
    ),
    (.signerLedger, [Index(name: "expiry", keys: ["expires_at"], expires: true)]),
    (.rateWindows, [Index(name: "expiry", keys: ["expires_at"], expires: true)]),
  ]

  func append(to document: borrowing BSONDocument, key: BSONKey) {
    let index = BSONDocument { index in
      index.append("name", name)
      index.append("key") { document in for key in keys { document.append(key, 1) } }
      if isUnique { index.append("unique", true) }
      if expires { index.append("expireAfterSeconds", 0) }
      // `>= ""` is true of every text and of nothing else, the empty text included.
      if let whereText {
        index.append("partialFilterExpression") { filter in
          filter.append(whereText, BSONOperator(name: "$gte", value: ""))
        }
      }
      if whereScheduled {
        index.append("partialFilterExpression") { $0.append("state", PayoutState.scheduled) }
      }
      if whereUrgent {
        index.append("partialFilterExpression") { filter in
          filter.append("state", PayoutState.accepted)
          filter.append("request.priority", Priority.urgent)
        }
      }
      if let whereFalse {
        index.append("partialFilterExpression") { $0.append(whereFalse, false) }
      }
      if let whereTrue {
        index.append("partialFilterExpression") { $0.append(whereTrue, true) }
      }
    }
    document.append(document: index, key: key)
  }

  static func creation(of indexes: [Index], on collection: CollectionName) -> BSONDocument {
    BSONDocument { command in
      command.append("createIndexes", collection.rawValue)
      command.append("indexes", indexes)
      command.append("writeConcern") { concern in
        concern.append("w", "majority")
        concern.append("wtimeout", Int(Client.majorityMilliseconds))
      }
    }
  }
}
