import Payouts
import Testing
import Tron

@testable import MongoStore

/// A batch whose payouts are `ID-0`, `ID-1` …
func sampleBatch(
  _ id: String, tenant: String = "alice", count: Int = 3, key: String? = nil,
  references: [Int: String] = [:]
) throws -> NewBatch {
  let recipient = try sampleRecipient()
  let payouts = (0..<count).map { index in
    PayoutRequest(
      recipient: recipient, amount: USDTAmount(micro: 1_000_000), reason: "r", router: .v0,
      clientReference: references[index])
  }
  let request = BatchRequest(
    payouts: payouts, totalAmount: USDTAmount(micro: Int64(count) * 1_000_000), router: .v0,
    priority: .high, batchType: .immediate)
  return NewBatch(
    id: BatchID(id), tenant: TenantID(tenant), requestID: RequestID("call"), request: request,
    ids: (0..<count).map { PayoutID("\(id)-\($0)") },
    idempotency: key.map { IdempotencyKey(key: $0, requestHash: "00ff") },
    createdAt: UnixMilliseconds(1_000), estimatedCompletion: UnixMilliseconds(91_000))
}

@Suite struct BatchStoreTests {
  @Test(arguments: [1, 100])
  func `a batch is prepared, decided and admitted`(count: Int) async throws {
    try await withDatabase { store in
      let new = try sampleBatch("b", count: count, key: "k")
      #expect(try await store.prepare(new.payouts) == .prepared)
      let prepared = try await store.payouts(new.batch.payoutIDs)
      #expect(Set(prepared) == Set(new.payouts))
      #expect(prepared.allSatisfy { $0.state == .prepared && $0.rev == 0 })

      let decision = BatchDecision.committed(new.batch)
      #expect(try await store.decide(decision, on: new.batch.id) == decision)
      #expect(try await store.decisions(on: [new.batch.id]) == [new.batch.id: decision])
      for _ in 0..<2 {
        try await store.admitPayouts(of: new.batch)
        let admitted = try await store.payouts(new.batch.payoutIDs)
        #expect(Set(admitted) == Set(new.payouts.map(\.admitted)))
      }
    }
  }

  @Test func `the first decision stands, whoever asks for another`() async throws {
    try await withDatabase { store in
      let new = try sampleBatch("b")
      let aborted = BatchDecision.aborted(at: UnixMilliseconds(5))
      #expect(try await store.decide(aborted, on: new.batch.id) == aborted)
      #expect(try await store.decide(.committed(new.batch), on: new.batch.id) == aborted)
      let later = BatchDecision.aborted(at: UnixMilliseconds(6))
      #expect(try await store.decide(later, on: new.batch.id) == aborted)
      #expect(try await store.decisions(on: []) == [:])
    }
  }

  @Test func `many who decide at once all hear the same`() async throws {
    try await withDatabase(threads: 8) { store in
      let new = try sampleBatch("b")
      let heard = try await withThrowingTaskGroup(of: BatchDecision.self) { group in
        for turn in 0..<16 {
          group.addTask {
            try await store.decide(
              turn % 2 == 0
                ? .committed(new.batch) : .aborted(at: UnixMilliseconds(Int64(turn))),
              on: new.batch.id)
          }
        }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(heard.count == 1)
    }
  }

  @Test func `preparing ends at the first duplicate, and nothing comes after it`() async throws {
    try await withDatabase { store in
      let single = try samplePayout("p1", reference: "used")
      _ = try await store.insert([single])
      let new = try sampleBatch("b", count: 4, references: [2: "used", 3: "free"])
      #expect(
        try await store.prepare(new.payouts)
          == .refused(index: 2, .duplicateReference(existing: single)))
      let found = try await store.payouts(new.batch.payoutIDs)
      #expect(Set(found.map(\.id)) == Set(new.batch.payoutIDs[..<2]))
    }
  }

  @Test func `a used key stops a batch before its first payout`() async throws {
    try await withDatabase { store in
      let first = try sampleBatch("b1", key: "k", references: [1: "r"])
      let second = try sampleBatch("b2", key: "k", references: [1: "r"])
      #expect(try await store.prepare(first.payouts) == .prepared)
      #expect(
        try await store.prepare(second.payouts)
          == .refused(index: 0, .duplicateKey(existing: first.payouts[0])))
      #expect(try await store.payouts(second.batch.payoutIDs).isEmpty)
      let single = try samplePayout("p1", key: "k")
      #expect(
        try await store.insert([single]) == [.duplicateKey(existing: first.payouts[0])])
    }
  }

  @Test func `preparing again goes on where an earlier try ended`() async throws {
    try await withDatabase { store in
      let new = try sampleBatch("b", count: 6, key: "k", references: [0: "r0", 5: "r5"])
      #expect(try await store.prepare(Array(new.payouts[..<3])) == .prepared)
      #expect(try await store.prepare(new.payouts) == .prepared)
      #expect(try await store.prepare(new.payouts) == .prepared)
      #expect(try await store.payouts(new.batch.payoutIDs).count == 6)
    }
  }

  @Test func `a late try does not touch payouts that were admitted`() async throws {
    try await withDatabase { store in
      let new = try sampleBatch("b", key: "k")
      _ = try await store.prepare(new.payouts)
      try await store.admitPayouts(of: new.batch)
      #expect(try await store.prepare(new.payouts) == .prepared)
      let found = try await store.payouts(new.batch.payoutIDs)
      #expect(found.allSatisfy { $0.state == .accepted && $0.rev == 1 })
    }
  }

  @Test func `discarding takes prepared payouts of the batch only, and frees what they held`()
    async throws
  {
    try await withDatabase { store in
      let new = try sampleBatch("b", count: 100, key: "k", references: [70: "r"])
      let other = try sampleBatch("other")
      _ = try await store.prepare(new.payouts)
      _ = try await store.prepare(other.payouts)
      try await store.assign([])
      try await store.discard(other.batch.payoutIDs, of: new.batch.id)
      #expect(try await store.payouts(other.batch.payoutIDs).count == 3)
      try await store.discard(new.batch.payoutIDs, of: new.batch.id)
      try await store.discard(new.batch.payoutIDs, of: new.batch.id)
      #expect(try await store.payouts(new.batch.payoutIDs).isEmpty)
      let again = try sampleBatch("b2", key: "k", references: [0: "r"])
      #expect(try await store.prepare(again.payouts) == .prepared)

      try await store.admitPayouts(of: other.batch)
      try await store.discard(other.batch.payoutIDs, of: other.batch.id)
      #expect(try await store.payouts(other.batch.payoutIDs).count == 3)
    }
  }

  @Test func `prepared payouts are no members of transfers and cannot be assigned`() async throws {
    try await withDatabase { store in
      let new = try sampleBatch("b")
      _ = try await store.prepare(new.payouts)
      try await store.assign(
        new.payouts.map {
          PayoutAssignment(payout: $0.id, rev: $0.rev, transfer: TransferID("t"))
        })
      let found = try await store.payouts(new.batch.payoutIDs)
      #expect(found.allSatisfy { $0.state == .prepared })
      #expect(try await store.members(of: [TransferID("t")]).isEmpty)
      let accepted = try await store.payouts(
        in: .accepted, createdBefore: UnixMilliseconds(.max), after: nil, limit: 10)
      #expect(accepted.isEmpty)
    }
  }
}
