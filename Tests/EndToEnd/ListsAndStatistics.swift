import Testing
import Tron

extension WholeFleet {
  @Suite("Payouts are listed and added up")
  struct ListsAndStatistics {
    private struct Page: Decodable {
      struct Pagination: Decodable {
        var total: Int
        var has_next: Bool
        var next_cursor: String?
      }
      var payouts: [PayoutView]
      var pagination: Pagination
    }

    private struct Statistics: Decodable {
      var total_payouts: Int
      var success_rate: Double?
    }

    @Test("A walk over all Ingests while payouts come in sees each old one once; sums are exact")
    func walkAndSum() async throws {
      try await Fleet.run("lists") { fleet in
        let old = try Order.many(20)
        let later = try Order.many(10)
        let created = try await fleet.api.create(old, prefix: "old")
        async let coming = fleet.api.create(later, prefix: "later", atOnce: 2)
        let walked = try await walk(fleet.api, "limit=3")
        let all = try await created + coming
        try #require(walked == Set(walked).sorted(by: >), "newest first, each once")
        try #require(Set(walked).isSuperset(of: created.map(\.id)))

        _ = try await fleet.api.reach("confirmed", all.map(\.id), within: .seconds(60))
        let confirmed = try await walk(fleet.api, "limit=7&status=confirmed")
        try #require(confirmed == all.map(\.id).sorted(by: >))
        try #require(try await walk(fleet.api, "status=pending") == [])

        let cents = (old + later).reduce(0) { $0 + $1.cents }
        for client in fleet.api.copies {
          let answer = try await client.get(
            "/api/payment/stats?period=day", headers: fleet.api.authorization)
          try #require(answer.status == 200, "\(answer.text)")
          let statistics: Statistics = try answer.decoded()
          try #require(statistics.total_payouts == all.count)
          try #require(statistics.success_rate == 100)
          let total =
            "\"total_amount_usdt\":\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100),"
          try #require(answer.text.contains(total), "\(answer.text) without \(total)")
        }
      }
    }

    /// Follows the cursor, each page from another copy of Ingest.
    private func walk(_ api: PayoutAPI, _ query: String) async throws -> [String] {
      var walked: [String] = []
      var cursor = ""
      var turn = 0
      while true {
        let answer = try await api.copies[turn % api.copies.count].get(
          "/api/payment/payouts?\(query)\(cursor)", headers: api.authorization)
        try #require(answer.status == 200, "\(answer.text)")
        let page: Page = try answer.decoded()
        walked += page.payouts.map(\.id)
        try #require(page.pagination.has_next == (page.pagination.next_cursor != nil))
        guard let next = page.pagination.next_cursor else { return walked }
        cursor = "&cursor=\(next)"
        turn += 1
      }
    }
  }
}
