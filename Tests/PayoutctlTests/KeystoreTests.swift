import Foundation
import Testing

@Suite struct KeystoreTests {
  private let directory: TemporaryDirectory
  private let payoutctl: Payoutctl
  private let password: String

  init() throws {
    directory = try TemporaryDirectory()
    payoutctl = Payoutctl(directory: directory)
    password = try directory.file("password", Array("a password\n".utf8))
  }

  private struct Report: Decodable {
    var address: String?
    var verified: Bool
    var kdf: String
    var version: Int
  }

  @Test("Every keystore of the vectors shows its address, checked with the password")
  func vectors() throws {
    for (index, keystore) in try Vectors.keystores().enumerated() {
      let file = try directory.file("wallet-\(index)", keystore.json)
      let password = try directory.file("password-\(index)", Array(keystore.password.utf8))
      let unchecked = try payoutctl("keystore", "inspect", file, "--json")
      let checked = try payoutctl(
        "keystore", "inspect", file, "--password-file", password, "--json")
      let reports = try [unchecked, checked].map { try $0.decode(Report.self) }
      #expect(reports.map(\.verified) == [false, true])
      #expect(reports[0].address == reports[1].address && reports[0].address != nil)
      #expect(reports[1].version == 3 && ["scrypt", "pbkdf2"].contains(reports[1].kdf))
      #expect(!(unchecked.output + checked.output).contains(keystore.privateKey))
    }
  }

  @Test("A new keystore is its owner's alone, opens with its password and is never overwritten")
  func newKeystore() throws {
    let file = directory.path("wallet.json")
    let arguments = ["keystore", "new", "--light", "--out", file, "--password-file", password]
    let made = try payoutctl.run(arguments)
    #expect(made.exitCode == 0 && made.errors.isEmpty)
    let address = made.output.trimmingCharacters(in: .newlines)
    #expect(address.hasPrefix("T") && address.count == 34)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let report = try payoutctl(
      "keystore", "inspect", file, "--password-file", password, "--json"
    ).decode(Report.self)
    #expect(report.address == address && report.verified)

    let before = try Data(contentsOf: URL(filePath: file))
    let again = try payoutctl.run(arguments)
    #expect(again.exitCode == 1 && again.output.isEmpty)
    #expect(try Data(contentsOf: URL(filePath: file)) == before)
  }

  @Test("A wrong password, an empty one and a file that is no keystore are refused with one line")
  func refusals() throws {
    let keystore = try #require(try Vectors.keystores().first)
    let file = try directory.file("wallet.json", keystore.json)
    let plain = try directory.file("plain", Array(keystore.privateKey.utf8))
    let empty = try directory.file("empty", [])
    for outcome in [
      try payoutctl("keystore", "inspect", file, "--password-file", password),
      try payoutctl("keystore", "inspect", plain),
      try payoutctl("keystore", "inspect", empty),
      try payoutctl("keystore", "inspect", directory.path("nothing")),
      try payoutctl("keystore", "new", "--out", directory.path("new"), "--password-file", empty),
    ] {
      #expect(outcome.exitCode == 1)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
      #expect(!outcome.errors.contains(keystore.privateKey))
    }
    #expect(!FileManager.default.fileExists(atPath: directory.path("new")))
  }
}
