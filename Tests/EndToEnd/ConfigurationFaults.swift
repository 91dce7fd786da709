import Foundation
import Testing

@Suite("EndToEnd: faults of the configuration that only show when things are opened")
struct ConfigurationFaults {
  @Test("A worker says in one line which variable is wrong, with an example, and ends with 78")
  func ends78() async throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "configuration-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { remove(directory) }
    func file(_ name: String, _ text: String) throws -> String {
      let url = directory.appending(path: name)
      try Data(text.utf8).write(to: url)
      return url.path
    }
    let plain = try file("plain", String(repeating: "1", count: 64))
    let keystore = directory.appending(path: "keystore").path
    let made = try await runToEnd(
      Workspace.binary("payoutctl"),
      [
        "keystore", "new", "--light", "--out", keystore, "--password-file",
        try file("password", "right"),
      ], in: directory)
    try #require(made.status == 0, "\(made.errors)")
    let cases: [(String, [String: String], String, String)] = [
      (
        "signer", ["SIGNER_KEY_FILE": keystore], "SIGNER_KEY_PASSWORD_FILE",
        "a keystore needs a password file"
      ),
      (
        "signer",
        [
          "SIGNER_KEY_FILE": keystore,
          "SIGNER_KEY_PASSWORD_FILE": try file("wrong", "hunter2"),
        ], "SIGNER_KEY_PASSWORD_FILE", "password"
      ),
      (
        "signer", ["SIGNER_KEY_FILE": try file("a", "neither")], "SIGNER_KEY_FILE",
        "neither a keystore nor a key"
      ),
      ("signer", ["SIGNER_KEY_FILE": plain], "SIGNER_KEY_FILE", "ALLOW_PLAIN_KEY=yes"),
      ("signer", ["SIGNER_KEY_FILE": try file("b", "{}")], "SIGNER_KEY_FILE", "not a keystore"),
      (
        "batcher", ["KAFKA_PROPERTIES_FILE": try file("c", "no.such.property=hunter2")],
        "KAFKA_PROPERTIES_FILE", "no.such.property is unknown"
      ),
      (
        "signer",
        [
          "KAFKA_PROPERTIES_FILE": try file("d", "hunter2"), "SIGNER_KEY_FILE": plain,
          "ALLOW_PLAIN_KEY": "yes",
        ], "KAFKA_PROPERTIES_FILE", "line 1 is not of the form"
      ),
      (
        "confirmer", ["TRON_API_KEY_FILE": try file("e", "hunter2 hunter2")], "TRON_API_KEY_FILE",
        "printable ASCII"
      ),
      ("ingest", ["JWT_JWKS_FILE": try file("f", "{}")], "JWT_JWKS_FILE", "no array"),
    ]
    for (worker, environment, variable, fault) in cases {
      var environment = environment
      environment["OPS_PORT"] = "0"
      environment["HTTP_PORT"] = "0"
      // Nothing answers there; what is wrong is told before anything is waited for.
      environment["MONGO_URI"] = "mongodb://127.0.0.1:1"
      environment["KAFKA_BOOTSTRAP_SERVERS"] = "127.0.0.1:1"
      environment["LOG_LEVEL"] = "error"
      let ended = try await runToEnd(
        Workspace.binary(worker), [], environment: environment, in: directory,
        within: .seconds(30))
      #expect(ended.status == 78, "\(worker) \(variable): \(ended.errors)")
      let lines = ended.errors.split(separator: "\n").filter {
        $0.hasPrefix("\(worker): \(variable): ")
      }
      #expect(lines.count == 1, "\(ended.errors)")
      #expect(lines.allSatisfy { $0.contains(fault) && $0.contains("; for example ") }, "\(lines)")
      #expect(!ended.errors.contains("hunter2"))
    }
  }

  private func remove(_ directory: URL) {
    do { try FileManager.default.removeItem(at: directory) } catch { print("left: \(error)") }
  }
}
