import ArgumentParser
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// `payoutctl payout`: the REST API from the command line.
struct PayoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "payout", abstract: "Create a payout, or look at one.",
    subcommands: [Create.self, Get.self])

  struct Access: ParsableArguments {
    @Option(help: "The API; http://HTTP_HOST:HTTP_PORT when left out.") var api: String?
    @Option(help: "A file with a bearer token (see payoutctl token).") var tokenFile: String
    @Flag(help: "Print the API's answer as it is.") var json = false

    func call(
      _ method: String, _ path: String, body: Data? = nil, headers: [String: String] = [:]
    ) async throws -> [String: Any] {
      var request = URLRequest(url: try url(path), timeoutInterval: 30)
      request.httpMethod = method
      request.httpBody = body
      request.setValue("Bearer \(try token())", forHTTPHeaderField: "Authorization")
      if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
      for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
      let (data, response) = try await URLSession.shared.data(for: request)
      let status = (response as? HTTPURLResponse)?.statusCode ?? 0
      if json { print(String(decoding: data, as: UTF8.self)) }
      let answer = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
      guard (200..<300).contains(status) else {
        let error = answer["error"] as? [String: Any] ?? [:]
        throw CommandFailure(
          "\(status) \(error["code"] ?? ""): \(error["message"] ?? "no message")"
            + " \(error["details"].map { "\($0)" } ?? "")")
      }
      return answer
    }

    private func url(_ path: String) throws -> URL {
      let base: String
      if let api {
        base = api
      } else {
        let http = try SystemAccess().settings.http
        base = "http://\(http.host):\(http.port)/api/payment"
      }
      guard let url = URL(string: base + path) else { throw CommandFailure("not a URL: \(base)") }
      return url
    }

    private func token() throws -> String {
      guard let data = FileManager.default.contents(atPath: tokenFile) else {
        throw CommandFailure("--token-file: cannot read \(tokenFile)")
      }
      return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func show(_ answer: [String: Any]) {
      guard !json else { return }
      for name in Self.order {
        guard let value = answer[name], !(value is NSNull) else { continue }
        print("\(name.padding(toLength: 22, withPad: " ", startingAt: 0))\(value)")
      }
    }

    private static let order = [
      "payout_id", "status", "status_detail", "recipient_address", "amount_usdt", "txid",
      "block_number", "confirmations", "fee_trx", "created_at", "estimated_completion",
      "confirmed_at", "failure",
    ]
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Create a payout.")

    @OptionGroup var access: Access
    @Option(help: "The recipient's TRON address.") var recipient: String
    @Option(help: "USDT, at most two decimals, such as 5.50.") var amount: String
    @Option(help: "Why; 1 to 200 characters.") var reason: String
    @Option(help: "PayoutRouterV0 or PayoutRouterKYC.") var router = "PayoutRouterV0"
    @Option(help: "LOW, NORMAL, HIGH or URGENT.") var priority = "NORMAL"
    @Option(help: "Your own name for it, unique for ever.") var clientReference: String?
    @Option(help: "Makes the call safe to repeat.") var idempotencyKey: String?

    func run() async throws {
      var body: [String: String] = [
        "recipient_address": recipient, "amount_usdt": amount, "reason": reason,
        "router_type": router, "priority": priority,
      ]
      body["client_reference"] = clientReference
      access.show(
        try await access.call(
          "POST", "/payouts", body: try JSONEncoder().encode(body),
          headers: idempotencyKey.map { ["Idempotency-Key": $0] } ?? [:]))
    }
  }

  struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Look at a payout.")

    @OptionGroup var access: Access
    @Argument(help: "The payout's id.") var id: String

    func run() async throws {
      guard let name = id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) else {
        throw CommandFailure("not an id: \(id)")
      }
      access.show(try await access.call("GET", "/payouts/\(name.replacing("%5F", with: "_"))"))
    }
  }
}
