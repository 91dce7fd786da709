import Foundation
import Testing

@testable import Service

@Suite struct SecretTests {
  let secret = "correct-horse-battery-staple-0123456789"

  @Test("A secret comes from its file, without the line end")
  func fromFile() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("jwt", secret + "\r\n")
    let settings = try settings(
      IngestSettings.self, environment: ["JWT_HS256_SECRET_FILE": path])
    #expect(settings.tokens.hs256Secret?.text == secret)
  }

  @Test("A secret in a variable is refused unless that is allowed")
  func plain() throws {
    let lines = faults(IngestSettings.self, environment: ["JWT_HS256_SECRET": secret])
    #expect(lines.contains { $0.contains("ALLOW_PLAIN_SECRETS=yes") })
    #expect(!lines.joined().contains(secret))
    let settings = try settings(
      IngestSettings.self,
      environment: ["JWT_HS256_SECRET": secret, "ALLOW_PLAIN_SECRETS": "yes"])
    #expect(settings.tokens.hs256Secret?.text == secret)
  }

  @Test("A secret in a file and in a variable: which one is meant?")
  func both() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("jwt", secret)
    let lines = faults(
      IngestSettings.self,
      environment: [
        "JWT_HS256_SECRET": secret, "JWT_HS256_SECRET_FILE": path, "ALLOW_PLAIN_SECRETS": "yes",
      ])
    #expect(lines.contains { $0.contains("set one of them") })
  }

  @Test(
    "Files that hold no usable secret are refused without showing them",
    arguments: ["", "\n", "short-secret"])
  func unusable(content: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("jwt", content)
    let lines = faults(IngestSettings.self, environment: ["JWT_HS256_SECRET_FILE": path])
    #expect(lines.first?.hasPrefix("JWT_HS256_SECRET_FILE: ") == true)
    #expect(!lines.joined().contains("short-secret"))
  }

  @Test("A file too large to be a secret is refused")
  func tooLarge() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("jwt", String(repeating: "x", count: 70_000))
    let lines = faults(IngestSettings.self, environment: ["JWT_HS256_SECRET_FILE": path])
    #expect(lines.first?.contains("more than 65536 bytes") == true)
  }

  @Test("No description, dump or interpolation of settings shows a secret")
  func neverShown() throws {
    let directory = try TemporaryDirectory()
    let uri = "mongodb://payouts:\(secret)@mongo-1,mongo-2/admin?authSource=\(secret)"
    let settings = try settings(
      IngestSettings.self,
      environment: [
        "JWT_HS256_SECRET_FILE": try directory.file("jwt", secret),
        "INTERNAL_TOKEN_FILE": try directory.file("token", secret), "MONGO_URI": uri,
      ])
    var dumped = ""
    dump(settings, to: &dumped)
    for text in ["\(settings)", String(reflecting: settings), dumped] {
      #expect(!text.contains(secret))
    }
    #expect("\(settings.common.mongo.uri)" == "mongodb://mongo-1,mongo-2/admin")
    #expect(settings.common.mongo.uri.text == uri)
  }

  @Test(
    "Faults of variables that may carry credentials do not show the value",
    arguments: [
      ("MONGO_URI", "mongo://u:hunter2@h"), ("MONGO_URI", "hunter2"),
      ("TRON_PROXY", "socks5h://u:hunter2@h"),
    ])
  func hiddenFaults(name: String, value: String) {
    let lines = faults(ConfirmerSettings.self, environment: [name: value])
    #expect(lines.count == 1)
    #expect(!lines.joined().contains("hunter2"))
  }

  @Test("The connection string may come from a file, but not twice")
  func uriFile() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("uri", "mongodb://u:hunter2@h\n")
    let settings = try settings(BatcherSettings.self, environment: ["MONGO_URI_FILE": path])
    #expect(settings.common.mongo.uri.text == "mongodb://u:hunter2@h")
    let lines = faults(
      BatcherSettings.self, environment: ["MONGO_URI_FILE": path, "MONGO_URI": "mongodb://a"])
    #expect(lines.first?.contains("set one of them") == true)
    let bad = try directory.file("bad", "hunter2")
    let badLines = faults(BatcherSettings.self, environment: ["MONGO_URI_FILE": bad])
    #expect(badLines.count == 1 && !badLines.joined().contains("hunter2"))
  }
}
