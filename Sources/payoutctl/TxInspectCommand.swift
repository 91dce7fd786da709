import ArgumentParser
import Tron

/// `payoutctl tx inspect`.
struct TxInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Decodes a transaction, raw or signed, and recovers its signers.")

  @Argument(help: ArgumentHelp("Hex, or - for standard input.", valueName: "hex"))
  var transaction: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let report = TransactionReport(try DecodedTransaction(argument: transaction))
    if json {
      try Console.print(json: report)
    } else {
      Console.print(rows: report.rows)
    }
  }
}
