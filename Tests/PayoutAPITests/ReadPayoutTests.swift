import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Reading a payout")
struct ReadPayoutTests {
  private let created = UnixMilliseconds(TestTokens.now * 1000)

  private func txid() throws -> TransactionID {
    try #require(TransactionID(hex: String(repeating: "ab", count: 32)))
  }

  private func head(_ number: Int64) throws -> ChainHead {
    let id = try #require(BlockID(hex: String(repeating: "00", count: 32)))
    let block = ChainHead.Block(number: BlockNumber(number), id: id, time: created)
    return ChainHead(
      latest: block, solidified: block, energyPrice: Sun(210), bandwidthPrice: Sun(1000),
      transferEnergy: 130_000, updatedAt: created)
  }

  /// Creates a payout, changes it in the store, and reads it.
  private func read(
    head: ChainHead? = nil,
    _ change: @Sendable (inout Payout) throws -> Transfer?
  ) async throws -> Answer {
    let api = try TestAPI()
    api.store.state.withLock { $0.head = head }
    let answer = Reference<Answer>()
    try await api.run { client in
      let id = PayoutID(try #require(try await client.post()["payout_id"]?.text))
      try api.store.state.withLock { state in
        var payout = try #require(state.payouts[id])
        if let transfer = try change(&payout) { state.transfers[transfer.id] = transfer }
        state.payouts[id] = payout
      }
      answer.value = try await client.get("\(APIClient.payouts)/\(id)")
    }
    return try #require(answer.value)
  }

  @Test("A confirmed payout tells where it stands in the chain")
  func confirmed() async throws {
    let txid = try txid()
    let answer = try await read(head: head(1019)) { payout in
      payout.state = .paid
      payout.outcome = .paid(
        Payment(
          txid: txid, blockNumber: BlockNumber(1000), blockTime: created.advanced(seconds: 3),
          fee: Sun(13_844_500), confirmedAt: created.advanced(seconds: 60)))
      return nil
    }
    #expect(answer.status == 200)
    #expect(answer["status"] == .string("confirmed"))
    #expect(answer["status_detail"] == .string("paid"))
    #expect(answer["txid"] == .string(txid.hex))
    #expect(answer["confirmations"] == .number("19"))
    #expect(answer["block_number"] == .number("1000"))
    #expect(answer["block_timestamp"] == .string("2026-01-01T00:00:03.000Z"))
    #expect(answer["fee_trx"] == .number("13.8445"))
    #expect(answer["confirmed_at"] == .string("2026-01-01T00:01:00.000Z"))
    #expect(answer["failure"] == .null)
  }

  @Test("A failed payout tells why, and whether another try could help")
  func failed() async throws {
    let txid = try txid()
    let answer = try await read { payout in
      payout.state = .failed
      payout.outcome = .failed(
        Failure(
          reason: .outOfEnergy, message: "The chain ran it out of energy", txid: txid,
          fee: Sun(1_000_000), at: created))
      return nil
    }
    #expect(answer["status"] == .string("failed"))
    #expect(answer["failure"]?["code"] == .string("LUCID_ERR_2008"))
    #expect(answer["failure"]?["message"] == .string("The chain ran it out of energy"))
    #expect(answer["failure"]?["retryable"] == .bool(true))
    #expect(answer["failure"]?["at"] == .string("2026-01-01T00:00:00.000Z"))
    #expect(answer["txid"] == .string(txid.hex))
    #expect(answer["fee_trx"] == .number("1"))
    #expect(answer["confirmed_at"] == .null)
  }

  @Test("A held payout is processing, says what is missing, and promises no time")
  func held() async throws {
    let answer = try await read { payout in
      payout.state = .assigned
      payout.transferID = TransferID("t1")
      var transfer = transfer(payout)
      transfer.state = .held
      transfer.hold = Hold(reason: .insufficientUSDT, since: created)
      return transfer
    }
    #expect(answer["status"] == .string("processing"))
    #expect(answer["status_detail"] == .string("held:insufficient_usdt"))
    #expect(answer["estimated_completion"] == .null)
    #expect(answer["failure"] == .null)
  }

  @Test("A payout that was seen in a block says so before it is solidified")
  func included() async throws {
    let txid = try txid()
    let answer = try await read(head: head(1002)) { payout in
      payout.state = .assigned
      payout.transferID = TransferID("t1")
      var transfer = transfer(payout)
      transfer.state = .armed
      var attempt = Attempt(
        number: 1, epoch: 1, owner: try TronAddress(base58: TestAPI.wallet), rawData: [],
        txid: txid, referenceBlock: BlockNumber(1), expiration: created)
      attempt.armed = true
      attempt.included = BlockNumber(1000)
      transfer.attempts = [attempt]
      return transfer
    }
    #expect(answer["status"] == .string("processing"))
    #expect(answer["status_detail"] == .string("included"))
    #expect(answer["txid"] == .string(txid.hex))
    #expect(answer["block_number"] == .number("1000"))
    #expect(answer["confirmations"] == .number("2"))
    #expect(answer["confirmed_at"] == .null)
  }

  private func transfer(_ payout: Payout) -> Transfer {
    Transfer(
      id: TransferID("t1"), members: [payout.id], recipient: payout.request.recipient,
      amount: payout.request.amount, router: .v0, lane: .normal, partition: 0, createdAt: created)
  }
}

/// Carries a value out of a closure.
final class Reference<Value>: @unchecked Sendable {
  // SAFETY: written by the closure and read after it has returned.
  var value: Value?
}

@Suite("Health")
struct HealthTests {
  @Test("It has the keys of the specification")
  func healthy() async throws {
    let api = try TestAPI()
    let head = try ChainHead.seen(at: api.clock.now())
    api.store.state.withLock { $0.head = head }
    try await api.facts.refresh()
    try await api.run { client in
      let answer = try await client.get("/api/payment/health", token: nil)
      #expect(answer.status == 200)
      #expect(answer["status"] == .string("healthy"))
      #expect(answer["service"] == .string("tron-payment-service"))
      #expect(answer["version"]?.text != nil)
      #expect(answer["timestamp"] == .string("2026-01-01T00:00:00.000Z"))
      let checks = answer["checks"]
      #expect(checks?["tron"]?["status"] == .string("healthy"))
      #expect(checks?["tron"]?["network"] == .string("devnet"))
      #expect(checks?["tron"]?["latest_block"] == .number("12345678"))
      #expect(checks?["mongo"]?["status"] == .string("healthy"))
      #expect(checks?["mongo"]?["connection"] == .string("active"))
      #expect(checks?["circuit_breaker"]?["status"] == .string("closed"))
      #expect(checks?["circuit_breaker"]?["daily_limit_remaining"] == .null)
    }
  }

