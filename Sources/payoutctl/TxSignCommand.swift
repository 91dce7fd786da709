import ArgumentParser
import Secp256k1
import Tron

/// `payoutctl tx sign`.
struct TxSignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Adds a signature to a transaction.",
    discussion: """
      Takes the raw data or an already signed transaction, in hex, as an argument or from \
      standard input. Look at it with tx inspect first: whatever it is, it is signed.
      """)

  @Argument(help: ArgumentHelp("Hex, or - for standard input.", valueName: "hex"))
  var transaction = "-"

  @Option(help: ArgumentHelp("The keystore or plain key to sign with.", valueName: "file"))
  var keyFile: String

  @OptionGroup var access: KeyAccess

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let decoded = try DecodedTransaction(argument: transaction)
    let key = try access.key(keyFile)
    let signature = try Secp256k1.sign(decoded.txid.bytes, key: key)
    let signed = SignedTransaction(
      rawData: decoded.rawData, signatures: decoded.signatures + [signature])
    let result = SignResult(
      txid: decoded.txid.hex, signer: key.address.base58, signature: hexString(signature),
      transactionHex: hexString(signed.bytes))
    try result.print(asJSON: json)
  }
}

/// What `tx sign` prints.
private struct SignResult: Encodable {
  var txid: String
  var signer: String
  var signature: String
  var transactionHex: String

  func print(asJSON: Bool) throws {
    guard !asJSON else { return try Console.print(json: self) }
    Console.print(rows: [
      ("txid", txid), ("signer", signer), ("signature", signature), ("transaction", transactionHex),
    ])
  }
}
