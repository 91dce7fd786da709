import ArgumentParser
import Foundation
import Payouts
import Service
import Tron

/// `payoutctl batch`: many payouts in one request.
struct BatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Create batches of payouts from a file, look at one, or cancel it.",
    subcommands: [Create.self, Get.self, Cancel.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Create payouts from a CSV file, in batches of up to 100.",
      discussion: """
        The first row names the columns: recipient, amount, reason and, if wanted,
        client_reference, in any order. The whole file is checked before anything is sent.

        Running it again with the same rows pays nothing twice: every batch of 100 rows is sent
        with an Idempotency-Key made of what these rows say. Rows added or removed shift the
        batches after them and make these new.

        Exit status: 0 everything was accepted (or, with --dry-run, nothing is wrong), 1 it
        stopped on the way (it says what to do), 2 the file is faulty and nothing was sent, 64 wrong
        usage.
        """)

    @Option(help: "The file.") var csv: String
    @Option(help: "PayoutRouterV0 or PayoutRouterKYC.") var router = "PayoutRouterV0"
    @Option(help: "LOW, NORMAL, HIGH or URGENT.") var priority = "NORMAL"
    @Option(help: "IMMEDIATE, HOURLY, DAILY or WEEKLY.") var batchType = "IMMEDIATE"
    @Option(help: "Another label makes the same rows a new request, paid again.") var label = ""
    @Flag(help: "Check the file, send nothing.") var dryRun = false
    @Option(help: "The API; http://HTTP_HOST:HTTP_PORT when left out.") var api: String?
    @Option(help: "A file with a bearer token; not needed with --dry-run.") var tokenFile: String?
    @Option(help: "Seconds to wait for a busy or absent API, for each batch.") var patience = 600.0
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
      guard dryRun || tokenFile != nil else { throw ValidationError("--token-file is required") }
      guard patience >= 0 else { throw ValidationError("--patience must not be negative") }
    }

    func run() async throws {
      let bytes = try read()
      let sheet = try PayoutSheet(
        bytes, terms: .init(router: router, priority: priority, batchType: batchType),
        recipients: try recipients())
      var report = BatchReport(sheet)
      guard sheet.faults.isEmpty else {
        try report.show(json: json)
        throw ExitCode(2)
      }
      if let tokenFile, !dryRun {
        let upload = BatchUpload(
          connection: try APIConnection(api: api, tokenFile: tokenFile),
          patience: Patience(seconds: patience), label: label)
        let (accepted, stop) = await upload.send(sheet.chunks)
        report.batches = accepted
        report.failure = stop?.reason
        report.advice = stop?.advice
      }
      try report.show(json: json)
      if report.failure != nil { throw ExitCode(1) }
    }

    // LIMIT: some hundred thousand rows.
    private static let maximumBytes = 64 << 20

    private func read() throws -> [UInt8] {
      guard let file = FileHandle(forReadingAtPath: csv),
        let data = try file.read(upToCount: Self.maximumBytes + 1)
      else {
        // An empty file has no data either.
        guard FileManager.default.isReadableFile(atPath: csv) else {
          throw CommandFailure("--csv: cannot read \(csv)")
        }
        return []
      }
      guard data.count <= Self.maximumBytes else {
        throw CommandFailure("--csv: \(csv) is larger than 64 MiB; split it")
      }
      return Array(data)
    }

    /// Our own wallets are known to the API only; it looks at everything again.
    private func recipients() throws -> RecipientPolicy {
      let contract: TronAddress
      do {
        contract = try SystemAccess().settings.usdtContract
      } catch is CommandFailure {
        // Away from the fleet there are no settings; the real contract is never a recipient.
        contract = try TronAddress(base58: TronNetwork.mainnet.usdtContract)
      }
      return RecipientPolicy(usdtContract: contract, ownWallets: [])
    }
  }

  struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Look at a batch.")

    @OptionGroup var access: PayoutCommand.Access
    @Argument(help: "The batch's id.") var id: String

    func run() async throws {
      access.show(
        try await access.call("GET", "/payouts/batch/\(APIConnection.escaped(id))"),
        order: Self.order)
    }

    static let order = [
      "batch_id", "status", "total_payouts", "completed_payouts", "failed_payouts",
      "pending_payouts", "cancelled_payouts", "total_amount_usdt", "completed_amount_usdt",
      "router_type", "priority", "batch_type", "created_at", "estimated_completion",
    ]
  }

  struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Cancel those payouts of a batch of which no transaction was planned.",
      discussion: """
        The counts of the answer tell how many are cancelled. Exit status: 0 some are, or are about
        to be, 1 all go on, or nobody knows yet: run it again.
        """)

    @OptionGroup var access: PayoutCommand.Access
    @Argument(help: "The batch's id.") var id: String

    func run() async throws {
      access.show(
        try await access.call("POST", "/payouts/batch/\(APIConnection.escaped(id))/cancel"),
        order: Get.order)
    }
  }
}
