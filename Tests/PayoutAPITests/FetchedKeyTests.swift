import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Payouts
import Service
import Testing

@testable import PayoutAPI

@Suite("Keys fetched from a URL")
struct FetchedKeyTests {
  /// The API with keys from a server; nothing is fetched yet.
  private static func run(
    _ server: KeyServer, pause: Duration = .zero, withSecret: Bool = false,
    _ body: @Sendable (APIClient, PayoutServer, TestAPI) async throws -> Void
  ) async throws {
    var api = try TestAPI()
    api.credentials.jwksURL = server.url
    api.configuration.unknownKeyPause = pause
    if !withSecret { api.credentials.hs256Secret = nil }
    let payouts = try await api.server()
    let setup = api
    try await payouts.application.test(.router) { client in
      try await body(APIClient(client: client), payouts, setup)
    }
    try await server.stop()
  }

  private static func refresh(_ server: PayoutServer) async throws {
    let refresh = try #require(server.refreshKeys)
    try await refresh()
  }

  private static func reason(_ answer: Answer) -> String? { answer.details?["reason"]?.text }

  @Test("Every kind of key is fetched and accepted, and asked for once")
  func fetched() async throws {
    let keys = try await TestKeys()
    let server = KeyServer(.publishing(keys.document))
    try await server.start()
    try await Self.run(server, pause: .seconds(10)) { client, payouts, _ in
      try await Self.refresh(payouts)
      for kid in ["ec", "ed", "rsa"] {
        try await client.expect(201, client.post(token: keys.token(kid)))
      }
      for _ in 0..<20 {
        let answer = try await client.post(token: keys.token("other"))
        #expect(Self.reason(answer) == "unknown_key")
      }
      #expect(server.requests == 1, "an unknown key does not make us ask again so soon")
    }
  }

  @Test("A key that was published just now is found when a token names it, by one request")
  func rotated() async throws {
    let keys = try await TestKeys()
    let server = KeyServer(.publishing(keys.document))
    try await server.start()
    try await Self.run(server, pause: .milliseconds(300)) { client, payouts, _ in
      try await Self.refresh(payouts)
      server.set(.publishing(keys.nextDocument))
      let token = try await keys.token("other")
      try await eventually("the new key is accepted") {
        try await client.post(token: token).status == 201
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 {
          group.addTask { try await client.expect(201, client.post(token: token)) }
        }
        try await group.waitForAll()
      }
      #expect(server.requests == 2)
      // What is published no longer is accepted no longer.
      let answer = try await client.post(token: keys.token("ec"))
      #expect(Self.reason(answer) == "unknown_key")
    }
  }

  @Test(
    "A server that is away, or answers nonsense, leaves the last good keys",
    arguments: [
      .status(500), .status(404), .publishing(""), .publishing("<html>"), .publishing("{}"),
      .publishing(#"{"keys":[]}"#), .publishing(#"{"keys":[{"kty":"oct","k":"eA"}]}"#),
      .publishing(String(repeating: " ", count: 1 << 21)), .endless,
      .redirecting(to: "http://127.0.0.1:1/keys"),
    ] as [KeyServer.Mood])
  func kept(mood: KeyServer.Mood) async throws {
    let keys = try await TestKeys()
    let server = KeyServer(.publishing(keys.document))
    try await server.start()
    try await Self.run(server) { client, payouts, _ in
      try await Self.refresh(payouts)
      server.set(mood)
      try await Self.refresh(payouts)
      try await client.expect(201, client.post(token: keys.token("rsa")))
      let answer = try await client.post(token: keys.token("other"))
      #expect(Self.reason(answer) == "unknown_key")
      #expect(server.requests >= 3)
    }
  }

  @Test("A redirect is not followed, although keys are there")
  func redirected() async throws {
    let keys = try await TestKeys()
    let real = KeyServer(.publishing(keys.document))
    try await real.start()
    let server = KeyServer(.redirecting(to: real.url))
    try await server.start()
    try await Self.run(server) { client, payouts, _ in
      await #expect(throws: TokenKeysFault.self) { try await Self.refresh(payouts) }
      try await client.expect(503, client.post(token: keys.token("ec")))
    }
    #expect(real.requests == 0)
    try await real.stop()
  }

  @Test("Without keys yet, tokens cannot be judged; when the server is there, they are")
  func downAtStart() async throws {
    let keys = try await TestKeys()
    let server = KeyServer(.publishing(keys.document))
    try await server.start()
    try await server.stop()
    try await Self.run(server) { client, payouts, _ in
      await #expect(throws: TokenKeysFault.self) { try await Self.refresh(payouts) }
      let answer = try await client.post(token: keys.token("ec"))
      #expect(answer.status == 503)
      #expect(answer.details?["dependency"] == .string("keys"))
      #expect(answer.headers[.retryAfter] == "1")
      try await server.start()
      try await client.expect(201, client.post(token: keys.token("ec")))
    }
  }

  @Test("A shared secret works while the server of public keys is away")
  func mixed() async throws {
    let server = KeyServer(.silent)
    try await server.start()
    try await server.stop()
    try await Self.run(server, withSecret: true) { client, _, _ in
      try await client.expect(201, client.post())
      let none = "\(TestTokens.base64url(#"{"alg":"none"}"#)).e30."
      let answer = try await client.post(token: none)
      #expect(Self.reason(answer) == "unsupported_algorithm")
    }
    #expect(server.requests == 0, "only a token that such a key could check makes us ask")
  }

  @Test("A server that takes the request and says nothing is not waited for long")
  func silent() async throws {
    let server = KeyServer(.silent)
    try await server.start()
    try await Self.run(server) { _, payouts, _ in
      let begun = ContinuousClock.now
      await #expect(throws: TokenKeysFault.self) { try await Self.refresh(payouts) }
      #expect(ContinuousClock.now - begun < .seconds(8))
    }
  }

  @Test(
    "Keys come by https, or by http from this machine",
    arguments: [
      ("https://id.example.com/jwks", true), ("http://127.0.0.1:80/jwks", true),
      ("http://localhost/jwks", true), ("http://[::1]/jwks", true),
      ("http://id.example.com/jwks", false), ("http://127.0.0.1.example.com/jwks", false),
      ("file:///etc/passwd", false), ("http://10.0.0.1/jwks", false), ("jwks", false),
      ("https://", false),
    ])
  func places(url: String, isGood: Bool) async throws {
    var api = try TestAPI()
    api.credentials.jwksURL = url
    let setup = api
    if isGood {
      _ = try await setup.server()
    } else {
      await #expect(throws: SettingFaults.self) { try await setup.server() }
    }
  }
}
