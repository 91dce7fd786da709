import Foundation
import Testing

@testable import Service

@Suite struct VariablesTests {
  @Test("Names and flags are unique and plain")
  func unique() {
    #expect(Set(Variables.all.map(\.name)).count == Variables.all.count)
    #expect(Set(Variables.all.map(\.flag)).count == Variables.all.count)
    for variable in Variables.all {
      #expect(variable.name.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" })
      #expect(!variable.readers.isEmpty && !variable.meaning.isEmpty && !variable.example.isEmpty)
    }
  }

  @Test("Every default and every example is a value", arguments: Variables.all.map(\.name))
  func valid(name: String) throws {
    let variable = try #require(Variables.all.first { $0.name == name })
    for role in variable.readers {
      if let text = variable.fallback(for: role) { try variable.check(text) }
    }
    // The examples of files name files of another machine.
    guard !variable.example.hasPrefix("/") else { return }
    try variable.check(variable.example)
  }

  @Test("A role-dependent default covers every reader")
  func roleDefaults() {
    for variable in Variables.all {
      guard case .byRole(let texts) = variable.fallback else { continue }
      #expect(Set(texts.keys) == Set(variable.readers))
    }
  }

  @Test("docs/configuration.md has exactly the rows of the registry")
  func documented() throws {
    let document = try repositoryFile("docs/configuration.md")
    let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
    let expected = Variables.all.map(Self.row)
    for row in expected where !rows.contains(row) { Issue.record("missing: \(row)") }
    for row in rows where !expected.contains(row) { Issue.record("unknown: \(row)") }
  }

  static func row(_ variable: Variable) -> String {
    let readers =
      variable.readers == Role.all
      ? "all"
      : variable.readers == Role.workers
        ? "workers"
        : variable.readers
          .map(\.rawValue).joined(separator: ", ")
    let fallback =
      switch variable.fallback {
      case .text(let text) where !text.isEmpty: "`\(text)`"
      default: variable.fallbackText
      }
    return "| `\(variable.name)` | \(readers) | \(fallback) | \(variable.meaning) |"
  }

  static let slips: [(String, String)] = [
    ("MONGO_URL", "MONGO_URI"), ("MONGODB_URI", "MONGO_URI"), ("MONGO_DATABSE", "MONGO_DATABASE"),
    ("KAFKA_BOOTSTRAP_SERVER", "KAFKA_BOOTSTRAP_SERVERS"),
    ("KAFKA_TOPIC_PREFX", "KAFKA_TOPIC_PREFIX"),
    ("OPS_PROT", "OPS_PORT"), ("HTTP_PRT", "HTTP_PORT"), ("JWT_ISSUR", "JWT_ISSUER"),
    ("JWT_HS265_SECRET_FILE", "JWT_HS256_SECRET_FILE"),
    ("TX_VALIDITY_SECOND", "TX_VALIDITY_SECONDS"),
    ("SIGNER_KEYFILE", "SIGNER_KEY_FILE"), ("DEVNET_PROT", "DEVNET_PORT"),
    ("TRON_NODE", "TRON_NODES"), ("DEATH_PROOF_NODE", "DEATH_PROOF_NODES"),
    ("LOG_LEVL", "LOG_LEVEL"), ("FEE_LIMIT_TRON", "FEE_LIMIT_TRX"),
  ]

  @Test("A slip of the finger in the environment is caught", arguments: slips)
  func nearMiss(name: String, meant: String) {
    let lines = faults(BatcherSettings.self, environment: [name: "x"])
    #expect(lines.count == 1)
    let line = "\(name): is not a variable of any process; did you mean \(meant)?"
    #expect(lines.first?.hasPrefix("\(line); for example \(meant)=") == true, "\(lines)")
  }

  @Test(
    "Other programs' variables are left alone",
    arguments: [
      "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "NO_PROXY", "PATH", "HOME", "LOGNAME", "LANG",
      "LC_ALL", "TERM", "TZ", "KAFKA_HOME", "KAFKA_OPTS", "KAFKA_HEAP_OPTS",
      "KAFKA_ADVERTISED_LISTENERS", "KAFKA_SERVICE_HOST", "KAFKA_PORT_9092_TCP",
      "MONGO_INITDB_DATABASE", "MONGO_PORT", "MONGO_SERVICE_PORT", "MONGO_VERSION", "LOG_DIR",
      "OPS_GENIE_KEY", "TRON_PRO_API_KEY", "RATE", "BATCH_SIZE", "CONFIG_DIR", "SIGNER_HOST_NAME",
    ])
  func foreign(name: String) {
    #expect(faults(BatcherSettings.self, environment: [name: "x"]).isEmpty)
  }

  @Test(
    "The distance counts slips",
    arguments: [
      ("", "", 0), ("a", "", 1), ("PORT", "PORT", 0), ("PROT", "PORT", 1), ("PRT", "PORT", 1),
      ("PORTS", "PORT", 1), ("FORT", "PORT", 1), ("HOST", "PORT", 2),
    ])
  func distance(left: String, right: String, expected: Int) {
    #expect(NearMiss.distance(left, right) == expected)
    #expect(NearMiss.distance(right, left) == expected)
  }
}
