/// A batch as the API shows it.
struct BatchView: Decodable, Sendable {
  var id: String
  var status: String
  var total: Int
  var completed: Int
  var failed: Int
  var pending: Int
  var cancelled: Int
  var totalAmount: Double
  var completedAmount: Double
  var payoutIDs: [String]
  var estimatedCompletion: String?

  enum CodingKeys: String, CodingKey {
    case id = "batch_id", status, total = "total_payouts", completed = "completed_payouts"
    case failed = "failed_payouts", pending = "pending_payouts", cancelled = "cancelled_payouts"
    case totalAmount = "total_amount_usdt", completedAmount = "completed_amount_usdt"
    case payoutIDs = "payout_ids", estimatedCompletion = "estimated_completion"
  }
}

extension PayoutAPI {
  private static let path = "/api/payment/payouts/batch"

  static func batchBody(
    _ orders: [Order], type: String = "IMMEDIATE", priority: String = "NORMAL"
  ) -> String {
    "{\"payouts\":[\(orders.map(\.item).joined(separator: ","))],"
      + "\"router_type\":\"PayoutRouterV0\",\"batch_type\":\"\(type)\","
      + "\"priority\":\"\(priority)\"}"
  }

  /// One request to one copy, whatever comes of it.
  func postBatch(
    _ orders: [Order], key: String? = nil, copy: Int = 0, type: String = "IMMEDIATE",
    priority: String = "NORMAL"
  ) async throws -> HTTPAnswer {
    let key = key.map { ["Idempotency-Key": $0] } ?? [:]
    return try await copies[copy % copies.count].post(
      Self.path, Self.batchBody(orders, type: type, priority: priority),
      headers: authorization.merging(key) { $1 })
  }

  /// Creates a batch, however often Ingest dies meanwhile.
  func createBatch(
    _ orders: [Order], key: String, type: String = "IMMEDIATE", priority: String = "NORMAL",
    within limit: Duration = .seconds(120)
  ) async throws -> BatchView {
    var turn = key.utf8.reduce(0) { $0 &+ Int($1) }
    return try await eventually("batch \(key) to be accepted", within: limit) {
      turn += 1
      do {
        let answer = try await postBatch(
          orders, key: key, copy: turn, type: type, priority: priority)
        switch answer.status {
        case 201: return .found(try answer.decoded())
        case 409, 503: return .notYet("\(answer.status) \(answer.text)")
        default: throw Refusal(answer: answer)
        }
      } catch let problem as Problem {
        return .notYet(problem.description)
      }
    }
  }

  /// Creates many, one after the other.
  func createBatches(_ batches: [[Order]], prefix: String) async throws -> [BatchView] {
    var created: [BatchView] = []
    for (number, orders) in batches.enumerated() {
      created.append(try await createBatch(orders, key: "\(prefix)-\(number)"))
    }
    return created
  }

  /// Looks at a batch.
  func batch(_ id: String) async throws -> BatchView {
    let answer = try await copies[0].get("\(Self.path)/\(id)", headers: authorization)
    guard answer.status == 200 else { throw Refusal(answer: answer) }
    return try answer.decoded()
  }
}
