import HTTPTypes
import Payouts
import Testing

@testable import PayoutAPI

@Suite("Web pages of other origins")
struct CrossOriginTests {
  private static let origin = "https://app.example.com"

  private static func api() throws -> TestAPI {
    var api = try TestAPI()
    api.configuration.allowedOrigins = [origin]
    return api
  }

  private static func preflight(_ origin: String = origin) -> HTTPFields {
    [
      .origin: origin, .accessControlRequestMethod: "POST",
      .accessControlRequestHeaders: "authorization,content-type",
    ]
  }

  @Test("A preflight of a route that is there is answered with what is allowed")
  func preflight() async throws {
    try await Self.api().run { client in
      let answer = try await client.call(.options, APIClient.payouts, headers: Self.preflight())
      #expect(answer.status == 204)
      #expect(answer.headers[.accessControlAllowOrigin] == Self.origin)
      #expect(answer.headers[.accessControlAllowMethods]?.contains("POST") == true)
      #expect(answer.headers[.accessControlAllowHeaders]?.contains("Idempotency-Key") == true)
      #expect(answer.headers[.accessControlAllowCredentials] == nil)
      #expect(answer.headers[.vary] == "Origin")
      let nowhere = try await client.call(
        .options, "/api/payment/nowhere", headers: Self.preflight())
      #expect(nowhere.status == 404)
      // Without the question it is just a method that no route has.
      let plain = try await client.call(
        .options, APIClient.payouts, headers: [.origin: Self.origin])
      #expect(plain.status == 405)
    }
  }

  @Test("Every answer may be read by the page, errors included")
  func answers() async throws {
    try await Self.api().run { client in
      for answer in [
        try await client.post(headers: [.origin: Self.origin]),
        try await client.post("{", headers: [.origin: Self.origin]),
        try await client.post(token: nil, headers: [.origin: Self.origin]),
        try await client.get("/api/payment/nowhere", headers: [.origin: Self.origin]),
      ] {
        #expect(answer.headers[.accessControlAllowOrigin] == Self.origin)
        let exposed = answer.headers[.accessControlExposeHeaders] ?? ""
        for name in [
          "Location", "ETag", "X-RateLimit-Remaining", "Retry-After", "X-Request-ID",
          "Idempotency-Replayed",
        ] { #expect(exposed.contains(name)) }
      }
    }
  }

  @Test(
    "Other origins get nothing, and neither does anybody when it is off",
    arguments: [
      "https://app.example.com.evil.net", "https://APP.example.com", "http://app.example.com",
      "https://app.example.com:8443", "null", "*", "",
    ])
  func others(origin: String) async throws {
    try await Self.api().run { client in
      let asked = try await client.call(
        .options, APIClient.payouts, headers: Self.preflight(origin))
      #expect(asked.status == 405)
      let answer = try await client.post(headers: [.origin: origin])
      #expect(answer.headers[.accessControlAllowOrigin] == nil)
      #expect(answer.headers[.vary] == "Origin")
    }
    try await TestAPI().run { client in
      let asked = try await client.call(.options, APIClient.payouts, headers: Self.preflight())
      #expect(asked.status == 405)
      let answer = try await client.post(headers: [.origin: Self.origin])
      #expect(answer.headers[.accessControlAllowOrigin] == nil && answer.headers[.vary] == nil)
    }
  }
}
