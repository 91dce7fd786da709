import ArgumentParser
import Configuration
import DevnetNode
import Foundation
import Logging
import ServiceLifecycle

/// Starts the devnet from environment variables; a `--port 0` and the like on the command line come
/// first.
@main
struct DevnetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devnet",
    abstract: "A TRON full node and solidity node over HTTP, for development and tests.",
    discussion: """
      Every option is also an environment variable: --port is DEVNET_PORT, --block-interval-ms is \
      DEVNET_BLOCK_INTERVAL_MS. The node prints one line with its URL when it is ready.
      """,
    version: "devnet 0.1.0")

  @Option(help: "Address to listen on.") var host: String?
  @Option(help: "Port to listen on; 0 takes a free one.") var port: String?
  @Option(help: "Length of a slot in milliseconds.") var blockIntervalMs: String?
  @Option(help: "Number of block producers.") var witnesses: String?
  @Option(help: "Transactions that may wait.") var poolLimit: String?
  @Option(help: "on, or off for blocks on request only.") var production: String?
  @Option(help: "JSON file with accounts and parameters.") var genesisFile: String?
  @Option(help: "JSON file with timed faults.") var faultsFile: String?
  @Option(help: "Directory that keeps the chain over a restart.") var dataDir: String?

  mutating func run() async throws {
    let options = [
      "DEVNET_HOST": host, "DEVNET_PORT": port, "DEVNET_BLOCK_INTERVAL_MS": blockIntervalMs,
      "DEVNET_WITNESSES": witnesses, "DEVNET_POOL_LIMIT": poolLimit,
      "DEVNET_PRODUCTION": production, "DEVNET_GENESIS_FILE": genesisFile,
      "DEVNET_FAULTS_FILE": faultsFile, "DEVNET_DATA_DIR": dataDir,
    ]
    let environment = ConfigReader(provider: EnvironmentVariablesProvider())
    do {
      let configuration = try DevnetConfiguration { name in
        let key = ConfigKey(name.lowercased().split(separator: "_").map(String.init))
        return options[name].flatMap { $0 } ?? environment.string(forKey: key)
      }
      try await Self.serve(configuration)
    } catch {
      FileHandle.standardError.write(Data("devnet: \(error)\n".utf8))
      throw ExitCode(1)
    }
  }

  private static func serve(_ configuration: DevnetConfiguration) async throws {
    let node = try DevnetNode(configuration) { Int64(Date().timeIntervalSince1970 * 1000) }
    var logger = Logger(label: "devnet") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .warning
    let server = try DevnetServer(node: node, configuration: configuration, logger: logger) { url in
      FileHandle.standardOutput.write(Data("devnet: listening on \(url)\n".utf8))
    }
    let services = ServiceGroup(
      services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await services.run()
  }
}