  @Test("A chain that stands still is a degradation, a store that is away is more")
  func worse() async throws {
    let api = try TestAPI()
    let head = try ChainHead.seen(at: api.clock.now())
    api.store.state.withLock { $0.head = head }
    try await api.run { client in
      let unknown = try await client.get("/api/payment/health", token: nil)
      #expect(unknown.status == 503)
      try await api.facts.refresh()
      api.clock.advance(seconds: 11)
      // A reading that hangs has no fault to tell.
      let old = try await client.get("/api/payment/health", token: nil)
      #expect(old.status == 503 && old["status"] == .string("unhealthy"))
      api.clock.advance(seconds: 50)
      try await api.facts.refresh()
      let stale = try await client.get("/api/payment/health", token: nil)
      #expect(stale.status == 200)
      #expect(stale["status"] == .string("degraded"))
      #expect(stale["checks"]?["tron"]?["status"] == .string("unhealthy"))
      api.store.state.withLock {
        $0.readFault = StoreError(code: .unavailable, effect: .none, message: "away")
      }
      await #expect(throws: StoreError.self) { try await api.facts.refresh() }
      let away = try await client.get("/api/payment/health", token: nil)
      #expect(away.status == 503)
      #expect(away["status"] == .string("unhealthy"))
      #expect(away["checks"]?["mongo"]?["connection"] == .string("inactive"))
    }
  }
}
