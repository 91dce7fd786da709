import ArgumentParser
import Payouts

extension PayoutCommand {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List payouts, newest first.",
      discussion: """
        One page, or with --all every page, walked by cursor. With --json: the API's answer as it
        is; with --all and --json: one payout a line.
        """)

    @OptionGroup var access: Access
    @Option(help: "pending, processing, confirmed, failed or cancelled.") var status: String?
    @Option(help: "PayoutRouterV0 or PayoutRouterKYC.") var router: String?
    @Option(help: "Created at this instant or day, or later (ISO 8601).") var startDate: String?
    @Option(help: "Created at this instant or day, or before.") var endDate: String?
    @Option(help: "Payouts of a page, 1 to 100.") var limit: Int?
    @Option(help: "How many to skip.") var offset: Int?
    @Option(help: "Where an earlier page ended.") var cursor: String?
    @Flag(help: "Every page.") var all = false

    func validate() throws {
      if all, offset != nil { throw ValidationError("--all walks by cursor, not by --offset") }
    }

    func run() async throws {
      let connection = try APIConnection(api: access.api, tokenFile: access.tokenFile)
      var cursor = cursor
      var isFirst = true
      repeat {
        let query = query(cursor: cursor)
        let answer = try await Patience(seconds: all ? 300 : 0).call {
          try await connection.send("GET", "/payouts", query: query)
        }
        guard answer.status == 200 else { throw answer.failure }
        let page = try answer.json()
        if access.json, !all { return print(String(decoding: answer.body, as: UTF8.self)) }
        show(try payouts(page), withHeader: isFirst)
        if !all { showEnd(page) }
        let next = page["pagination"]?["next_cursor"]?.text
        guard next == nil || next != cursor else {
          throw CommandFailure("the API gave the same cursor twice")
        }
        cursor = next
        isFirst = false
      } while all && cursor != nil
    }

    private func query(cursor: String?) -> [(name: String, value: String)] {
      let limit = limit ?? (all ? 100 : nil)
      let values: [(String, String?)] = [
        ("status", status), ("router_type", router), ("start_date", startDate),
        ("end_date", endDate), ("limit", limit.map(String.init)),
        ("offset", offset.map(String.init)), ("cursor", cursor),
      ]
      return values.compactMap { name, value in value.map { (name, $0) } }
    }

    private func payouts(_ page: JSONValue) throws -> [JSONValue] {
      guard case .array(let payouts)? = page["payouts"] else {
        throw CommandFailure("an answer without payouts")
      }
      return payouts
    }

    private func show(_ payouts: [JSONValue], withHeader: Bool) {
      guard !access.json else {
        for payout in payouts { print(JSONText(payout).text) }
        return
      }
      let names = ["created_at", "payout_id", "status", "amount_usdt", "recipient_address"]
      Console.print(
        table: withHeader ? names : nil,
        payouts.map { payout in names.map { payout[$0].map(Self.plain) ?? "" } },
        // All pages alike, whatever they hold.
        widths: [24, 33, 10, 12, 34])
    }

    private func showEnd(_ page: JSONValue) {
      let pagination = page["pagination"]
      if let total = pagination?["total"] { print("\ntotal        \(Self.plain(total))") }
      if let next = pagination?["next_cursor"]?.text { print("next cursor  \(next)") }
    }

    private static func plain(_ value: JSONValue) -> String {
      value.text ?? JSONText(value).text
    }
  }
}
