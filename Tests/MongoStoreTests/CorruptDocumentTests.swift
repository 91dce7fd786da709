import Payouts
import Testing
import Tron

@testable import MongoStore

/// A stored document that another hand damaged is reported, never guessed at and never a crash.
@Suite struct CorruptDocumentTests {
  @Test func `damage in a payout is reported with collection, id and field`() async throws {
    try await withDatabase { store in
      _ = try await store.insert([samplePayout("p1")])
      let read = { try await store.payouts([PayoutID("p1")]) }
      try await store.updateRaw(
        .payouts, id: "p1", "$set", "request.amount_micro", BSONDouble(value: 5.5))
      #expect(try await corruption(read) == "payouts p1, field request.amount_micro: BSON type 1")
      try await store.updateRaw(.payouts, id: "p1", "$unset", "request.amount_micro", 1)
      #expect(try await corruption(read) == "payouts p1, field request.amount_micro: missing")
      try await store.updateRaw(.payouts, id: "p1", "$set", "request", "text")
      #expect(try await corruption(read) == "payouts p1, field request: BSON type 2")
    }
  }

  @Test func `damage in an attempt is reported with its place in the array`() async throws {
    try await withDatabase { store in
      try await store.insert([try fullTransfer("t1")])
      try await store.updateRaw(.transfers, id: "t1", "$set", "attempts.1.txid", "beef")
      let read = { try await store.transfers([TransferID("t1")]) }
      #expect(
        try await corruption(read)
          == "transfers t1, field attempts.1.txid: not a TransactionID")
    }
  }

  @Test func `an unknown state is reported by reads and counts`() async throws {
    try await withDatabase { store in
      try await store.insert([try sampleTransfer("t1")])
      try await store.updateRaw(.transfers, id: "t1", "$set", "state", "dreaming")
      let read = { try await store.transfers([TransferID("t1")]) }
      #expect(try await corruption(read) == "transfers t1, field state: not a TransferState")
    }
  }

  @Test func `documents that are nothing of ours are reported`() async throws {
    try await withDatabase { store in
      try await store.insertRaw(.payouts) { $0.append("_id", 5) }
      let read = { try await store.allPayouts(after: nil, limit: 5) }
      #expect(
        try await corruption(read)
          == "payouts (its _id is unreadable), field _id: BSON type 18")
      try await store.insertRaw(.epoch) { $0.append("_id", "epoch") }
      #expect(
        try await corruption { try await store.epoch() } == "epoch epoch, field epoch: missing")
    }
  }

  @Test func `a sum that is not an integer is reported`() async throws {
    try await withDatabase { store in
      try await store.insert([try sampleTransfer("t1").moved(to: .armed)])
      try await store.updateRaw(
        .transfers, id: "t1", "$set", "amount_micro", BSONDouble(value: 1.5))
      let problem = try await corruption { try await store.inFlight(router: .v0) }
      #expect(problem == "transfers aggregate, field amount_micro: BSON type 1")
    }
  }

  /// The message of the `corrupt` error that a call ends with, up to the expected type.
  private func corruption<Value>(_ call: () async throws -> Value) async throws -> String {
    do {
      _ = try await call()
    } catch let error as StoreError where error.code == .corrupt {
      #expect(error.effect == Effect.none)
      return String(error.message.prefix { $0 != "\n" }.split(separator: " instead of ")[0])
    }
    Issue.record("no error")
    return ""
  }
}
