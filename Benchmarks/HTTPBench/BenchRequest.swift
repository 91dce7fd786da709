import Crypto
import Foundation

/// A request as bytes, and the status that it is to be answered with.
struct BenchRequest: Sendable {
  var text: String
  var status: String

  /// Creates a payout.
  static var create: BenchRequest { create(token: token) }
  /// Creates a payout at a server that has a secret of its own.
  static func create(token: String) -> BenchRequest { post("/api/payment/payouts", token: token) }
  /// Gets the same body back from the bare server, decoded and encoded again.
  static var decodedEcho: BenchRequest { post("/decoded") }
  /// Gets the same bytes back from the bare server.
  static var echo: BenchRequest { post("/echo") }
  /// Reads a payout.
  static func read(id: String, token: String = token) -> BenchRequest {
    get("/api/payment/payouts/\(id)", token: token)
  }
  /// Gets a few bytes from a bare route with a parameter.
  static var bare: BenchRequest { Self.get("/echo/payout_01kdv2g2h00000000000000000") }

  private static func post(_ path: String, token: String = token) -> BenchRequest {
    BenchRequest(
      text: "POST \(path) HTTP/1.1\r\n\(headers(token))Content-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
      status: "201")
  }

  private static func get(_ path: String, token: String = token) -> BenchRequest {
    BenchRequest(text: "GET \(path) HTTP/1.1\r\n\(headers(token))\r\n", status: "200")
  }

  private static func headers(_ token: String) -> String {
    "Host: localhost\r\nUser-Agent: bench\r\nAuthorization: Bearer \(token)\r\n"
  }

  private static let body = #"""
    {"recipient_address":"TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL","amount_usdt":5.50,\#
    "reason":"Session completion reward","router_type":"PayoutRouterV0","priority":"NORMAL",\#
    "batch_type":"IMMEDIATE","session_id":"session_abc123","node_id":"node_xyz789",\#
    "custom_data":{"work_credits":150,"session_duration":3600}}
    """#

  static let secret = [UInt8](repeating: 0x42, count: 32)

  static let token: String = {
    let input =
      base64url(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "."
      + base64url(Array(#"{"sub":"bench","role":"service","exp":4102444800}"#.utf8))
    let code = HMAC<SHA256>.authenticationCode(
      for: Array(input.utf8), using: SymmetricKey(data: secret))
    return input + "." + base64url(Array(code))
  }()

  private static func base64url(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }
}
