import Foundation
import Testing
import Tron

extension WholeFleet {
  @Suite("Money has guards")
  struct Guards {
    private struct Breaker: Decodable {
      var state: String
      var cause: String?
    }

    @Test(
      "An open breaker stops admission and planning; a spend with a stolen key opens it for good")
    func breaker() async throws {
      var options = FleetOptions()
      options.environment[.confirmer] = ["FOREIGN_SPEND_GRACE_SECONDS": "1"]
      try await Fleet.run("breaker", options) { fleet in
        let signer = try #require(fleet.processes(.signer).first)
        _ = try await signer.process.stop()
        let orders = try Order.many(3)
        let created = try await fleet.api.create(orders, prefix: "before")
        try await done(fleet, "breaker", "open", "--reason", "a drill")
        try await signer.process.start()

        try await eventually("the Signer says why it plans nothing") {
          do {
            let text = try await signer.readiness().text
            return .when(text.contains("circuit breaker is open (by_hand)"), otherwise: text)
          } catch let problem as Problem {
            return .notYet(problem.description)
          }
        }
        try await refuses(fleet)
        try #require(try await fleet.storedTransfers().allSatisfy { $0.attempts.isEmpty })

        try await done(fleet, "breaker", "close", "--reason", "the drill is over")
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))

        try await spendForeign(fleet)
        try await eventually("the breaker opens", within: .seconds(30)) {
          let breaker = try await status(fleet)
          return .when(breaker.cause == "foreign_spend", otherwise: "\(breaker)")
        }
        try await refuses(fleet)
        let audit = try await fleet.payoutctl("audit", "--json", within: .seconds(120))
        try #require(audit.status == 1 && audit.output.contains("unexplained_transfer"))
        let metrics = try await fleet.processes(.confirmer)[0].operations.get("/metrics").text
        try #require(metrics.contains("foreign_spends_total 1\n"))

