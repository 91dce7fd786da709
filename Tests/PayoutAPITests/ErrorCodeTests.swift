import Foundation
import HTTPTypes
import Payouts
import Synchronization
import Testing
import Tron

@testable import PayoutAPI

/// A way to get an error code over HTTP.
private struct Provocation: Sendable {
  var code: ErrorCode
  var provoke: @Sendable (TestAPI, APIClient) async throws -> Answer

  init(
    _ code: ErrorCode, _ provoke: @escaping @Sendable (TestAPI, APIClient) async throws -> Answer
  ) {
    self.code = code
    self.provoke = provoke
  }
}

@Suite("Error codes")
struct ErrorCodeTests {
  private static let provocations: [Provocation] = [
    Provocation(.invalidAddress) { _, client in
      try await client.post(APIClient.body(recipient: "nobody"))
    },
    Provocation(.circuitBreakerOpen) { _, client in
      _ = try await client.postAdmin("breaker", #"{"action":"open","reason":"r"}"#)
      return try await client.post()
    },
    Provocation(.dailyLimitExceeded) { _, client in
      try await client.post(APIClient.body(amount: "10000"))
    },
    Provocation(.invalidRouter) { _, client in
      try await client.post(APIClient.body().replacing("PayoutRouterV0", with: "Router"))
    },
    Provocation(.payoutNotFound) { _, client in
      try await client.get("\(APIClient.payouts)/payout_01kdv2g2h00000000000000000")
    },
    Provocation(.rateLimitExceeded) { _, client in
      for _ in 0..<10 { _ = try await client.post("{") }
      return try await client.post()
    },
    Provocation(.insufficientPermissions) { _, client in
      try await client.post(APIClient.body().replacing("RouterV0", with: "RouterKYC"))
    },
    Provocation(.unauthenticated) { _, client in try await client.post(token: nil) },
    Provocation(.invalidField) { _, client in try await client.post(APIClient.body(amount: "0")) },
    Provocation(.malformedJSON) { _, client in try await client.post("{") },
    Provocation(.payloadTooLarge) { _, client in
      try await client.post(String(repeating: " ", count: 256 * 1024 + 1))
    },
    Provocation(.unsupportedMediaType) { _, client in
      try await client.post(headers: [.contentType: "text/plain"])
    },
    Provocation(.notFound) { _, client in try await client.get("/nowhere") },
    Provocation(.methodNotAllowed) { _, client in try await client.call(.delete, APIClient.payouts)
    },
    Provocation(.idempotencyConflict) { _, client in
      _ = try await client.post(key: "k")
      return try await client.post(APIClient.body(amount: "6"), key: "k")
    },
    Provocation(.requestInProgress) { api, client in
      api.store.pause()
      async let first = client.post(key: "k")
      try await eventually("the first runs") { api.store.pausedCount == 1 }
      let second = try await client.post(key: "k")
      api.store.resume()
      _ = try await first
      return second
    },
    Provocation(.notCancellable) { api, client in
      let created = try await client.post()
      let id = try #require(created["payout_id"]?.text)
      api.store.state.withLock { $0.payouts[PayoutID(id)]?.state = .paid }
      return try await client.cancel(id)
    },
    Provocation(.invalidCursor) { _, client in
      try await client.get("\(APIClient.payouts)?cursor=nonsense")
    },
    Provocation(.dependencyUnavailable) { api, client in
      api.store.state.withLock {
        $0.readFault = StoreError(code: .unavailable, effect: .none, message: "away")
      }
      return try await client.post()
    },
    Provocation(.internalError) { api, client in
      try await api.facts.refresh()
      api.store.state.withLock {
        $0.readFault = StoreError(code: .corrupt, effect: .none, message: "unreadable")
      }
      return try await client.get("\(APIClient.payouts)/payout_01kdv2g2h00000000000000000")
    },
    Provocation(.requestTimeout) { _, client in
      let accept = client.accept.map { "Accept: \($0)\r\n" } ?? ""
      let head =
        "POST /api/payment/payouts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Authorization: Bearer \(TestTokens.token())\r\nContent-Length: 9\r\n\(accept)\r\n"
      let port = try #require(client.client.port)
      return try Answer(raw: try await RawConnection.exchange(port: port, [head]).text)
    },
  ]

  /// Never an answer: creation does not touch the chain, so they are told in a payout's `failure`.
  private static let neverAnswers: Set<ErrorCode> = [
    .networkError, .insufficientBalance, .transactionFailed,
  ]

  @Test("Each code can be provoked, with its status, as envelope and as RFC 9457")
  func provoked() async throws {
    for provocation in Self.provocations {
      let code = provocation.code
      let envelope = try await Self.answer(provocation, accepting: nil)
      #expect(envelope.code == code.text, "\(envelope.text)")
      #expect(envelope.status == code.status)
      try expectEnvelope(envelope)
      let problem = try await Self.answer(provocation, accepting: "application/problem+json")
      #expect(problem["code"] == .string(code.text), "\(problem.text)")
      #expect(problem.status == code.status)
      Self.expectProblem(problem)
      #expect(problem["detail"] == envelope.error?["message"])
      #expect(problem["details"] == envelope.details)
    }
    let table = Self.provocations.map(\.code) + Self.neverAnswers
    #expect(table.count == ErrorCode.allCases.count, "each code is in exactly one list")
    #expect(Set(table) == Set(ErrorCode.allCases))
  }

  private static func answer(
    _ provocation: Provocation, accepting accept: String?
  ) async throws -> Answer {
    var setup = try TestAPI()
    if provocation.code == .rateLimitExceeded { setup.rateLimiting = .local }
    if provocation.code == .dailyLimitExceeded { setup.limit(daily: 9_999) }
    setup.configuration.bodyDeadline = .milliseconds(100)
    let api = setup
    let answer = Mutex<Answer?>(nil)
    try await api.run(provocation.code == .requestTimeout ? .live : .router) { client in
      var client = client
      client.accept = accept
      let given = try await provocation.provoke(api, client)
      answer.withLock { $0 = given }
    }
    return try #require(answer.withLock { $0 })
  }

  private static func expectProblem(_ answer: Answer) {
    #expect(answer.headers[.contentType] == "application/problem+json")
    #expect(
      answer.json.members?.map(\.name) == [
        "type", "title", "status", "detail", "code", "details", "request_id", "timestamp",
      ])
    #expect(answer["status"] == .number(String(answer.status)))
  }

  @Test("With Accept: application/problem+json the same facts come as RFC 9457")
  func problem() async throws {
    try await TestAPI().run { client in
      let headers: HTTPFields = [.accept: "text/html, application/problem+json;q=0.5"]
      for answer in [
        try await client.post("{", headers: headers),
        try await client.post(token: nil, headers: headers),
        try await client.get("/nowhere", headers: headers),
        try await client.call(.delete, APIClient.payouts, headers: headers),
      ] {
        Self.expectProblem(answer)
      }
    }
  }

  @Test("docs/api.md tells the status of every code, and of no other")
  func documented() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/api.md")
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| `LUCID_ERR_") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    var documented: Set<String> = []
    for row in rows {
      for text in row[0].split(separator: ",") {
        let text = text.trimmingCharacters(in: .whitespaces).replacing("`", with: "")
        let code = try #require(ErrorCode.allCases.first { $0.text == text }, "\(text)")
        let isAnswer = !Self.neverAnswers.contains(code)
        #expect(row[1].hasPrefix(isAnswer ? String(code.status) : "–"), "\(row)")
        documented.insert(text)
      }
    }
    #expect(documented == Set(ErrorCode.allCases.map(\.text)))
  }
}
