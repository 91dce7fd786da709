import Foundation
import Testing

@Suite struct TxSignTests {
  private let directory: TemporaryDirectory
  private let payoutctl: Payoutctl

  init() throws {
    directory = try TemporaryDirectory()
    payoutctl = Payoutctl(directory: directory)
  }

  private struct Signed: Decodable {
    var txid: String
    var signer: String
    var signature: String
    var transactionHex: String
  }

  @Test("Raw data from standard input is signed, and a second key adds its signature")
  func severalSignatures() throws {
    let vector = try #require(
      try Vectors.load().transactions.first { $0.extraPrivateKeys != nil })
    let keys = [vector.privateKey] + (vector.extraPrivateKeys ?? [])
    var transaction = vector.rawDataHex
    for (index, key) in keys.enumerated() {
      let file = try directory.file("key-\(index)", Array(key.utf8))
      let outcome = try payoutctl(
        "tx", "sign", "--key-file", file, "--allow-plain-key", "--json", input: transaction)
      #expect(outcome.exitCode == 0)
      let signed = try outcome.decode(Signed.self)
      #expect(signed.txid == vector.txID)
      #expect(signed.signature == vector.signature[index])
      #expect(!outcome.output.contains(key))
      transaction = signed.transactionHex
    }
    #expect(transaction == vector.transactionHex)
  }

  @Test("What is not a transaction is not signed")
  func garbage() throws {
    let key = try directory.file("key", Array(String(repeating: "ab", count: 32).utf8))
    for text in ["deadbeef", "", "0a00", "nonsense"] {
      let outcome = try payoutctl("tx", "sign", text, "--key-file", key, "--allow-plain-key")
      #expect(outcome.exitCode == 1)
      #expect(outcome.output.isEmpty)
    }
  }

  @Test("A missing option is a usage error with exit code 64")
  func usage() throws {
    let outcome = try payoutctl("tx", "sign", "00")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("--key-file"))
  }
}