        try await done(fleet, "breaker", "close", "--reason", "it was us")
        try await eventually("Ingest admits again", within: .seconds(10)) {
          let answer = try await fleet.api.copies[0].get("/api/payment/health")
          return .when(answer.text.contains("\"status\":\"closed\""), otherwise: answer.text)
        }
        let later = try await fleet.api.create(try Order.many(1), prefix: "after")
        _ = try await fleet.api.reach("confirmed", later.map(\.id), within: .seconds(60))
        try await logTellsAll(fleet)
      }
    }

    @Test(
      "Failures on the chain open the breaker in every copy; once a trial is paid, it is closed again"
    )
    func failures() async throws {
      var options = FleetOptions()
      options.copies = 2
      for worker in [Worker.ingest, .signer, .confirmer] {
        options.environment[worker] = [
          "BREAKER_CONSECUTIVE_FAILURES": "3", "BREAKER_PAUSE_SECONDS": "10", "BREAKER_TRIALS": "1",
        ]
      }
      try await Fleet.run("breaker-failures", options) { fleet in
        try await fleet.devnet.blacklist(fleet.wallet, true)
        let doomed = try await fleet.api.create(try Order.many(3), prefix: "doomed")
        _ = try await fleet.api.reach("failed", doomed.map(\.id), within: .seconds(60))
        try await everyCopy(fleet, says: "open")
        let breaker = try await status(fleet)
        try #require(breaker.cause == "consecutive_failures", "\(breaker)")
        try await refuses(fleet)

        try await fleet.devnet.blacklist(fleet.wallet, false)
        try await everyCopy(fleet, says: "half_open")
        let orders = try Order.many(4)
        let created = try await fleet.api.create(orders, prefix: "trial")
        try await fleet.allArePaidOnce(orders, created, within: .seconds(60))
        try await everyCopy(fleet, says: "closed")
        let tail = try await fleet.payoutctl("audit-log", "tail", "--json").output
        for action in ["open", "half_open", "closed"] {
          let count = tail.components(separatedBy: "\"action\" : \"\(action)\"").count - 1
          try #require(count == 1, "\(action): \(count)")
        }
      }
    }

    /// Both copies of Ingest show the same state of the breaker.
    private func everyCopy(_ fleet: Fleet, says state: String) async throws {
      for copy in fleet.api.copies {
        try await eventually("the breaker is \(state)", within: .seconds(30)) {
          let text = try await copy.get("/api/payment/health").text
          return .when(text.contains("\"status\":\"\(state)\""), otherwise: text)
        }
      }
    }

    @Test(
      "A KYC record that is revoked before a transfer is formed holds the payout until it is back")
    func kyc() async throws {
      let directory = Workspace.runs.appending(path: "kyc")
      var options = FleetOptions()
      options.environment[.signer] = [
        "SIGNER_KEY_FILE_KYC": directory.appending(path: "wallet.json").path,
        "SIGNER_KEY_PASSWORD_FILE_KYC": directory.appending(path: "wallet-password").path,
      ]
      try await Fleet.run("kyc", options) { fleet in
        let order = Order(recipient: try newAddress(), cents: 550, fields: ["node_id": "\"n\""])
        let body = order.body.replacingOccurrences(of: "RouterV0", with: "RouterKYC")
        let refused = try await post(fleet, body)
        try #require(refused.status == 400 && refused.text.contains("kyc_record_missing"))

        try await add(fleet, order.recipient)
        let batcher = try #require(fleet.processes(.batcher).first)
        _ = try await batcher.process.stop()
        let answer = try await post(fleet, body)
        try #require(answer.status == 201, "\(answer.text)")
        let payout: PayoutView = try answer.decoded()
        try await done(fleet, "kyc", "revoke", order.recipient.base58, "--reason", "moved away")
        try await batcher.process.start()

        try await eventually("the Batcher holds it", within: .seconds(30)) {
          do {
            let text = try await batcher.operations.get("/metrics").text
            return .when(text.contains("held_kyc_payouts 1\n"), otherwise: "not held")
          } catch let problem as Problem {
            return .notYet(problem.description)
          }
        }
        let held = try await fleet.api.payout(payout.id)
        try #require(held.detail == "held:kyc_record_revoked", "\(held)")
        try #require(try await fleet.storedTransfers().isEmpty)

        try await add(fleet, order.recipient)
        try await fleet.allArePaidOnce([order], [payout], within: .seconds(60))
      }
    }

    private func add(_ fleet: Fleet, _ recipient: TronAddress) async throws {
      try await done(
        fleet, "kyc", "add", recipient.base58, "--level", "full", "--expires",
        "2100-01-01T00:00:00Z", "--reference-hash", String(repeating: "0a", count: 32))
    }

    private func done(_ fleet: Fleet, _ arguments: String...) async throws {
      let finished = try await runToEnd(
        Workspace.binary("payoutctl"), arguments, environment: fleet.environment,
        in: fleet.directory)
      try #require(finished.status == 0, "\(arguments): \(finished.errors)\(finished.output)")
    }

    private func status(_ fleet: Fleet) async throws -> Breaker {
      let finished = try await fleet.payoutctl("breaker", "status", "--json")
      return try JSONDecoder().decode(Breaker.self, from: Data(finished.output.utf8))
    }

    private func post(_ fleet: Fleet, _ body: String) async throws -> HTTPAnswer {
      try await fleet.api.copies[0].post(
        "/api/payment/payouts", body, headers: fleet.api.authorization)
    }

    /// Ingest sees within a second that the breaker is open.
    private func refuses(_ fleet: Fleet) async throws {
      // Up to a moment ago a copy may have admitted: nothing is asked for before all have seen it.
      try await everyCopy(fleet, says: "open")
      let answer = try await post(fleet, try Order.many(1)[0].body)
      try #require(
        answer.status == 400 && answer.text.contains("LUCID_ERR_2003")
          && answer.headers["retry-after"] != nil, "\(answer.text)")
    }

    /// Spends from the wallet as somebody would who has its key.
    private func spendForeign(_ fleet: Fleet) async throws {
      struct Block: Decodable { var blockID: String }
      struct Built: Decodable { var transaction_hex: String }
      let now = try await fleet.devnet.node.post("/walletsolidity/getnowblock", "{}")
      let id = try now.decoded(Block.self).blockID
      let expiration = Int64(Date().timeIntervalSince1970 * 1000) + 600_000
      let request = """
        {"owner":"\(fleet.wallet)","recipient":"\(try newAddress())",\
        "contract":"\(fleet.devnet.chain.contract)","amount":"1000000",\
        "ref_block_bytes":"\(id.dropFirst(12).prefix(4))",\
        "ref_block_hash":"\(id.dropFirst(16).prefix(16))","expiration":\(expiration),\
        "fee_limit":"30000000"}
        """
      let input = fleet.directory.appending(path: "foreign.json")
      try Data(request.utf8).write(to: input)
      let built = try await runToEnd(
        Workspace.binary("payoutctl"),
        [
          "tx", "build", "--json", "--key-file",
          fleet.directory.appending(path: "wallet.json").path, "--password-file",
          fleet.directory.appending(path: "wallet-password").path,
        ], input: input, in: fleet.directory)
      try #require(built.status == 0, "\(built.errors)")
      let transaction = try JSONDecoder().decode(Built.self, from: Data(built.output.utf8))
      let answer = try await fleet.devnet.node.post(
        "/wallet/broadcasthex", "{\"transaction\":\"\(transaction.transaction_hex)\"}")
      try #require(answer.text.contains("true"), "\(answer.text)")
    }

    /// Every change of the breaker and every payout is in the log, and the chain is intact.
    private func logTellsAll(_ fleet: Fleet) async throws {
      try await eventually("the log has the last payout") {
        let tail = try await fleet.payoutctl("audit-log", "tail", "--json")
        let opened = tail.output.components(separatedBy: "\"action\" : \"open\"").count - 1
        let closed = tail.output.components(separatedBy: "\"action\" : \"closed\"").count - 1
        let created = tail.output.components(separatedBy: "\"action\" : \"created\"").count - 1
        // More than the test needed: Ingest looks at the breaker once a second.
        let accepted = try await fleet.storedPayouts().count
        return .when(
          (opened, closed, created) == (2, 2, accepted),
          otherwise: "\(opened), \(closed), \(created) of \(accepted)")
      }
      let verified = try await fleet.payoutctl("audit-log", "verify", "--json")
      try #require(verified.status == 0, "\(verified.output)")
      let witness = try await fleet.witness("store.py", ["audit-log"])
      try #require(witness.hasPrefix("intact"), "\(witness)")
      _ = try await fleet.witness("store.py", ["forge-audit-log"])
      let forged = try await fleet.payoutctl("audit-log", "verify")
      try #require(forged.status == 1 && forged.output.contains("BREAK"), "\(forged.output)")
    }
  }
}
