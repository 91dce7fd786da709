import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Payouts
import Testing

@testable import PayoutAPI

@Suite("On a real connection", .serialized)
struct LiveTests {
  private static func head(_ extra: String) -> String {
    "POST /api/payment/payouts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Authorization: Bearer \(TestTokens.token())\r\n\(extra)\r\n"
  }

  @Test("A body that says it is too large is refused before it is read, and the connection ends")
  func declared() async throws {
    var api = try TestAPI()
    api.configuration.lingering = .milliseconds(100)
    try await api.run(.live) { client in
      let port = try #require(client.client.port)
      let answer = try await RawConnection.exchange(
        port: port, [Self.head("Content-Length: 262145\r\n")])
      #expect(answer.text.hasPrefix("HTTP/1.1 413 "))
      #expect(answer.text.contains("LUCID_ERR_2014"))
      #expect(answer.text.lowercased().contains("connection: close"))
      #expect(answer.isClosed)
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test("A chunked body is counted while it comes")
  func chunked() async throws {
    var api = try TestAPI()
    api.configuration.lingering = .milliseconds(100)
    try await api.run(.live) { client in
      let port = try #require(client.client.port)
      let chunk = "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n"
      let answer = try await RawConnection.exchange(
        port: port,
        [Self.head("Transfer-Encoding: chunked\r\n")] + Array(repeating: chunk, count: 5))
      #expect(answer.text.hasPrefix("HTTP/1.1 413 "))
      #expect(answer.isClosed)
    }
  }

  @Test("A body of exactly the limit is read")
  func atTheLimit() async throws {
    let api = try TestAPI()
    try await api.run(.live) { client in
      let body = APIClient.body()
      let padding = String(repeating: " ", count: 256 * 1024 - body.utf8.count)
      try await client.expect(201, client.post(padding + body))
      try await client.expect(413, client.post(padding + " " + body))
    }
  }

  @Test("A body that does not come is not waited for")
  func slow() async throws {
    var api = try TestAPI()
    api.configuration.bodyDeadline = .milliseconds(200)
    try await api.run(.live) { client in
      let port = try #require(client.client.port)
      let answer = try await RawConnection.exchange(
        port: port, [Self.head("Content-Length: 100\r\n") + "{"])
      #expect(answer.isClosed)
      let refused = try Answer(raw: answer.text)
      #expect(refused.status == 408 && refused.code == "LUCID_ERR_2025", "\(answer.text)")
      #expect(refused.headers[.connection] == "close")
      try expectEnvelope(refused)
    }
    #expect(api.store.payoutCount == 0)
  }

  @Test("A client that asks and never reads does not hold its connection")
  func slowReader() async throws {
    var api = try TestAPI()
    api.configuration.readingDeadline = .milliseconds(200)
    try await api.run(.live) { client in
      let port = try #require(client.client.port)
      // Far more than the buffers between the two take.
      let requests = String(
        repeating: "GET /api/payment/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", count: 400)
      #expect(try await RawConnection.readsNothing(port: port, requests))
      try await client.expect(201, client.post())
    }
  }

  @Test("A head that does not come is not waited for")
  func slowHead() async throws {
    var api = try TestAPI()
    api.configuration.idle = .milliseconds(200)
    try await api.run(.live) { client in
      let port = try #require(client.client.port)
      let answer = try await RawConnection.exchange(
        port: port, ["POST /api/payment/payouts HTTP/1.1\r\nHost: "])
      #expect(answer.isClosed)
    }
  }

  @Test("Two requests in one piece get two answers, and the connection stays")
  func pipelined() async throws {
    let api = try TestAPI()
    try await api.run(.live) { client in
      let port = try #require(client.client.port)
      let body = APIClient.body()
      let request = Self.head("Content-Length: \(body.utf8.count)\r\n") + body
      let answer = try await RawConnection.exchange(
        port: port, [request + request], within: .seconds(1))
      #expect(answer.text.ranges(of: "HTTP/1.1 201 ").count == 2)
      #expect(!answer.isClosed)
    }
    #expect(api.store.payoutCount == 2)
  }

  @Test("What is not HTTP is refused, and the server lives on")
  func notHTTP() async throws {
    let api = try TestAPI()
    try await api.run(.live) { client in
      let port = try #require(client.client.port)
      for text in ["hello\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n"] {
        let answer = try await RawConnection.exchange(port: port, [text])
        #expect(answer.isClosed)
      }
      try await client.expect(201, client.post())
    }
  }
}
