import Foundation
import Testing

@Suite struct BatchCreateTests {
  private static let recipient = "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"

  private struct Report: Decodable {
    struct Fault: Decodable {
      var line: Int
      var column: String?
      var reason: String
    }
    var rows: Int
    var batchCount: Int
    var totalAmountUsdt: String?
    var faults: [Fault]
  }

  private let directory: TemporaryDirectory
  private let payoutctl: Payoutctl

  init() throws {
    directory = try TemporaryDirectory()
    payoutctl = Payoutctl(directory: directory)
  }

  private func dryRun(_ csv: String, _ more: String...) throws -> (Report, Int32) {
    try dryRun(Array(csv.utf8), more)
  }

  private func dryRun(_ csv: [UInt8], _ more: [String] = []) throws -> (Report, Int32) {
    let file = try directory.file("payouts-\(UUID().uuidString).csv", csv)
    let outcome = try payoutctl.run(
      ["batch", "create", "--csv", file, "--dry-run", "--json"] + more)
    return (try outcome.decode(Report.self), outcome.exitCode)
  }

  @Test(
    "Good files are understood, however they are spelled",
    arguments: [
      "recipient,amount,reason\nR,5.50,a\nR,3.25,b\n",
      "recipient,amount,reason\nR,5.50,a\nR,3.25,b",
      "recipient,amount,reason\r\nR,5.5,a\r\nR,3.250,b\r\n",
      "\u{FEFF}recipient,amount,reason\nR,5.50,a\nR,3.25,b\n",
      "reason,client_reference,amount,recipient\na,,5.50,R\nb,,3.25,R\n",
      "reason,client_reference,amount,recipient\na,1,5.50,R\nb,2,3.25,R\n",
      "\"recipient\",amount,reason\nR,\"5.50\",\"a, \"\"b\"\"\nand more\"\r\n\"R\",3.25,ö\n",
    ])
  func good(csv: String) throws {
    let (report, exitCode) = try dryRun(
      csv.replacing("R,", with: Self.recipient + ",")
        .replacing(",R\n", with: ",\(Self.recipient)\n")
        .replacing("\"R\"", with: "\"\(Self.recipient)\""))
    #expect(exitCode == 0)
    #expect(report.faults.isEmpty, "\(report.faults)")
    #expect(report.rows == 2)
    #expect(report.batchCount == 1)
    #expect(report.totalAmountUsdt == "8.75")
  }

  @Test(
    "What is wrong is told with its line and its column",
    arguments: [
      ("", ["1  empty"]),
      ("recipient,amount,reason\n", ["1  empty"]),
      ("recipient,amount,reasn\nR,1,a\n", ["1 reasn unknown_column", "1 reason missing_column"]),
      ("recipient,amount,reason,amount\n", ["1 amount duplicate_column"]),
      (
        "recipient;amount;reason\n",
        [
          "1 recipient;amount;reason unknown_column", "1 recipient missing_column",
          "1 amount missing_column", "1 reason missing_column",
        ]
      ),
      (
        "recipient,amount,reason\nR,1\nR,1,a,b\n",
        ["2  wrong_column_count", "3  wrong_column_count"]
      ),
      ("recipient,amount,reason\n\nR,1,a\n", ["2  not_csv"]),
      ("recipient,amount,reason\nR,1,a \"b\" c\nR,0,a\n", ["2  not_csv", "3 amount too_small"]),
      ("recipient,amount,reason\nR,1,\"a\" b\n", ["2  not_csv"]),
      ("recipient,amount,reason\nR,1,a\nR,1,\"a\nR,1,b\n", ["3  not_csv"]),
      ("recipient,amount,reason\nR,1,a\rb\n", ["2  not_csv"]),
      (
        "recipient,amount,reason\nR,\"1\n\",a\nR,x,a\n",
        ["2 amount not_decimal", "4 amount not_decimal"]
      ),
      (
        "recipient,amount,reason\nR,1.005,\nR,10001,a\n",
        ["2 amount too_many_decimals", "2 reason too_short", "3 amount too_large"]
      ),
      (
        "recipient,amount,reason\nTR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,1,a\nTxx,1,a\n",
        ["2 recipient usdt_contract", "3 recipient wrong_length"]
      ),
      (
        "recipient,amount,reason,client_reference\nR,1,a,x\nR,1,a,y\nR,1,a,x\n",
        ["4 client_reference duplicate"]
      ),
    ] as [(String, [String])])
  func faulty(csv: String, faults: [String]) throws {
    let (report, exitCode) = try dryRun(csv.replacing("R,", with: Self.recipient + ","))
    #expect(exitCode == 2)
    #expect(report.faults.map { "\($0.line) \($0.column ?? "") \($0.reason)" } == faults)
    #expect(report.totalAmountUsdt == nil)
  }

