import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

extension APIClient {
  func cancel(_ id: String, token: String = TestTokens.token()) async throws -> Answer {
    try await call(
      .post, "\(Self.payouts)/\(id)/cancel", headers: [.authorization: "Bearer \(token)"])
  }
}

@Suite("Cancelling")
struct CancelTests {
  /// What a Confirmer does when it has read the VOID records back.
  private func conclude(_ api: TestAPI) {
    api.store.state.withLock { state in
      for (id, transfer) in state.transfers where transfer.state == .voiding {
        state.transfers[id]?.state = .cancelled
        for member in transfer.members {
          state.payouts[member]?.state = .cancelled
          state.payouts[member]?.outcome = .cancelled(at: api.clock.now())
        }
      }
    }
  }

  @Test(
    "A payout without a transfer gets one that is void, and is cancelled by who reads that back")
  func payout() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let id = try #require(try await client.post()["payout_id"]?.text)
      async let answer = client.cancel(id)
      try await eventually("the record is in the journal") {
        api.log.records.contains { $0.topic == .signed }
      }
      let transfers = api.store.state.withLock { Array($0.transfers.values) }
      #expect(transfers.map(\.state) == [.voiding])
      #expect(transfers.first?.members == [PayoutID(id)])
      let record = try #require(api.log.records.last)
      #expect(record.headers.contains { $0.name == "type" && $0.value == "void" })
      #expect(record.partition == transfers.first?.partition)
      conclude(api)
      let cancelled = try await answer
      #expect(cancelled.status == 200)
      #expect(cancelled["status"] == .string("cancelled"))
      let again = try await client.cancel(id)
      #expect(again.status == 200)
      #expect(again.text == cancelled.text)
    }
    #expect(api.log.records.count { $0.topic == .signed } == 1)
  }

  @Test("What cannot be entered into the audit log is not tried")
  func unlogged() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let id = try #require(try await client.post()["payout_id"]?.text)
      api.store.state.withLock {
        $0.auditFault = StoreError(code: .unavailable, effect: .none, message: "away")
      }
      #expect(try await client.cancel(id).status == 503)
    }
    #expect(api.store.state.withLock { $0.transfers.isEmpty })
    #expect(api.store.state.withLock { $0.payouts.values.map(\.state) } == [.accepted])
    #expect(!api.log.records.contains { $0.topic == .signed })
  }

  @Test("Until somebody reads the record back the answer is 202, and repeating it is harmless")
  func underWay() async throws {
    var setup = try TestAPI()
    setup.configuration.cancelPatience = .milliseconds(50)
    let api = setup
    try await api.run { client in
      let id = try #require(try await client.post()["payout_id"]?.text)
      let answer = try await client.cancel(id)
      #expect(answer.status == 202)
      #expect(answer.headers[.retryAfter] == "1")
      #expect(answer["status"] == .string("processing"))
      #expect(answer["status_detail"] == .string("voiding"))
      conclude(api)
      #expect(try await client.cancel(id).status == 200)
    }
  }

  @Test(
    "What goes on says why",
    arguments: [
      (.planned, 1, "planned"), (.armed, 2, "planned"), (.failing, 1, "planned"),
      (.paid, 1, "paid"), (.failed, 2, "failed"),
    ] as [(TransferState, Int, String)])
  func refused(state: TransferState, members: Int, reason: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let id = try #require(try await client.post()["payout_id"]?.text)
      api.store.state.withLock { contents in
        guard let payout = contents.payouts[PayoutID(id)] else { return }
        var transfer = Transfer(
          id: TransferID("t"), members: [payout.id, PayoutID("other")].prefix(members).map { $0 },
          recipient: payout.request.recipient, amount: payout.request.amount, router: .v0,
          lane: .normal, partition: 0, createdAt: api.clock.now())
        transfer.state = state
        contents.transfers[transfer.id] = transfer
        contents.payouts[payout.id]?.transferID = transfer.id
        contents.payouts[payout.id]?.state = .assigned
      }
      let answer = try await client.cancel(id)
      #expect(answer.status == 409)
      #expect(answer.code == "LUCID_ERR_2020")
      #expect(answer.details?["reason"] == .string(reason))
      try expectEnvelope(answer)
    }
    #expect(!api.log.records.contains { $0.topic == .signed })
    #expect(api.store.state.withLock { $0.transfers.values.map(\.state) } == [state])
  }

  @Test("One of several that share a transfer is cancelled; the others are left to wait again")
  func netted() async throws {
    var setup = try TestAPI()
    setup.configuration.cancelPatience = .milliseconds(50)
    let api = setup
    let other = PayoutID("other")
    try await api.run { client in
      let id = try #require(try await client.post()["payout_id"]?.text)
      api.store.state.withLock { contents in
        guard let payout = contents.payouts[PayoutID(id)] else { return }
        let transfer = Transfer(
          id: TransferID("t"), members: [payout.id, other], recipient: payout.request.recipient,
          amount: payout.request.amount, router: .v0, lane: .normal, partition: 0,
          createdAt: api.clock.now())
        contents.transfers[transfer.id] = transfer
        contents.payouts[payout.id]?.transferID = transfer.id
        contents.payouts[payout.id]?.state = .assigned
      }
      #expect(try await client.cancel(id).status == 202)
      let transfer = api.store.state.withLock { $0.transfers[TransferID("t")] }
      #expect(transfer?.state == .voiding)
      #expect(transfer?.withdrawn == [PayoutID(id)])
      #expect(transfer?.members.contains(other) == true)
    }
  }

  @Test(
    "Somebody else's payout does not exist, except for services and admins",
    arguments: [
      ("alice", .endUser, true), ("bob", .endUser, false), ("bob", .nodeOperator, false),
      ("bob", .service, true), ("bob", .admin, true),
    ] as [(String, CallerRole, Bool)])
  func roles(tenant: String, role: CallerRole, may: Bool) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let id = try #require(try await client.post()["payout_id"]?.text)
      api.store.state.withLock { $0.payouts[PayoutID(id)]?.state = .cancelled }
      let answer = try await client.cancel(
        id, token: TestTokens.token(subject: tenant, role: role.rawValue))
      #expect(answer.status == (may ? 200 : 404))
      if !may { #expect(answer.code == "LUCID_ERR_2005") }
    }
  }

  @Test("Of a batch, what can be cancelled is; when nothing can be, it is refused")
  func batch() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let token = TestTokens.token(role: "service")
      let created = try await client.postBatch()
      let batch = try #require(created["batch_id"]?.text)
      let paid = try #require(created.payoutIDs.first)
      api.store.state.withLock { $0.payouts[paid]?.state = .paid }
      async let answer = client.cancel("batch/\(batch)", token: token)
      try await eventually("the record is in the journal") {
        api.log.records.contains { $0.topic == .signed }
      }
      conclude(api)
      let cancelled = try await answer
      #expect(cancelled.status == 200)
      #expect(cancelled["cancelled_payouts"] == .number("1"))
      #expect(cancelled["completed_payouts"] == .number("1"))
      #expect(try await client.cancel("batch/\(batch)", token: token).status == 200)
      api.store.state.withLock { state in
        for id in created.payoutIDs { state.payouts[id]?.state = .paid }
      }
      let refused = try await client.cancel("batch/\(batch)", token: token)
      #expect(refused.status == 409)
      #expect(refused.details?["reason"] == .string("none_cancellable"))
      let unknown = try await client.cancel("batch/batch_01kdv2g2h00000000000000000", token: token)
      #expect(unknown.code == "LUCID_ERR_2005")
      #expect(unknown.details?["resource"] == .string("batch"))
    }
  }

  @Test("A log that is away leaves it unknown, and a repetition finishes it")
  func logAway() async throws {
    var setup = try TestAPI()
    setup.configuration.cancelPatience = .milliseconds(50)
    let api = setup
    try await api.run { client, server in
      let id = try #require(try await client.post()["payout_id"]?.text)
      api.log.set(.failing)
      let answer = try await client.cancel(id)
      #expect(answer.status == 503)
      #expect(answer.details?["reason"] == .string("outcome_unknown"))
      try await server.auditTrail.flush()
      let entries = api.auditEntries.filter { $0.kind == .cancel }
      #expect(entries.map(\.action) == ["requested", "outcome_unknown"])
      #expect(entries.allSatisfy { $0.subjects == [id] && $0.actor.who == "alice" })
      api.log.set(.well)
      #expect(try await client.cancel(id).status == 202)
    }
    #expect(api.log.records.count { $0.topic == .signed } == 1)
  }

  @Test("The answer is the payout or the batch exactly as it is read")
  func fullModel() async throws {
    var setup = try TestAPI()
    setup.configuration.cancelPatience = .milliseconds(50)
    let api = setup
    let head = try ChainHead.seen(at: api.clock.now())
    api.store.state.withLock { $0.head = head }
    try await api.facts.refresh()
    try await api.run { client in
      let token = TestTokens.token(role: "service")
      let created = try await client.postBatch()
      let (first, other) = (created.payoutIDs[0], created.payoutIDs[1])
      api.store.state.withLock { state in
        state.payouts[first]?.state = .cancelled
        state.payouts[first]?.outcome = .cancelled(at: api.clock.now())
        state.payouts[other]?.state = .paid
      }
      let batch = try #require(created["batch_id"]?.text)
      let answer = try await client.cancel("batch/\(batch)", token: token)
      let read = try await client.getBatch(batch)
      #expect(answer.text == read.text)
      let cancelled = try await client.cancel(first.text, token: token)
      let payout = try await client.get("\(APIClient.payouts)/\(first.text)", token: token)
      #expect(cancelled.text == payout.text)
    }
  }
}
