import Foundation
import Tron

/// The devnet of a fleet: its process, its chain, and the faults that a test asks for.
struct Devnet: Sendable {
  let process: ChildProcess
  let node: HTTPClient
  let chain: Chain

  var url: String { "http://127.0.0.1:\(node.port)" }

  /// A devnet whose first block gives the wallet what the options say.
  static func start(
    in directory: URL, _ options: FleetOptions, wallet: TronAddress
  ) async throws -> Devnet {
    let genesis = directory.appending(path: "genesis.json")
    try Data(
      """
      {"accounts":[{"address":"\(wallet)","trx_sun":\(options.walletTRX.value),\
      "usdt_micro":\(options.walletUSDT.micro)}]}
      """.utf8
    ).write(to: genesis)
    let port = try freePorts(1)[0]
    let process = ChildProcess(
      "devnet", Workspace.binary("devnet"),
      environment: [
        "DEVNET_HOST": "127.0.0.1", "DEVNET_PORT": String(port),
        "DEVNET_BLOCK_INTERVAL_MS": String(options.blockIntervalMilliseconds),
        "DEVNET_WITNESSES": String(options.witnesses), "DEVNET_GENESIS_FILE": genesis.path,
        "DEVNET_DATA_DIR": directory.appending(path: "devnet").path,
      ], log: directory.appending(path: "devnet.log"))
    try await process.start()
    try await listens(process, port: port)
    let node = HTTPClient(port: port)
    let contract = try TronAddress(base58: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
    return Devnet(process: process, node: node, chain: Chain(node: node, contract: contract))
  }
}
