import ArgumentParser
import Foundation

/// `payoutctl payout`: the REST API from the command line.
struct PayoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "payout", abstract: "Create a payout, look at one, list them, or cancel one.",
    subcommands: [Create.self, Get.self, List.self, Cancel.self])

  struct Access: ParsableArguments {
    @Option(help: "The API; http://HTTP_HOST:HTTP_PORT when left out.") var api: String?
    @Option(help: "A file with a bearer token (see payoutctl token).") var tokenFile: String
    @Flag(help: "Print the API's answer as it is.") var json = false

    func call(
      _ method: String, _ path: String, body: Data? = nil, headers: [String: String] = [:]
    ) async throws -> [String: Any] {
      let reply = try await APIConnection(api: api, tokenFile: tokenFile)
        .send(method, path, body: body, headers: headers)
      if json { print(String(decoding: reply.body, as: UTF8.self)) }
      guard (200..<300).contains(reply.status) else { throw reply.failure }
      return try JSONSerialization.jsonObject(with: reply.body) as? [String: Any] ?? [:]
    }

    func show(_ answer: [String: Any], order: [String] = payoutOrder) {
      guard !json else { return }
      for name in order {
        guard let value = answer[name], !(value is NSNull) else { continue }
        print("\(name.padding(toLength: 22, withPad: " ", startingAt: 0))\(value)")
      }
    }

    static let payoutOrder = [
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
      access.show(try await access.call("GET", "/payouts/\(APIConnection.escaped(id))"))
    }
  }

  struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Cancel a payout of which no transaction was planned.",
      discussion: """
        Exit status: 0 it is cancelled, or about to be (its status tells), 1 it goes on, or nobody
        knows yet: run it again.
        """)

    @OptionGroup var access: Access
    @Argument(help: "The payout's id.") var id: String

    func run() async throws {
      access.show(
        try await access.call("POST", "/payouts/\(APIConnection.escaped(id))/cancel"))
    }
  }
}
