import Tron

/// What a test asks the system to pay. Every payout has a recipient of its own, so that the chain
/// alone tells how often it was paid.
struct Order: Sendable {
  let recipient: TronAddress
  let cents: Int64
  var fields: [String: String] = [:]
  var router = "PayoutRouterV0"

  var amount: USDTAmount { USDTAmount(micro: cents * 10_000) }

  /// The request's body.
  var body: String {
    var members = [
      "\"recipient_address\":\"\(recipient.base58)\"",
      "\"amount_usdt\":\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)",
      "\"reason\":\"end to end\"", "\"router_type\":\"\(router)\"",
    ]
    members += fields.map { "\"\($0.key)\":\($0.value)" }
    return "{\(members.joined(separator: ","))}"
  }

  /// The request as one of a batch: router and priority are the batch's.
  var item: String {
    "{\"recipient_address\":\"\(recipient.base58)\","
      + "\"amount_usdt\":\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100),"
      + "\"reason\":\"end to end\"}"
  }

  /// Orders of different amounts to different recipients, over all priorities.
  static func many(_ count: Int) throws -> [Order] {
    let priorities = ["LOW", "NORMAL", "HIGH", "URGENT"]
    return try (0..<count).map { number in
      Order(
        recipient: try newAddress(), cents: Int64(number + 1),
        fields: ["priority": "\"\(priorities[number % priorities.count])\""])
    }
  }
}

/// A payout as the API shows it.
struct PayoutView: Decodable, Sendable {
  struct Failure: Decodable, Sendable {
    var code: String
    var message: String
    var retryable: Bool
  }

  var id: String
  var status: String
  var detail: String?
  var recipient: String
  var amount: Double
  var priority: String
  var txid: String?
  var confirmations: Int?
  var block: Int64?
  var blockTimestamp: String?
  var fee: Double?
  var createdAt: String
  var confirmedAt: String?
  var failure: Failure?

  enum CodingKeys: String, CodingKey {
    case id = "payout_id", status, detail = "status_detail", recipient = "recipient_address"
    case amount = "amount_usdt", priority, txid, confirmations, block = "block_number"
    case blockTimestamp = "block_timestamp", fee = "fee_trx", createdAt = "created_at"
    case confirmedAt = "confirmed_at", failure
  }
}

/// The REST API of any copy of Ingest, as a client uses it: what fails without an answer is sent
/// again with the same idempotency key, to the next copy.
struct PayoutAPI: Sendable {
  let copies: [HTTPClient]
  let token: String

  var authorization: [String: String] { ["Authorization": "Bearer \(token)"] }

  /// Creates a payout, however often Ingest dies meanwhile.
  func create(_ order: Order, key: String, within limit: Duration = .seconds(90)) async throws
    -> PayoutView
  {
    let headers = authorization.merging(["Idempotency-Key": key]) { $1 }
    var turn = key.utf8.reduce(0) { $0 &+ Int($1) }
    return try await eventually("payout \(key) to be accepted", within: limit) {
      turn += 1
      do {
        let client = copies[turn % copies.count]
        let answer = try await client.post(
          "/api/payment/payouts", order.body, headers: headers)
        switch answer.status {
        case 200, 201: return .found(try answer.decoded())
        case 409, 503: return .notYet("\(answer.status) \(answer.text)")
        default: throw Refusal(answer: answer)
        }
      } catch let problem as Problem {
        return .notYet(problem.description)
      }
    }
  }

  /// Creates many, several at a time, in the order of the arguments.
  func create(
    _ orders: [Order], prefix: String, atOnce: Int = 8, within limit: Duration = .seconds(90)
  ) async throws -> [PayoutView] {
    try await inParallel(orders.enumerated().map { $0 }, atOnce: atOnce) { number, order in
      try await create(order, key: "\(prefix)-\(number)", within: limit)
    }
  }

  /// Looks at a payout; waits for an Ingest to answer.
  ///
  /// - Parameter waitingForAdmission: Whether it is of a batch that may still have to be finished.
  func payout(_ id: String, waitingForAdmission: Bool = false) async throws -> PayoutView {
    var turn = 0
    return try await eventually("an answer about \(id)", within: .seconds(60)) {
      turn += 1
      do {
        let answer = try await copies[turn % copies.count].get(
          "/api/payment/payouts/\(id)", headers: authorization)
        switch answer.status {
        case 200: return .found(try answer.decoded())
        case 503: return .notYet(answer.text)
        case 404 where waitingForAdmission: return .notYet(answer.text)
        default: throw Refusal(answer: answer)
        }
      } catch let problem as Problem {
        return .notYet(problem.description)
      }
    }
  }

  /// Waits until every payout has the status; a payout that ends otherwise is a failure at once.
  /// In the order of the arguments.
  func reach(
    _ status: String, _ ids: [String], within limit: Duration
  ) async throws -> [PayoutView] {
    var reached: [String: PayoutView] = [:]
    try await eventually(
      "\(ids.count) payouts to be \(status)", within: limit, every: .milliseconds(250)
    ) {
      let waiting = ids.filter { reached[$0] == nil }
      let views = try await inParallel(waiting, atOnce: 8) { try await payout($0) }
      for view in views {
        if view.status == status {
          reached[view.id] = view
        } else if ["confirmed", "failed", "cancelled"].contains(view.status) {
          throw Problem("a payout should become \(status) and is \(view)")
        }
      }
      let rest = views.filter { $0.status != status }
      let details = Dictionary(grouping: rest) { $0.detail ?? $0.status }.mapValues(\.count)
      return .when(rest.isEmpty, otherwise: "\(rest.count) are not, but \(details)")
    }
    return ids.compactMap { reached[$0] }
  }
}

/// The API answered, and not with a success.
struct Refusal: Error, CustomStringConvertible {
  let answer: HTTPAnswer
  var description: String { "\(answer.status) \(answer.text)" }
}

/// Does something with every element, several at a time; the results are in the elements' order.
func inParallel<Element: Sendable, Result: Sendable>(
  _ elements: [Element], atOnce: Int,
  _ body: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results: [Int: Result] = [:]
    for (index, element) in elements.enumerated() {
      if index >= atOnce, let (done, result) = try await group.next() { results[done] = result }
      group.addTask { (index, try await body(element)) }
    }
    for try await (done, result) in group { results[done] = result }
    return elements.indices.compactMap { results[$0] }
  }
}