  @Test("A file that is not UTF-8 is told so")
  func notUTF8() throws {
    let (report, exitCode) = try dryRun([0xFF, 0xFE, 0x72, 0x00])
    #expect(exitCode == 2)
    #expect(report.faults.map(\.reason) == ["not_csv"])
  }

  @Test("More than a hundred rows become several batches; a reference is unique in all of them")
  func split() throws {
    func csv(last: String) -> String {
      let rows = (1...250).map { "\(Self.recipient),0.01,a,ref-\($0 == 250 ? last : "\($0)")\n" }
      return "recipient,amount,reason,client_reference\n" + rows.joined()
    }
    let (good, _) = try dryRun(csv(last: "250"))
    #expect(good.batchCount == 3)
    #expect(good.rows == 250)
    #expect(good.totalAmountUsdt == "2.50")
    let (bad, exitCode) = try dryRun(csv(last: "1"))
    #expect(exitCode == 2)
    #expect(bad.faults.map(\.line) == [251])
  }

  @Test("Without --json the faults are a table by line, and the end says that nothing was sent")
  func table() throws {
    let file = try directory.file(
      "bad.csv", Array("recipient,amount,reason\n\(Self.recipient),0,a\n".utf8))
    let outcome = try payoutctl("batch", "create", "--csv", file, "--dry-run")
    #expect(outcome.exitCode == 2)
    #expect(
      outcome.output == """
        line  column  reason
        2     amount  too_small  must be at least 0.01

        1 faults; nothing was sent

        """)
  }

  @Test(
    "What is wrong with the call itself is told",
    arguments: [
      (["--batch-type", "YEARLY", "--dry-run"], "--batch-type"),
      (["--priority", "high", "--dry-run"], "--priority"),
      (["--router", "V0", "--dry-run"], "--router"),
      ([], "--token-file"),
    ] as [([String], String)])
  func usage(arguments: [String], word: String) throws {
    let file = try directory.file(
      "good.csv", Array("recipient,amount,reason\n\(Self.recipient),1,a\n".utf8))
    let outcome = try payoutctl.run(["batch", "create", "--csv", file] + arguments)
    #expect(outcome.exitCode == 1 || outcome.exitCode == 64)
    #expect(outcome.errors.contains(word), "\(outcome.errors)")
  }

  @Test("An API that is not there stops it with status 1, once patience is over")
  func noAPI() throws {
    let csv = try directory.file(
      "good.csv", Array("recipient,amount,reason\n\(Self.recipient),1,a\n".utf8))
    let token = try directory.file("token", Array("t\n".utf8))
    let outcome = try payoutctl(
      "batch", "create", "--csv", csv, "--token-file", token, "--api",
      "http://127.0.0.1:1/api/payment", "--patience", "0")
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.contains("Run it again"))
    #expect(outcome.output.contains("batch 1 of 1: the API cannot be reached"))
  }

  @Test(
    "A refusal by what holds now is not final, one by the request itself is",
    arguments: [
      (#""limit":10000.00,"used":9990.00,"requested":20.00"#, "1800", "Run it again in 30 min"),
      (#""limit":null,"used":null,"requested":null"#, "60", "Run it again in 1 min"),
      (#""limit":10.00,"used":0.00,"requested":20.00"#, "1800", "Correct lines 2 to 2"),
      (#""errors":[]"#, nil, "Correct lines 2 to 2"),
    ] as [(String, String?, String)])
  func refused(details: String, retryAfter: String?, advice: String) throws {
    let csv = try directory.file(
      "good.csv", Array("recipient,amount,reason\n\(Self.recipient),20,a\n".utf8))
    let token = try directory.file("token", Array("t\n".utf8))
    let server = try RefusingServer(
      body: #"{"error":{"code":"LUCID_ERR_2003","message":"m","details":{\#(details)}}}"#,
      retryAfter: retryAfter)
    let outcome = try payoutctl(
      "batch", "create", "--csv", csv, "--token-file", token, "--api",
      "http://127.0.0.1:\(server.port)/api/payment", "--patience", "1")
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.contains(advice), "\(outcome.output)\(outcome.errors)")
  }
}
