import Foundation
import Testing

@Suite struct TxBuildTests {
  private let directory: TemporaryDirectory
  private let payoutctl: Payoutctl
  private let transfers: [Vectors.Transaction]

  init() throws {
    directory = try TemporaryDirectory()
    payoutctl = Payoutctl(directory: directory)
    transfers = try Vectors.load().transactions.filter(\.isPlainTransfer)
  }

  private struct Built: Decodable {
    var rawDataHex: String
    var txid: String
    var signature: String?
    var transactionHex: String?
  }

  /// The input of a vector; numbers with the given quotes.
  private func input(_ vector: Vectors.Transaction, quote: String) throws -> String {
    let transfer = try #require(vector.trc20)
    let raw = vector.rawData
    return """
      {"owner": "\(vector.ownerBase58)", "recipient": "\(transfer.toBase58)",
       "contract": "\(transfer.contractBase58)", "amount": \(quote)\(transfer.amount)\(quote),
       "ref_block_bytes": "\(raw.refBlockBytes)", "ref_block_hash": "\(raw.refBlockHash)",
       "expiration": \(quote)\(raw.expiration ?? 0)\(quote),
       "timestamp": \(quote)\(raw.timestamp ?? 0)\(quote),
       "fee_limit": \(quote)\(raw.feeLimit ?? 0)\(quote)}
      """
  }

  @Test("Every transfer of the vectors is built and signed byte by byte with a plain key")
  func plainKey() throws {
    #expect(transfers.count >= 23)
    for (index, vector) in transfers.enumerated() {
      let key = try directory.file("key-\(index)", Array(vector.privateKey.utf8))
      let outcome = try payoutctl(
        "tx", "build", "--json", "--key-file", key,
        input: input(vector, quote: index.isMultiple(of: 2) ? "\"" : ""),
        environment: ["ALLOW_PLAIN_KEY": "yes"])
      let built = try outcome.decode(Built.self)
      #expect(outcome.exitCode == 0)
      #expect(outcome.errors.isEmpty)
      #expect(built.rawDataHex == vector.rawDataHex, "\(vector)")
      #expect(built.txid == vector.txID)
      #expect(built.signature == vector.signature[0])
      #expect(built.transactionHex == vector.transactionHex)
    }
  }

  @Test("Without a key the transaction is built and not signed")
  func unsigned() throws {
    let vector = try #require(transfers.first)
    let built = try payoutctl("tx", "build", "--json", input: input(vector, quote: "\""))
      .decode(Built.self)
    #expect(built.rawDataHex == vector.rawDataHex)
    #expect(built.signature == nil && built.transactionHex == nil)
  }

  @Test("A keystore signs with its password, and a foreign key is warned about")
  func keystore() throws {
    let vector = try #require(transfers.first)
    let keystore = try #require(try Vectors.keystores().first)
    let file = try directory.file("wallet.json", keystore.json)
    let password = try directory.file("password", Array((keystore.password + "\n").utf8))
    let outcome = try payoutctl(
      "tx", "build", "--json", "--key-file", file, "--password-file", password,
      input: input(vector, quote: ""))
    #expect(outcome.exitCode == 0)
    #expect(try outcome.decode(Built.self).signature?.count == 130)
    #expect(outcome.errors.contains("not of the owner"))
    #expect(!outcome.output.contains(keystore.privateKey))
  }

  @Test("A plain key that is not allowed is refused and the error says how to allow it")
  func plainKeyRefused() throws {
    let vector = try #require(transfers.first)
    let key = try directory.file("key", Array(vector.privateKey.utf8))
    let input = try input(vector, quote: "")
    let refused = try payoutctl("tx", "build", "--json", "--key-file", key, input: input)
    #expect(refused.exitCode == 1)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("ALLOW_PLAIN_KEY=yes"))
    #expect(refused.errors.contains("--allow-plain-key"))
    #expect(!refused.errors.contains(vector.privateKey))
    let allowed = try payoutctl(
      "tx", "build", "--json", "--key-file", key, "--allow-plain-key", input: input)
    #expect(allowed.exitCode == 0)
  }

  @Test(
    "Bad input is refused with one line on standard error and nothing on standard output",
    arguments: [
      ("\"amount\": 10000", "\"amount\": -1"), ("\"amount\": 10000", "\"amount\": 1.5"),
      ("\"amount\": 10000", "\"amount\": 1e4"), ("\"amount\": 10000", "\"amount\": \"\""),
      ("\"amount\": 10000", "\"amount\": null"), ("\"amount\": 10000", "\"amount\": true"),
      ("\"amount\": 10000", "\"amount\": [1]"),
      ("\"amount\": 10000", "\"amount\": 1\(TxBuildTests.huge)"),
      ("\"amount\"", "\"amout\""), ("\"owner\": \"T", "\"owner\": \"X"),
      ("\"ref_block_bytes\": \"b4", "\"ref_block_bytes\": \""),
      ("\"ref_block_hash\": \"e8", "\"ref_block_hash\": \"zz"),
      ("\"expiration\": 1", "\"expiration\": -1"), ("\"fee_limit\": ", "\"memo\": \"x\", \"y\": "),
      ("\"fee_limit\": ", "\"fee_limit\": 99999999999999999999"), ("{", "["), ("}", ""), ("{", ""),
    ])
  func badInput(_ old: String, _ new: String) throws {
    let input = try input(#require(transfers.first), quote: "")
    try #require(input.contains(old))
    try expectRefusal(input.replacingOccurrences(of: old, with: new))
  }

  static let huge = String(repeating: "0", count: 78)

  @Test("Every invalid address is refused in every place")
  func invalidAddresses() throws {
    let vector = try #require(transfers.first)
    let input = try input(vector, quote: "")
    for (index, invalid) in try Vectors.load().invalidAddresses.enumerated() {
      let transfer = try #require(vector.trc20)
      let places = [vector.ownerBase58, transfer.toBase58, transfer.contractBase58]
      try expectRefusal(input.replacingOccurrences(of: places[index % 3], with: invalid.input))
    }
  }

  private func expectRefusal(_ input: String) throws {
    let outcome = try payoutctl("tx", "build", "--json", input: input)
    #expect(outcome.exitCode == 1, "\(input)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.hasSuffix("\n"))
    #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
  }
}
