import Foundation
import Logging
import Payouts
import Testing
import Tron

@testable import Service

/// Reads the settings of a role and answers its faults, one line each.
func faults<Settings: RoleSettings>(
  _: Settings.Type, arguments: [String] = [], environment: [String: String]
) -> [String] {
  guard
    case .refuse(let faults) = SettingsLoad<Settings>.load(
      arguments: arguments, environment: environment)
  else { return [] }
  for fault in faults.faults {
    #expect(!fault.name.isEmpty && !fault.message.isEmpty && !fault.example.isEmpty, "\(fault)")
    #expect(!fault.description.contains("\n"), "one line: \(fault)")
  }
  return faults.faults.map(\.description)
}

/// Reads the settings of a role or fails the test.
func settings<Settings: RoleSettings>(
  _: Settings.Type, arguments: [String] = [], environment: [String: String]
) throws -> Settings {
  switch SettingsLoad<Settings>.load(arguments: arguments, environment: environment) {
  case .run(let settings): return settings
  case .refuse(let faults): throw faults
  case .show(let text): throw StartupError("asked to show \(text)")
  }
}

@Suite struct SettingsTests {
  static let malformed: [(String, String, String)] = [
    ("KAFKA_BOOTSTRAP_SERVERS", "kafka", "must be host:port"),
    ("KAFKA_BOOTSTRAP_SERVERS", "kafka:0", "must be host:port"),
    ("KAFKA_BOOTSTRAP_SERVERS", "a:1,,b:2", "must be host:port"),
    ("KAFKA_BOOTSTRAP_SERVERS", "fe80::1:9092", "must be host:port"),
    ("KAFKA_TOPIC_PREFIX", "a b", "must be at most 100 letters"),
    ("KAFKA_PARTITIONS", "0", "must be a whole number from 1 to 1000"),
    ("KAFKA_PARTITIONS", "twelve", "must be a whole number from 1 to 1000"),
    ("KAFKA_PARTITIONS", "+12", "must be a whole number from 1 to 1000"),
    ("KAFKA_PROPERTIES_FILE", "/nowhere/kafka.properties", "must name a file: there is none"),
    ("KAFKA_PROPERTIES_FILE", "/tmp", "must name a file: it is a directory"),
    ("MONGO_URI", "postgres://x", "must begin with mongodb://"),
    ("MONGO_DATABASE", "a/b", "must be at most 63 letters"),
    ("LOG_LEVEL", "loud", "must be one of trace, debug, info"),
    ("LOG_FORMAT", "xml", "must be one of json, text"),
    ("OPS_HOST", "http://x", "must be a host name or an address"),
    ("OPS_PORT", "65536", "must be a whole number from 0 to 65535"),
    ("OPS_PORT", "-1", "must be a whole number from 0 to 65535"),
    ("TRON_NETWORK", "ropsten", "must be one of mainnet, nile, shasta, devnet"),
    ("USDT_CONTRACT", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", "wrong_checksum"),
    ("USDT_CONTRACT", "0x41", "wrong_length"),
    ("TRON_NODES", "node.example.com", "must be a URL"),
    ("TRON_NODES", "ftp://node.example.com", "must be a URL"),
    ("TRON_NODES", "https://user:hunter2@node.example.com", "must not carry a user name"),
    ("TRON_NODES", "https://node.example.com?key=hunter2", "must not carry a query"),
    ("TRON_NODES", "https://a.example.com,https://A.example.com/", "must name every node once"),
    ("TRON_NODES", "https://a.example/one,https://a.example/two", "must name every node once"),
    ("TRON_NODES", "https://a.example,https://A.example:443/x", "must name every node once"),
    ("TRON_NODES", "http://a.example:80,http://b.example,http://a.example", "every node once"),
    ("TRON_PROXY", "127.0.0.1:9050", "must be socks5h://host:port"),
    ("DEATH_PROOF_NODES", "0", "must be a whole number from 1 to 20"),
    ("JOURNAL_REWIND_SECONDS", "2h", "must be whole seconds from 0"),
    ("BROADCAST_INTERVAL_SECONDS", "0", "must be whole seconds from 1 to 600"),
    ("SCAN_INTERVAL_MS", "1", "must be whole milliseconds from 50 to 60000"),
    ("MAX_ATTEMPTS", "0", "must be a whole number from 1 to 100"),
    ("BATCH_LIMIT", "1e3", "must be a whole number from 1 to 10000"),
    ("SWEEP_INTERVAL_SECONDS", " 5", "must be whole seconds from 1 to 3600"),
    ("FAILPOINTS", "signer.after_lunch", "is not a failpoint"),
    ("FAILPOINTS_STATE_DIR", "/nowhere", "must name a directory"),
    ("CONFIG_FILE", "/nowhere.json", "cannot be read"),
  ]

  @Test(
    "A malformed value stops the Confirmer with a line that names variable, fault and example",
    arguments: malformed)
  func malformedValue(name: String, value: String, fault: String) throws {
    let lines = faults(ConfirmerSettings.self, environment: [name: value])
    let line = try #require(lines.first)
    #expect(line.hasPrefix("\(name): "))
    #expect(line.contains(fault), "\(line)")
    #expect(line.contains("; for example "), "\(line)")
    #expect(!line.contains("hunter2") || name == "TRON_NODES")
    #expect(!line.contains("\n"))
  }

  static let malformedForOthers: [(Role, String, String, String)] = [
    (.ingest, "HTTP_PORT", "http", "must be a whole number"),
    (.ingest, "JWT_JWKS_URL", "id.example.com", "must be a URL"),
    (.ingest, "RATE_LIMITS", "some", "must be one of shared, local, off"),
    (.ingest, "LIMIT_DAILY_USDT", "1e4", "must be off, or USDT above 0"),
    (.ingest, "LIMIT_HOURLY_USDT_KYC", "0", "must be off, or USDT above 0"),
    (.ingest, "WINDOW_DAILY_SECONDS", "0", "must be whole seconds from 1"),
    (.ingest, "PUBLISH_WAIT_MS", "2s", "must be whole milliseconds"),
    (.batcher, "NETTING", "perhaps", "must be on or off"),
    (.signer, "ALLOW_PLAIN_KEY", "maybe", "must be yes or no"),
    (.signer, "TX_VALIDITY_SECONDS", "3601", "must be whole seconds from 10 to 3600"),
    (.signer, "FEE_LIMIT_TRX", "15000.1", "must be TRX above 0 up to 15000"),
    (.signer, "FEE_LIMIT_TRX", "0.0000001", "must be TRX above 0"),
    (.signer, "SIGNER_MAX_TRANSFER_USDT", "99999999999999999999", "must be USDT above 0"),
    (.signer, "SIGNER_KEY_FILE", "/nowhere/key.json", "must name a file"),
  ]

  @Test(
    "A malformed value of another role's variable stops that role",
    arguments: malformedForOthers)
  func malformedElsewhere(role: Role, name: String, value: String, fault: String) {
    let lines =
      switch role {
      case .ingest: faults(IngestSettings.self, environment: [name: value])
      case .batcher: faults(BatcherSettings.self, environment: [name: value])
      default: faults(SignerSettings.self, environment: [name: value])
      }
    #expect(lines.contains { $0.hasPrefix("\(name): ") && $0.contains(fault) }, "\(lines)")
  }

  @Test(
    "One node on two ports, or two schemes with their own ports, are two nodes",
    arguments: ["http://a.example:1,http://a.example:2", "http://a.example,https://a.example"])
  func nodesOfOneHost(nodes: String) throws {
    let settings = try settings(ConfirmerSettings.self, environment: ["TRON_NODES": nodes])
    #expect(settings.nodes.nodes.count == 2)
  }

  @Test(
    "A file with a secret that is empty or too large stops the process, and so does a short secret",
    arguments: [
      ("", "names an empty file"), ("\n\n", "names an empty file"),
      (String(repeating: "x", count: 70_000), "names a file of more than 65536 bytes"),
      ("too short", "shorter than the 32 bytes that HS256 needs"),
    ])
  func badSecretFile(content: String, fault: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("secret", content)
    let lines = faults(IngestSettings.self, environment: ["JWT_HS256_SECRET_FILE": path])
    let line = try #require(lines.first)
    #expect(line.hasPrefix("JWT_HS256_SECRET_FILE: ") && line.contains(fault), "\(line)")
    #expect(line.hasSuffix("; for example JWT_HS256_SECRET_FILE=/run/secrets/jwt"), "\(line)")
    #expect(!line.contains("too short") && !line.contains("xxx"))
  }

  @Test("What excludes each other, or belongs to a devnet only, is told with a line that is right")
  func contradictions() throws {
    let directory = try TemporaryDirectory()
    let secret = try directory.file("secret", "a secret of more than thirty-two bytes")
    let uri = try directory.file("uri", "mongodb://user:hunter2@a")
    let notURI = try directory.file("not-a-uri", "hunter2")
    let token = ["JWT_HS256_SECRET_FILE": secret]
    let cases: [(String, [String: String], String)] = [
      ("MONGO_URI", ["MONGO_URI": "mongodb://a", "MONGO_URI_FILE": uri], "set one of them"),
      ("MONGO_URI_FILE", ["MONGO_URI_FILE": notURI], "must begin with mongodb://"),
      ("WINDOW_HOURLY_SECONDS", ["WINDOW_HOURLY_SECONDS": "5", "TRON_NETWORK": "nile"], "devnet"),
      (
        "JWT_HS256_SECRET", ["JWT_HS256_SECRET": "hunter2", "ALLOW_PLAIN_SECRETS": "yes"],
        "set one of them"
      ),
    ]
    for (name, environment, fault) in cases {
      let lines = faults(
        IngestSettings.self, environment: environment.merging(token) { given, _ in given })
      let line = try #require(lines.first)
      #expect(line.hasPrefix("\(name): ") && line.contains(fault), "\(lines)")
      #expect(!line.contains("hunter2"))
    }
  }

  @Test("Every fault is told at once")
  func allFaults() {
    let lines = faults(
      ConfirmerSettings.self,
      environment: ["OPS_PORT": "x", "LOG_LEVEL": "loud", "MONGO_URL": "mongodb://a"])
    #expect(lines.count == 3)
  }

  @Test("A malformed variable of another role is nobody's concern")
  func otherRole() throws {
    _ = try settings(BatcherSettings.self, environment: ["HTTP_PORT": "http"])
  }

  @Test("Nothing set: the defaults of the documents")
  func defaults() throws {
    let confirmer = try settings(ConfirmerSettings.self, environment: [:])
    #expect(confirmer.common.kafka.bootstrapList == "127.0.0.1:9092")
    #expect(confirmer.common.kafka.topicPrefix == "")
    #expect(confirmer.common.kafka.partitions == 12)
    #expect(confirmer.common.mongo.uri.text == "mongodb://127.0.0.1:27017")
    #expect(confirmer.common.mongo.database == "tron_payments")
    #expect(confirmer.common.log.level == .info)
    #expect(confirmer.common.ops?.port == 9103)
    #expect(confirmer.common.network == .devnet)
    #expect(confirmer.common.sweepInterval == .seconds(5))
    #expect(confirmer.usdtContract.base58 == "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
    #expect(confirmer.nodes.nodes == ["http://127.0.0.1:9090"])
    #expect(confirmer.nodes.solidityNodes == confirmer.nodes.nodes)
    #expect(confirmer.deathProofNodes == 1)
    #expect(confirmer.journalRewind == .seconds(7200))
    #expect(confirmer.broadcastInterval == .seconds(15))
    #expect(confirmer.maxAttempts == 8)
    #expect(confirmer.batchLimit == 500)
    #expect(try settings(BatcherSettings.self, environment: [:]).common.ops?.port == 9101)
  }

  @Test("The contract follows the network", arguments: TronNetwork.allCases)
  func contract(network: TronNetwork) throws {
    let settings = try settings(
      PayoutctlSettings.self, environment: ["TRON_NETWORK": network.rawValue])
    #expect(settings.usdtContract.base58 == network.usdtContract)
  }

  @Test("A flag wins over the environment, the environment over the file")
  func precedence() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.file(
      "config.json",
      #"{"MONGO_DATABASE": "file", "KAFKA_TOPIC_PREFIX": "file-", "OPS_PORT": 1, "HTTP_PORT": 80}"#)
    let settings = try settings(
      BatcherSettings.self, arguments: ["--mongo-database=flag", "--config", file],
      environment: ["MONGO_DATABASE": "environment", "KAFKA_TOPIC_PREFIX": "environment-"])
    #expect(settings.common.mongo.database == "flag")
    #expect(settings.common.kafka.topicPrefix == "environment-")
    #expect(settings.common.ops?.port == 1)
  }

  static let badFiles: [(String, String)] = [
    ("{", "is not one JSON object"), ("[]", "is not one JSON object"),
    (#"{"OPS_PORT": 1.5}"#, "is not one JSON object"),
    (#"{"OPS_PORT": null}"#, "is not one JSON object"),
    (#"{"OPS_PROT": 1}"#, "did you mean OPS_PORT?"),
    (#"{"colour": "red"}"#, "is not a variable of any process"),
    (#"{"OPS_PORT": "x"}"#, "OPS_PORT"), (#"{"NETTING": 3}"#, "NETTING"),
  ]

  @Test("A bad file stops the process", arguments: badFiles)
  func badFile(content: String, fault: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("config.json", content)
    let lines = faults(BatcherSettings.self, environment: ["CONFIG_FILE": path])
    #expect(lines.contains { $0.contains(fault) }, "\(lines)")
  }

  static let badCommandLines: [([String], String)] = [
    (["--mongo-url", "x"], "did you mean --mongo-uri?"), (["--colour", "red"], "is not an option"),
    (["--http-port", "80"], "is not an option of batcher but of ingest, payoutctl"),
    (["--ops-port"], "--ops-port: needs a value"),
    (["--ops-port", "--log-level"], "--ops-port: needs a value"),
    (["--ops-port", "1", "--ops-port=2"], "is given twice"),
    (["run"], "belongs to no option"), (["-x"], "belongs to no option"),
    (["--jwt-hs256-secret", "hunter2"], "would show a secret"), (["--ops-port="], "is empty"),
  ]

  @Test("A bad command line stops the process", arguments: badCommandLines)
  func badCommandLine(arguments: [String], fault: String) {
    let lines = faults(BatcherSettings.self, arguments: arguments, environment: [:])
    #expect(lines.count >= 1)
    #expect(lines.contains { $0.contains(fault) }, "\(lines)")
    #expect(!lines.joined().contains("hunter2"))
  }

  @Test("An empty environment variable counts as not set")
  func emptyEnvironment() throws {
    let settings = try settings(
      BatcherSettings.self, environment: ["OPS_PORT": "", "KAFKA_TOPIC_PREFIX": ""])
    #expect(settings.common.ops?.port == 9101)
  }

  @Test("Static membership has a name that survives a restart, or none")
  func groupInstance() throws {
    let host = ProcessInfo.processInfo.hostName
    let cases: [([String: String], String?)] = [
      ([:], "batcher-\(host)-9101"), (["OPS_PORT": "9201"], "batcher-\(host)-9201"),
      (["OPS_PORT": "0"], nil), (["KAFKA_GROUP_INSTANCE_ID": ""], nil),
      (["KAFKA_GROUP_INSTANCE_ID": "b-1", "OPS_PORT": "0"], "b-1"),
    ]
    for (environment, expected) in cases {
      let settings = try settings(BatcherSettings.self, environment: environment)
      #expect(settings.common.kafka.groupInstanceID == expected)
    }
  }

  @Test(
    "Fewer solidity nodes than a death proof needs: refused",
    arguments: [
      (["TRON_NETWORK": "mainnet"], true), (["TRON_NETWORK": "devnet"], false),
      (["TRON_NETWORK": "nile", "DEATH_PROOF_NODES": "1"], false),
      (["DEATH_PROOF_NODES": "2"], true),
      (["TRON_NETWORK": "mainnet", "TRON_NODES": "https://a.example,https://b.example"], false),
      (
        [
          "TRON_NETWORK": "mainnet", "TRON_NODES": "https://a.example,https://b.example",
          "TRON_SOLIDITY_NODES": "https://a.example",
        ], true
      ),
    ])
  func deathProof(environment: [String: String], isRefused: Bool) {
    let lines = faults(ConfirmerSettings.self, environment: environment)
    #expect(lines.isEmpty != isRefused, "\(lines)")
    #expect(lines.allSatisfy { $0.hasPrefix("TRON_SOLIDITY_NODES: ") })
  }

  @Test(
    "A journal rewind that leaves out plans that may be alive: refused",
    arguments: [("4199", "nile", true), ("4200", "nile", false), ("0", "devnet", false)])
  func rewind(seconds: String, network: String, isRefused: Bool) {
    let lines = faults(
      ConfirmerSettings.self,
      environment: [
        "JOURNAL_REWIND_SECONDS": seconds, "TRON_NETWORK": network, "DEATH_PROOF_NODES": "1",
      ])
    #expect(lines.isEmpty != isRefused, "\(lines)")
    #expect(lines.allSatisfy { $0.hasPrefix("JOURNAL_REWIND_SECONDS: ") })
  }

  @Test("The Signer needs a key, Ingest a source of keys for tokens")
  func required() throws {
    #expect(
      faults(SignerSettings.self, environment: [:]).first?.hasPrefix("SIGNER_KEY_FILE: ") == true)
    #expect(
      faults(IngestSettings.self, environment: [:]).first?.hasPrefix("JWT_HS256_SECRET_FILE: ")
        == true)
    let url = ["JWT_JWKS_URL": "https://id.example.com/jwks"]
    #expect(faults(IngestSettings.self, environment: url).isEmpty)
  }

  @Test("Help and version are shown and nothing is checked")
  func helpAndVersion() {
    for arguments in [["--help"], ["-h"], ["--colour", "--help"]] {
      guard
        case .show(let text) = SettingsLoad<SignerSettings>.load(
          arguments: arguments, environment: ["OPS_PORT": "x"])
      else {
        Issue.record("help is not shown")
        continue
      }
      for variable in Variables.read(by: .signer) {
        #expect(text.contains(variable.flag) && text.contains(variable.name))
      }
      #expect(!text.contains("--http-port"))
    }
    guard
      case .show(let version) = SettingsLoad<SignerSettings>.load(
        arguments: ["--version"], environment: [:])
    else {
      Issue.record("version is not shown")
      return
    }
    #expect(version == "signer \(Version.text)\n")
  }
}
