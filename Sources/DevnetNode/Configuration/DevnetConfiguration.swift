/// Everything that a devnet is told from outside; every value is checked before anything starts.
public struct DevnetConfiguration: Sendable, Equatable {
  /// Address to listen on.
  public var host = "127.0.0.1"
  /// Port to listen on; 0 takes a free one.
  public var port = 9090
  /// Length of a slot.
  public var blockIntervalMilliseconds: Int64 = 3000
  /// Number of block producers.
  public var witnessCount = 27
  /// LIMIT: waiting transactions.
  public var poolLimit = 2000
  /// Whether blocks are produced from the start, or only on request.
  public var isProducing = true
  /// JSON file with the first accounts and the parameters.
  public var genesisFile: String?
  /// JSON file with timed calls of the admin API.
  public var faultsFile: String?
  /// Directory that keeps the chain over a restart; without one it lives in memory.
  public var dataDirectory: String?

  /// The names of the variables, for help texts and command lines.
  public static let names = [
    "DEVNET_HOST", "DEVNET_PORT", "DEVNET_BLOCK_INTERVAL_MS", "DEVNET_WITNESSES",
    "DEVNET_POOL_LIMIT", "DEVNET_PRODUCTION", "DEVNET_GENESIS_FILE", "DEVNET_FAULTS_FILE",
    "DEVNET_DATA_DIR",
  ]

  /// The defaults.
  public init() {}

  /// Reads the variables through `value`, which gives the text of a name or `nil`.
  public init(_ value: (String) -> String?) throws(ConfigurationError) {
    func number<Number: FixedWidthInteger>(
      _ name: String, _ range: ClosedRange<Number>, default fallback: Number
    ) throws(ConfigurationError) -> Number {
      guard let text = value(name) else { return fallback }
      guard let number = Number(text), range.contains(number) else {
        throw ConfigurationError(
          "\(name): \"\(text)\" is not a whole number from \(range.lowerBound) to"
            + " \(range.upperBound), for example \(fallback)")
      }
      return number
    }
    func nonEmpty(_ name: String, _ example: String) throws(ConfigurationError) -> String? {
      guard let text = value(name) else { return nil }
      guard !text.isEmpty else {
        throw ConfigurationError("\(name): is empty, expected for example \(example)")
      }
      return text
    }
    host = try nonEmpty("DEVNET_HOST", "127.0.0.1") ?? host
    port = try number("DEVNET_PORT", 0...65_535, default: port)
    blockIntervalMilliseconds = try number(
      "DEVNET_BLOCK_INTERVAL_MS", 10...60_000, default: blockIntervalMilliseconds)
    witnessCount = try number("DEVNET_WITNESSES", 1...100, default: witnessCount)
    poolLimit = try number("DEVNET_POOL_LIMIT", 1...1_000_000, default: poolLimit)
    switch value("DEVNET_PRODUCTION") {
    case nil, "on": isProducing = true
    case "off": isProducing = false
    case .some(let text):
      throw ConfigurationError("DEVNET_PRODUCTION: \"\(text)\" is neither on nor off")
    }
    genesisFile = try nonEmpty("DEVNET_GENESIS_FILE", "genesis.json")
    faultsFile = try nonEmpty("DEVNET_FAULTS_FILE", "faults.json")
    dataDirectory = try nonEmpty("DEVNET_DATA_DIR", "/tmp/devnet")
  }
}

/// A value that the devnet cannot start with; the message is one line for the operator.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong and where.
  public let description: String

  init(_ description: String) { self.description = description }
}
