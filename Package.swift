// swift-tools-version: 6.2
// The module graph is the architecture: who may link the key, the chain, the HTTP server is readable here.
// See docs/ARCHITECTURE.md.
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let configuration: Target.Dependency = .product(
  name: "Configuration", package: "swift-configuration")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpClient: Target.Dependency = .product(
  name: "AsyncHTTPClient", package: "async-http-client")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")

func library(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
  name: "tron-payouts",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "ingest", targets: ["Ingest"]),
    .executable(name: "batcher", targets: ["Batcher"]),
    .executable(name: "signer", targets: ["Signer"]),
    .executable(name: "confirmer", targets: ["Confirmer"]),
    .executable(name: "devnet", targets: ["Devnet"]),
    .executable(name: "payoutctl", targets: ["payoutctl"]),
    .executable(name: "signing-bench", targets: ["SigningBench"]),
    .executable(name: "http-bench", targets: ["HTTPBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    // The C libraries: module maps and shims only.
    system("CLibrdkafka", pkgConfig: "rdkafka", apt: "librdkafka-dev"),
    system("CLibmongoc", pkgConfig: "libmongoc-1.0", apt: "libmongoc-dev"),
    system("CSecp256k1", pkgConfig: "libsecp256k1", apt: "libsecp256k1-dev"),
    system("CLibcurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),

    // The protocol and the brain: no I/O, no clock, no randomness.
    library(
      "Tron", [crypto, protobuf],
      exclude: ["Protobuf/contracts.proto", "Protobuf/transaction.proto"]),
    library("Payouts", ["Tron"]),

    // Adapters: each wraps one outside part and implements one port. They never import each other.
    library("Secp256k1", ["CSecp256k1", "Tron"]),
    library("KeyVault", ["Payouts", "Secp256k1", "Tron", crypto, cryptoExtras]),
    library("KafkaLog", ["CLibrdkafka", "Payouts", log]),
    library("MongoStore", ["CLibmongoc", "Payouts", log]),
    library("TronNode", ["CLibcurl", "Payouts", "Tron", log]),

    // The runtime every worker shares.
    library("Service", ["Payouts", log, metrics, lifecycle, configuration, hummingbird]),
    library(
      "PayoutAPI",
      ["Payouts", "Service", "Tron", crypto, hummingbird, httpClient, jwt, log, metrics]),
    library("DevnetNode", ["Secp256k1", "Tron", crypto, hummingbird, log]),

    // What every worker opens: the store and the log. Neither a key nor the chain.
    library("Wiring", ["KafkaLog", "MongoStore", "Payouts", "Service", "Tron"]),

    // The fleet: wiring only.
    executable("Ingest", ["KafkaLog", "MongoStore", "PayoutAPI", "Service", "Wiring"]),
    executable("Batcher", ["Payouts", "Service", "Wiring"]),
    executable("Signer", ["KeyVault", "Payouts", "Secp256k1", "Service", "Wiring", log]),
    executable("Confirmer", ["KafkaLog", "Payouts", "Service", "TronNode", "Wiring"]),
    executable("Devnet", ["DevnetNode", arguments, configuration, lifecycle, log]),
    executable(
      "payoutctl",
      [
        "KafkaLog", "KeyVault", "MongoStore", "Payouts", "Secp256k1", "Service", "Tron",
        "TronNode", "Wiring", arguments, crypto, jwt,
      ]),

    .executableTarget(
      name: "SigningBench", dependencies: ["CSecp256k1", "Secp256k1", "Tron", arguments],
      path: "Benchmarks/SigningBench", swiftSettings: strict),
    .executableTarget(
      name: "HTTPBench",
      dependencies: [
        "PayoutAPI", "Payouts", "Service", "Tron", arguments, crypto, hummingbird, log, metrics,
      ],
      path: "Benchmarks/HTTPBench", swiftSettings: strict),

    // Tests: those of adapters talk to the real broker, store and devnet that `make test` starts.
    tests("TronTests", ["Tron", protobuf]),
    tests("KeyVaultTests", ["KeyVault", "Secp256k1", "Tron"]),
    tests("PayoutsTests", ["Payouts", "Tron"]),
    tests("KafkaLogTests", ["KafkaLog", "Payouts", log]),
    tests("MongoStoreTests", ["MongoStore", "Payouts", "Tron", log]),
    tests("TronNodeTests", ["TronNode", "Payouts", "Tron", hummingbird, log]),
    tests("ServiceTests", ["Service", "Payouts", log, metrics, lifecycle, configuration]),
    tests(
      "PayoutAPITests",
      [
        "MongoStore", "PayoutAPI", "Payouts", "Service", "Tron", hummingbird, jwt, log,
        .product(name: "HummingbirdTesting", package: "hummingbird"),
      ]),
    tests(
      "DevnetNodeTests",
      [
        "DevnetNode", "Secp256k1", "Tron", hummingbird,
        .product(name: "HummingbirdTesting", package: "hummingbird"),
      ],
      resources: [.copy("tronpy_witness.py")]),
    tests("Simulation", ["Payouts", "Secp256k1", "Tron"]),
    tests("EndToEnd", ["Payouts", "Tron"]),
    tests("PayoutctlTests", ["Tron"]),
  ]
)
