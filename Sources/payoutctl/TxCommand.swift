import ArgumentParser
import Tron

/// `payoutctl tx`: transactions by hand, without any network.
struct TxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tx",
    abstract: "Builds, inspects and signs transactions, offline.",
    subcommands: [TxBuildCommand.self, TxInspectCommand.self, TxSignCommand.self])
}

extension DecodedTransaction {
  /// Reads hex from an argument, or from standard input when it is `-`.
  init(argument: String) throws {
    let text = argument == "-" ? String(decoding: try Console.readInput(), as: UTF8.self) : argument
    var digits = Substring(text)
    while let last = digits.last, last.isWhitespace { digits.removeLast() }
    digits = digits.drop(while: \.isWhitespace)
    if digits.hasPrefix("0x") { digits = digits.dropFirst(2) }
    guard !digits.isEmpty, let bytes = bytes(hex: digits) else {
      throw CommandFailure("the transaction is not hex")
    }
    try self.init(rawDataOrTransaction: bytes)
  }
}
