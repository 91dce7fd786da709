import Testing
import Tron

extension WholeFleet {
  @Suite("Requests are bad")
  struct BadRequests {
    @Test("Every bad request gets its status and code, and changes nothing")
    func badRequests() async throws {
      try await Fleet.run("bad-requests") { fleet in
        let api = fleet.api.copies[0]
        let path = "/api/payment/payouts"
        var faults: [String?] = []
        for (change, status, code) in Self.changes {
          let body = change(Order(recipient: try newAddress(), cents: 550).body)
          let answer = try await api.post(path, body, headers: fleet.api.authorization)
          faults.append(fault(of: answer, status, code, to: body))
        }
        let own = Order(recipient: fleet.wallet, cents: 550)
        let refused = try await api.post(path, own.body, headers: fleet.api.authorization)
        faults.append(fault(of: refused, 400, "2001", to: "our own wallet"))

        let good = Order(recipient: try newAddress(), cents: 550).body
        for (headers, status, code) in headers(fleet) {
          let answer = try await api.post(path, good, headers: headers)
          faults.append(fault(of: answer, status, code, to: "\(headers)"))
        }
        for (bytes, status) in Self.raw {
          let answer = try await api.send(Array(bytes.utf8))
          if answer.status != status { faults.append("\(bytes): \(answer.status)") }
        }
        try #require(faults.compactMap { $0 } == [])
        let payouts = try await fleet.witness("store.py", ["payouts"])
        try #require(payouts.isEmpty, "a bad request left a payout: \(payouts)")
      }
    }

    /// Wrong bodies: what replaces what in a good one.
    private static let changes: [(@Sendable (String) -> String, Int, String)] = [
      ({ _ in "{" }, 400, "2013"), ({ _ in "[]" }, 400, "2013"), ({ _ in "" }, 400, "2013"),
      ({ $0.replacing("5.50", with: "0") }, 400, "2012"),
      ({ $0.replacing("5.50", with: "0.001") }, 400, "2012"),
      ({ $0.replacing("5.50", with: "5.505") }, 400, "2012"),
      ({ $0.replacing("5.50", with: "1e2") }, 400, "2012"),
      ({ $0.replacing("5.50", with: "\"NaN\"") }, 400, "2012"),
      ({ $0.replacing("5.50", with: "-5") }, 400, "2012"),
      ({ $0.replacing("5.50", with: "10000.01") }, 400, "2012"),
      ({ $0.replacing("5.50", with: "1e400") }, 400, "2012"),
      ({ $0.replacing("amount_usdt", with: "amount_usd") }, 400, "2012"),
      ({ $0.replacing("PayoutRouterV0", with: "PayoutRouterV9") }, 400, "2004"),
      (
        { $0.replacing("\"recipient_address\":\"T", with: "\"recipient_address\":\"A") }, 400,
        "2001"
      ),
      ({ _ in String(repeating: " ", count: 300_000) }, 413, "2014"),
    ]

    /// Bytes that are no proper request.
    private static let raw: [(String, Int)] = [
      ("GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
      ("PATCH /api/payment/payouts HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
      ("NONSENSE\r\n\r\n", 400),
    ]

    /// Wrong headers of a good body.
    private func headers(_ fleet: Fleet) -> [([String: String], Int, String)] {
      let parts = fleet.api.token.split(separator: ".").map(String.init)
      // {"alg":"none"}, with the same claims.
      let unsigned = "eyJhbGciOiJub25lIn0.\(parts[1])."
      let tampered = "\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))"
      return [
        ([:], 401, "2011"),
        (["Authorization": "Bearer nonsense"], 401, "2011"),
        (["Authorization": "Bearer \(unsigned)"], 401, "2011"),
        (["Authorization": "Bearer \(tampered)"], 401, "2011"),
        (["X-User-ID": "mallory", "X-User-Role": "admin"], 401, "2011"),
        (
          fleet.api.authorization.merging(["Content-Type": "text/plain"]) { $1 }, 415, "2015"
        ),
      ]
    }

    /// What is wrong with an answer; `nil` when it is as it should be.
    private func fault(
      of answer: HTTPAnswer, _ status: Int, _ code: String, to what: String
    ) -> String? {
      struct Envelope: Decodable {
        struct Fault: Decodable {
          var code: String
          var message: String
          var request_id: String
          var timestamp: String
        }
        var error: Fault
      }
      do {
        let fault = try answer.decoded(Envelope.self).error
        if answer.status == status, fault.code == "LUCID_ERR_\(code)", !fault.message.isEmpty,
          !fault.request_id.isEmpty
        {
          return nil
        }
      } catch {
        return "\(what.prefix(200)): \(error)"
      }
      return "\(what.prefix(200)): \(answer.status) \(answer.text), not \(status) \(code)"
    }
  }
}
