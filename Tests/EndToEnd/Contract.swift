import Foundation
import Testing

extension WholeFleet {
  @Suite("The API keeps what its description promises")
  struct Contract {
    @Test("Whatever schemathesis sends, valid or not, is answered as docs/openapi.yaml says")
    func schemathesis() async throws {
      let internalToken = "the contract's internal token"
      var options = FleetOptions()
      options.environment[.ingest] = [
        "ALLOW_PLAIN_SECRETS": "yes", "INTERNAL_TOKEN": internalToken,
      ]
      try await Fleet.run("contract", options) { fleet in
        let contract = Workspace.root.appending(path: "Tests/Contract")
        let served = "http://127.0.0.1:\(fleet.api.copies[0].port)/api/payment/openapi.json"
        // Every check, every phase, every operation; the same data each time.
        let finished = try await runToEnd(
          Workspace.python.deletingLastPathComponent().appending(path: "schemathesis"),
          [
            "--config-file",
            contract.appending(path: "schemathesis.toml").path, "run", served, "--seed", "1",
            "--max-examples", "25", "--no-color",
          ],
          environment: [
            "PATH": "/usr/bin:/bin", "HOME": fleet.directory.path,
            "CONTRACT_TOKEN": fleet.api.token,
            "CONTRACT_INTERNAL_TOKEN": internalToken, "PYTHONPATH": contract.path,
            "PYTHONDONTWRITEBYTECODE": "1", "SCHEMATHESIS_HOOKS": "hooks",
          ],
          in: fleet.directory, within: .seconds(300))
        try #require(
          finished.status == 0, "\(finished.output.suffix(6000))\n\(finished.errors.suffix(2000))")
        // Its warnings are no findings: addresses that a pattern makes have no checksum, so most
        // batches that it takes for valid are refused.
        let summary = try #require(
          finished.output.firstMatch(of: /([0-9]+) generated, ([0-9]+) passed/),
          "\(finished.output)")
        try #require(summary.1 == summary.2)
        try #require(Int(summary.1).map { $0 > 500 } == true)
        for worker in fleet.processes() { try #require(worker.process.isRunning) }
      }
    }
  }
}
