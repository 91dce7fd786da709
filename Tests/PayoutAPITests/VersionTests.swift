import HTTPTypes
import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("ETag and If-None-Match")
struct VersionTests {
  private static func conditional(_ tags: String...) -> HTTPFields {
    var headers: HTTPFields = [:]
    for tag in tags { headers.append(HTTPField(name: .ifNoneMatch, value: tag)) }
    return headers
  }

  private static func path(_ created: Answer) throws -> String {
    "\(APIClient.payouts)/\(try #require(created["payout_id"]?.text))"
  }

  @Test("Who has the version already is told so, in every form of the header")
  func known() async throws {
    var setup = try TestAPI()
    setup.rateLimiting = .local
    try await setup.run { client in
      let path = try Self.path(try await client.post())
      let first = try await client.get(path)
      let tag = try #require(first.headers[.eTag])
      #expect(tag.hasPrefix("W/\"") && tag.hasSuffix("\""))
      #expect(first.headers[.cacheControl] == "private, no-cache")
      let strong = String(tag.dropFirst(2))
      for headers in [
        Self.conditional(tag), Self.conditional(strong), Self.conditional("*"),
        Self.conditional(" * "), Self.conditional("\"a\", \(tag) ,\"b\""),
        Self.conditional("W/\"x,y\",\(strong)"), Self.conditional("\"a\"", tag),
      ] {
        let answer = try await client.get(path, headers: headers)
        #expect(answer.status == 304)
        #expect(answer.text.isEmpty && answer.headers[.contentType] == nil)
        #expect(answer.headers[.eTag] == tag)
        #expect(answer.headers[.requestID] != nil)
        #expect(answer.headers[.rateLimitLimit] == "60")
      }
      for headers in [
        Self.conditional("\"a\""), Self.conditional(""), Self.conditional("nonsense"),
        Self.conditional(String(strong.dropLast())), Self.conditional("\"*\""),
        Self.conditional(String(tag.dropLast(2)) + "\""),
      ] {
        let answer = try await client.get(path, headers: headers)
        #expect(answer.status == 200 && answer.headers[.eTag] == tag)
      }
      let head = try await client.call(
        .head, path,
        headers: [.authorization: "Bearer \(TestTokens.token())", .ifNoneMatch: tag])
      #expect(head.status == 304)
    }
  }

  @Test("What is not there has no version, and who may not see it learns nothing")
  func foreign() async throws {
    try await TestAPI().run { client in
      let path = try Self.path(try await client.post())
      let answer = try await client.get(
        path, token: TestTokens.token(subject: "eve"), headers: Self.conditional("*"))
      #expect(answer.status == 404 && answer.headers[.eTag] == nil)
      try await client.expect(401, client.get(path, token: nil, headers: Self.conditional("*")))
    }
  }

  @Test("A payout that moves on has another version; of a final one the confirmations are no news")
  func versions() throws {
    var payout = try #require(try Self.payout())
    let view = { PayoutView($0, head: BlockNumber($1)) }
    func tag(_ view: PayoutView) -> EntityTag {
      EntityTag(of: PayoutAnswer.news(view) ?? PayoutAnswer.body(view))
    }
    let accepted = tag(view(payout, 100))
    #expect(tag(view(payout, 200)) == accepted)
    payout.state = .assigned
    let assigned = tag(view(payout, 100))
    #expect(assigned != accepted)
    payout.state = .paid
    payout.outcome = .paid(
      Payment(
        txid: try #require(TransactionID(hex: String(repeating: "ab", count: 32))),
        blockNumber: BlockNumber(90), blockTime: payout.createdAt, fee: Sun(1),
        confirmedAt: payout.createdAt))
    let paid = view(payout, 100)
    let later = view(payout, 5000)
    #expect(tag(paid) != assigned)
    #expect(paid.confirmations == 10 && later.confirmations == 4910)
    #expect(tag(paid) == tag(later))
  }

  private static func payout() throws -> Payout? {
    let request = PayoutRequest(
      recipient: try TronAddress(base58: TestAPI.recipient), amount: USDTAmount(micro: 5_500_000),
      reason: "a reason", router: .v0)
    return Payout(
      id: PayoutID("payout_1"), tenant: TenantID("alice"), requestID: RequestID("r"),
      request: request, idempotency: nil, createdAt: UnixMilliseconds(1_767_225_600_000),
      estimatedCompletion: nil)
  }
}
