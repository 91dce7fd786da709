import HTTPTypes
import Payouts
import Testing

@testable import PayoutAPI

@Suite("The API's description")
struct DocumentationTests {
  @Test("It is served to anybody, as often as they like")
  func served() async throws {
    var setup = try TestAPI()
    setup.rateLimiting = .local
    try await setup.run { client in
      for _ in 0..<150 { _ = try await client.get("/api/payment/openapi.json", token: nil) }
      let answer = try await client.get("/api/payment/openapi.json", token: nil)
      #expect(answer.status == 200)
      #expect(answer.headers[.contentType] == "application/json")
      #expect(answer["openapi"] == .string("3.1.0"))
    }
  }

  @Test("It has every route that there is, with its methods, and no other")
  func complete() throws {
    let document = try JSONReader.read(Array(OpenAPIDocument.json.utf8))
    let paths = try #require(document["paths"]?.members)
    for path in paths {
      let concrete = path.name.replacing("{payout_id}", with: "payout_x")
        .replacing("{batch_id}", with: "batch_x")
      for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let isDescribed = path.value[method.lowercased()] != nil
        let match = RouteTable.match(method: method, path: RouteTable.prefix + concrete)
        if case .route(let route) = match {
          #expect(isDescribed, "\(method) \(path.name)")
          #expect(route.template == path.name)
        } else {
          #expect(!isDescribed, "\(method) \(path.name)")
        }
      }
    }
  }

  @Test("The page needs nothing from elsewhere and runs no script")
  func page() async throws {
    try await TestAPI().run { client in
      let answer = try await client.get("/api/payment/docs", token: nil)
      #expect(answer.status == 200)
      #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
      let policy = answer.headers[.contentSecurityPolicy] ?? ""
      #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
      for forbidden in ["<script", "src=", "http://", "https://", "@import", "url("] {
        #expect(!answer.text.contains(forbidden), "\(forbidden)")
      }
      for text in ["/payouts/batch/{batch_id}", "LUCID_ERR_2011", "Idempotency-Key"] {
        #expect(answer.text.contains(text))
      }
    }
  }
}
