import Foundation
import Testing
import Tron

@testable import DevnetNode

@Suite struct ConfigurationTests {
  @Test func `has the documented defaults`() throws {
    let configuration = try DevnetConfiguration { _ in nil }
    #expect(configuration == DevnetConfiguration())
    #expect(configuration.host == "127.0.0.1" && configuration.port == 9090)
    #expect(configuration.blockIntervalMilliseconds == 3000 && configuration.witnessCount == 27)
    #expect(configuration.poolLimit == 2000 && configuration.isProducing)
  }

  @Test(arguments: [
    ("DEVNET_PORT", "x"), ("DEVNET_PORT", "65536"), ("DEVNET_PORT", ""), ("DEVNET_HOST", ""),
    ("DEVNET_BLOCK_INTERVAL_MS", "0"), ("DEVNET_BLOCK_INTERVAL_MS", "3s"),
    ("DEVNET_WITNESSES", "0"), ("DEVNET_WITNESSES", "1000"), ("DEVNET_POOL_LIMIT", "-1"),
    ("DEVNET_PRODUCTION", "yes"), ("DEVNET_DATA_DIR", ""),
  ]) func `a malformed value is refused by name`(name: String, text: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try DevnetConfiguration { $0 == name ? text : nil }
    }
    #expect(error?.description.hasPrefix("\(name): ") == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func `reads a genesis file`() throws {
    let text = """
      {"parameters":{"energy_fee":420,"free_net_limit":0},
       "accounts":[{"address":"\(try Wallet(0).address.base58)","trx_sun":5,"usdt_micro":"6",
                    "energy":7,"bandwidth":8,"blacklisted":true}]}
      """
    let genesis = try Genesis(json: Array(text.utf8))
    #expect(genesis.parameters.energyFee == 420 && genesis.parameters.freeNetLimit == 0)
    #expect(genesis.edits.count == 5)
  }

  @Test(arguments: [
    ("", "not JSON"), ("[]", "the file: expected an object"), ("{\"x\":1}", "unknown member \"x\""),
    ("{\"accounts\":5}", "accounts: expected an array"),
    ("{\"accounts\":[{\"address\":\"T\"}]}", "accounts[0].address: not a TRON address"),
    (
      "{\"accounts\":[{\"address\":\"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t\",\"trx_sun\":-1}]}",
      "accounts[0].trx_sun: expected a whole number"
    ),
    (
      "{\"accounts\":[{\"address\":\"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t\",\"trx\":1}]}",
      "unknown member \"trx\""
    ),
    ("{\"parameters\":{\"energy_fee\":0}}", "energy_fee: must be at least 1"),
  ]) func `a malformed genesis file is refused with its place`(text: String, reason: String) {
    let error = #expect(throws: ConfigurationError.self) { try Genesis(json: Array(text.utf8)) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }
}

@Suite struct BlockFileTests {
  /// A directory for one test, removed afterwards.
  private final class Directory {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("devnet-\(UUID().uuidString)").path

    var file: URL { URL(fileURLWithPath: path).appendingPathComponent("blocks.jsonl") }

    deinit {
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch {
        Issue.record("cannot remove \(path)")
      }
    }
  }

  private func open(_ directory: Directory, witnesses: Int = 3) throws -> DevnetNode {
    var configuration = DevnetConfiguration()
    configuration.dataDirectory = directory.path
    configuration.witnessCount = witnesses
    return try DevnetNode(configuration) { World.start }
  }

  @Test func `a restarted node has the same chain and the same balances`() throws {
    let directory = Directory()
    let wallet = try Wallet(0)
    let node = try open(directory)
    node.update { state, now in
      state.edit(
        [.setSun(wallet.address, 1_000_000_000), .setMicroUSDT(wallet.address, 50)],
        nowMilliseconds: now)
    }
    try node.produce(blocks: 1, advanceMilliseconds: 0)
    var world = try World(witnesses: 3)
    world.state = node.read { $0 }
    let transaction = try world.usdt(from: wallet, to: world.wallets[1].address, 20)
    try node.update { (state, now) throws(Refusal) in
      try state.broadcast(transaction, signature: .success(()), nowMilliseconds: now)
    }
    try node.produce(blocks: 2, advanceMilliseconds: 5000)
    _ = try node.fork(Fork(depth: 2))
    try node.produce(blocks: 3, advanceMilliseconds: 0)
    let again = try open(directory)
    let (before, after) = (node.read { $0 }, again.read { $0 })
    #expect(after.chain.blocks.map(\.id) == before.chain.blocks.map(\.id))
    #expect(after.chain.solidNumber == before.chain.solidNumber)
    #expect(after.ledger.accounts == before.ledger.accounts)
    #expect(after.ledger.holdings == before.ledger.holdings)
    #expect(after.ledger.holding(of: wallet.address).balance == 30)
    try again.produce(blocks: 1, advanceMilliseconds: 0)
    #expect(again.read { $0.chain.head.number } == before.chain.head.number + 1)
  }

  @Test func `a torn last line is cut off`() throws {
    let directory = Directory()
    let node = try open(directory)
    let whole = try Data(contentsOf: directory.file)
    try (whole + Data("{\"slot\":99,\"id\":\"00".utf8)).write(to: directory.file)
    let again = try open(directory)
    #expect(again.read { $0.chain.head.id } == node.read { $0.chain.head.id })
    #expect(try Data(contentsOf: directory.file) == whole)
  }

  @Test func `a damaged file and another configuration are refused`() throws {
    let directory = Directory()
    _ = try open(directory)
    #expect(throws: ConfigurationError.self) { try open(directory, witnesses: 4) }
    var text = String(decoding: try Data(contentsOf: directory.file), as: UTF8.self)
    text = text.replacing("\"slot\":3", with: "\"slot\":2")
    try Data(text.utf8).write(to: directory.file)
    #expect(throws: ConfigurationError.self) { try open(directory) }
  }
}
