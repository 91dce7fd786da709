import ArgumentParser
import Secp256k1
import Tron

/// `payoutctl tx build`.
struct TxBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Builds one USDT transfer, and signs it when a key file is given.",
    discussion: """
      Reads one JSON object from standard input: owner, recipient, contract (base58), amount \
      (micro-USDT), ref_block_bytes, ref_block_hash (hex), expiration, timestamp (milliseconds), \
      fee_limit (sun). Numbers may also be decimal strings; timestamp and fee_limit are 0 when \
      absent.
      """)

  @Option(help: ArgumentHelp("Sign with this keystore or plain key.", valueName: "file"))
  var keyFile: String?

  @OptionGroup var access: KeyAccess

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let transaction = try TransferRequest(json: Console.readInput()).transaction()
    let rawData = transaction.rawData
    let txid = TransactionID(hashing: rawData)
    var result = BuiltTransaction(rawDataHex: hexString(rawData), txid: txid.hex)
    if let keyFile {
      let key = try access.key(keyFile)
      if key.address != transaction.owner {
        Console.warn("the key is of \(key.address), not of the owner \(transaction.owner)")
      }
      let signature = try Secp256k1.sign(txid.bytes, key: key)
      let signed = SignedTransaction(rawData: rawData, signatures: [signature])
      result.signature = hexString(signature)
      result.transactionHex = hexString(signed.bytes)
    }
    try result.print(asJSON: json)
  }
}

/// What `tx build` prints.
private struct BuiltTransaction: Encodable {
  var rawDataHex: String
  var txid: String
  var signature: String?
  var transactionHex: String?

  func print(asJSON: Bool) throws {
    guard !asJSON else { return try Console.print(json: self) }
    Console.print(rows: [
      ("txid", txid), ("raw data", rawDataHex), ("signature", signature),
      ("transaction", transactionHex),
    ])
  }
}
