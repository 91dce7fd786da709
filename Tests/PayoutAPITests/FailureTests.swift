import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Store and broker away")
struct FailureTests {
  private static let unreachable = StoreError(
    code: .unavailable, effect: .none, message: "secret-host:27017 refused")
  private static let inDoubt = StoreError(
    code: .unavailable, effect: .inDoubt, message: "timed out")

  @Test("A store that cannot be reached means 503, and nothing was accepted")
  func unreachable() async throws {
    let api = try TestAPI()
    try await api.run { client in
      try await api.facts.refresh()
      api.store.state.withLock { $0.insertFaults = [(Self.unreachable, isWritten: false)] }
      let answer = try await client.post(key: "k")
      #expect(answer.status == 503)
      #expect(answer.code == "LUCID_ERR_2022")
      #expect(answer.headers[.retryAfter] == "1")
      #expect(answer.details?["reason"] == .string("unreachable"))
      #expect(!answer.text.contains("secret-host"))
      try expectEnvelope(answer)
      try await client.expect(201, client.post(key: "k"))
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("A store away from the start means 503 for reads and writes")
  func fromTheStart() async throws {
    let api = try TestAPI()
    api.store.state.withLock { $0.readFault = Self.unreachable }
    try await api.run { client in
      try await client.expect(503, client.post())
      let path = "\(APIClient.payouts)/payout_01kdv2g2h00000000000000000"
      try await client.expect(503, client.get(path))
      api.store.state.withLock { $0.readFault = nil }
      try await client.expect(201, client.post())
    }
  }

  @Test("A database without an epoch admits nothing")
  func notInitialised() async throws {
    let api = try TestAPI()
    api.store.state.withLock {
      $0.readFault = StoreError(code: .notInitialised, effect: .none, message: "no epoch")
    }
    try await api.run { client in
      let answer = try await client.post()
      #expect(answer.status == 503)
      #expect(answer.details?["reason"] == .string("not_initialised"))
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test("A write in doubt is repeated until it is certain")
  func inDoubtThenCertain() async throws {
    let api = try TestAPI()
    api.store.state.withLock {
      $0.insertFaults = [(Self.inDoubt, isWritten: true), (Self.inDoubt, isWritten: false)]
    }
    try await api.run { client in try await client.expect(201, client.post()) }
    #expect(api.store.payoutCount == 1)
    #expect(api.log.records.count == 1)
  }

  @Test("A write that stays in doubt says so, and the same key finds out")
  func staysInDoubt() async throws {
    let api = try TestAPI()
    api.store.state.withLock {
      $0.insertFaults = [
        (Self.inDoubt, isWritten: true), (Self.inDoubt, isWritten: false),
        (Self.inDoubt, isWritten: false),
      ]
    }
    try await api.run { client in
      let answer = try await client.post(key: "k")
      #expect(answer.status == 503)
      #expect(answer.details?["reason"] == .string("outcome_unknown"))
      let again = try await client.post(key: "k")
      #expect(again.status == 201)
      #expect(again.headers[.idempotencyReplayed] == "true")
      #expect(answer.details?["payout_id"] == nil)
      #expect(answer.headers[.retryAfter] == "1")
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("A repetition in doubt does not name an id that was never used")
  func repetitionInDoubt() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let first = try await client.post(key: "k")
      #expect(first.status == 201)
      api.store.state.withLock {
        $0.insertFaults = Array(repeating: (Self.inDoubt, isWritten: false), count: 3)
      }
      let doubtful = try await client.post(key: "k")
      #expect(doubtful.details?["reason"] == .string("outcome_unknown"))
      #expect(doubtful.details?["payout_id"] == nil)
      let again = try await client.post(key: "k")
      #expect(again["payout_id"] == first["payout_id"])
    }
  }

  @Test("Without a key, what is in doubt is named, and nobody is told to try again")
  func inDoubtWithoutKey() async throws {
    let api = try TestAPI()
    api.store.state.withLock {
      $0.insertFaults = [
        (Self.inDoubt, isWritten: true), (Self.inDoubt, isWritten: false),
        (Self.inDoubt, isWritten: false),
      ]
    }
    try await api.run { client in
      let answer = try await client.post()
      #expect(answer.status == 503)
      #expect(answer.headers[.retryAfter] == nil)
      let id = try #require(answer.details?["payout_id"]?.text)
      #expect(try await client.get("\(APIClient.payouts)/\(id)").status == 200)
    }
  }

  @Test("A write in doubt stays so when the store is away for the next try")
  func inDoubtThenAway() async throws {
    let api = try TestAPI()
    api.store.state.withLock {
      $0.insertFaults = [(Self.inDoubt, isWritten: true), (Self.unreachable, isWritten: false)]
    }
    try await api.run { client in
      let answer = try await client.post(key: "k")
      #expect(answer.status == 503)
      #expect(answer.details?["reason"] == .string("outcome_unknown"))
    }
    #expect(api.store.payoutCount == 1)
  }

  @Test("A failed group fails every request of it, and only those")
  func failedGroup() async throws {
    let api = try TestAPI()
    try await api.run { client in
      try await api.facts.refresh()
      api.store.pause()
      api.store.state.withLock { $0.insertFaults = [(Self.unreachable, isWritten: false)] }
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<20 { group.addTask { try await client.post().status } }
        try await eventually("a group is under way") { api.store.pausedCount == 1 }
        api.store.resume()
        var statuses: [Int: Int] = [:]
        for try await status in group { statuses[status, default: 0] += 1 }
        #expect(statuses[503, default: 0] >= 1)
        #expect(statuses[201] == api.store.payoutCount)
        #expect(statuses[201, default: 0] + statuses[503, default: 0] == 20)
      }
    }
  }

  @Test("A broker that is away delays no payout beyond the bound, and the next ones not at all")
  func brokerAway() async throws {
    var api = try TestAPI()
    api.configuration.publishWait = .milliseconds(100)
    let log = api.log
    try await api.run { client in
      log.set(.silent)
      let start = ContinuousClock.now
      try await client.expect(201, client.post())
      let first = ContinuousClock.now - start
      #expect(first >= .milliseconds(100))
      for _ in 0..<20 { try await client.expect(201, client.post()) }
      // The first append still hangs and is the only one that tries.
      #expect(log.calls == 1)
      let health = try await client.get("/api/payment/health", token: nil)
      #expect(health["status"] == .string("degraded"))
      log.set(.well)
      try await eventually("the append comes through") { log.records.count == 1 }
      try await eventually("payouts are announced again") {
        let before = log.records.count
        try await client.expect(201, client.post())
        return log.records.count > before
      }
    }
    #expect(api.store.payoutCount > 21)
  }

  @Test("A broker that refuses costs no payout")
  func brokerFails() async throws {
    let api = try TestAPI()
    api.log.set(.failing)
    try await api.run { client in
      for _ in 0..<5 { try await client.expect(201, client.post()) }
    }
    #expect(api.store.payoutCount == 5)
    #expect(api.log.records.isEmpty)
  }
}
