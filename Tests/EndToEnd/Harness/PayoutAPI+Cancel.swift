extension PayoutAPI {
  /// Asks to cancel a payout until that is decided, however often Ingest dies meanwhile: `true` when
  /// it is cancelled, `false` when it goes on.
  func cancel(_ id: String, within limit: Duration = .seconds(60)) async throws -> Bool {
    var turn = id.utf8.reduce(0) { $0 &+ Int($1) }
    return try await eventually("cancelling \(id) to be decided", within: limit) {
      turn += 1
      do {
        let answer = try await copies[turn % copies.count].post(
          "/api/payment/payouts/\(id)/cancel", "", headers: authorization)
        switch answer.status {
        case 200: return .found(true)
        case 409 where !answer.text.contains("being_assigned"): return .found(false)
        case 202, 409, 503: return .notYet("\(answer.status) \(answer.text)")
        default: throw Refusal(answer: answer)
        }
      } catch let problem as Problem {
        return .notYet(problem.description)
      }
    }
  }
}
