import Foundation
import Testing
import Tron

@Suite struct TxInspectTests {
  private let directory: TemporaryDirectory
  private let payoutctl: Payoutctl
  private let transactions: [Vectors.Transaction]

  init() throws {
    directory = try TemporaryDirectory()
    payoutctl = Payoutctl(directory: directory)
    transactions = try Vectors.load().transactions
  }

  private struct Report: Decodable {
    var txid: String
    var type: String
    var owner: String?
    var contract: String?
    var call: Call?
    var permissionId: Int32
    var refBlockBytes: String
    var refBlockHash: String
    var expiration: Int64
    var timestamp: Int64
    var feeLimit: Int64
    var memoHex: String?
    var plainTransfer: Bool
    var signatures: [String]
    var signers: [String?]
    var rawDataHex: String

    struct Call: Decodable {
      var method: String
      var recipient: String?
      var amount: String?
    }
  }

  private func address(hex text: String) throws -> String {
    try TronAddress(bytes: #require(bytes(hex: text))).base58
  }

  @Test("Every transaction of the vectors is reported as it was made, signed and raw")
  func vectors() throws {
    for vector in transactions {
      let signed = try payoutctl("tx", "inspect", vector.transactionHex, "--json")
      #expect(signed.exitCode == 0 && signed.errors.isEmpty)
      let report = try signed.decode(Report.self)
      try expect(report, vector)
      #expect(report.signatures == vector.signature)
      #expect(report.signers == (try vector.recoveredSignersHex.map(address(hex:))), "\(vector)")

      let raw = try payoutctl("tx", "inspect", "-", "--json", input: vector.rawDataHex + "\n")
        .decode(Report.self)
      try expect(raw, vector)
      #expect(raw.signatures.isEmpty && raw.signers.isEmpty)
    }
  }

  private func expect(_ report: Report, _ vector: Vectors.Transaction) throws {
    #expect(report.txid == vector.txID)
    #expect(report.rawDataHex == vector.rawDataHex)
    #expect(report.type == vector.type)
    #expect(report.owner == vector.ownerBase58)
    #expect(report.refBlockBytes == vector.rawData.refBlockBytes)
    #expect(report.refBlockHash == vector.rawData.refBlockHash)
    #expect(report.expiration == vector.rawData.expiration ?? 0)
    #expect(report.timestamp == vector.rawData.timestamp ?? 0)
    #expect(report.feeLimit == vector.rawData.feeLimit ?? 0)
    #expect(report.memoHex == vector.rawData.data)
    #expect(report.permissionId == vector.rawData.contract[0].permissionId ?? 0)
    if let transfer = vector.trc20 {
      #expect(report.contract == transfer.contractBase58)
      #expect(report.call?.method == "transfer")
      #expect(report.call?.recipient == transfer.toBase58)
      #expect(report.call?.amount == transfer.amount)
      let fits = Int64(transfer.amount) != nil
      #expect(report.plainTransfer == (vector.isPlainTransfer && fits), "\(vector)")
    }
  }

  @Test("A signature that nobody made is reported as nobody's")
  func badSignature() throws {
    let vector = try #require(transactions.first)
    let raw = try #require(bytes(hex: vector.rawDataHex))
    let spoiled = SignedTransaction(
      rawData: raw, signatures: [[UInt8](repeating: 0, count: 65), [1]])
    let report = try payoutctl("tx", "inspect", hexString(spoiled.bytes), "--json")
      .decode(Report.self)
    #expect(report.signers == [nil, nil])
  }

  @Test("Without --json people get a table")
  func table() throws {
    let vector = try #require(transactions.first { $0.name == "trc20-multisig-two-signatures" })
    let outcome = try payoutctl("tx", "inspect", vector.transactionHex)
    let transfer = try #require(vector.trc20)
    for part in [
      vector.txID, vector.ownerBase58, transfer.toBase58, "1.000000", "30.000000 TRX",
      "permission      2", "2026-09-21T14:16:05Z",
    ] {
      #expect(outcome.output.contains(part), "\(part)")
    }
  }

  @Test(
    "What is not a transaction is refused with one line",
    arguments: ["", "zz", "abc", "00", "0a02b400", String(repeating: "ff", count: 100), "-"])
  func notATransaction(_ text: String) throws {
    let outcome = try payoutctl("tx", "inspect", text, "--json")
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test("A truncated transaction never kills the command with a signal")
  func truncated() throws {
    let hex = try #require(transactions.first).transactionHex
    for length in stride(from: 2, to: hex.count, by: 34) {
      let outcome = try payoutctl("tx", "inspect", String(hex.prefix(length)))
      #expect(outcome.exitCode == 0 || outcome.exitCode == 1)
    }
  }
}
