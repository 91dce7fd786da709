import ArgumentParser
import Foundation
import MongoStore
import Payouts
import Service
import Tron
import TronNode

/// `payoutctl audit`: the chain, read block by block, against the store. Exit status 1 on any
/// difference.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Compare the solidified chain with the store: every transfer, every paid payout.")

  @Option(help: "A wallet of ours that the store may not know (repeatable).")
  var wallet: [String] = []
  @Option(help: "The first block to read; on a devnet the first one, else where the store begins.")
  var fromBlock: Int64?
  @Flag(help: "Open the circuit breaker when there is a difference.") var openBreaker = false
  @Flag(help: "Print one JSON document.") var json = false

  func run() async throws {
    let access = try SystemAccess()
    let node = try solidityNode(access)
    let store = try access.store()
    // The chain first: what the store settles meanwhile lies above this head and is left out.
    let head = try await node.solidifiedHead()
    var wallets = Set(try await store.wallets().map(\.address))
    for text in wallet { wallets.insert(try TronAddress(base58: text)) }
    let before = try await everyTransfer(in: store)
    let first = try firstBlock(access, before)
    let chain = try await ChainReading(
      node: node, contract: access.settings.usdtContract, wallets: wallets
    ).transfers(from: first, through: head.number)
    let report = Audit(
      chain: chain, transfers: try await everyTransfer(in: store),
      payouts: try await everyPayout(in: store), from: first, through: head.number
    ).report()
    if json { try Console.print(json: report) } else { show(report) }
    guard !report.isClean else { return }
    if openBreaker { try await open(access, report) }
    throw ExitCode(1)
  }

  private func open(_ access: SystemAccess, _ report: AuditReport) async throws {
    let access = try OperatorAccess(access)
    let kinds = Set(report.differences.map(\.kind)).sorted().joined(separator: ", ")
    let found = "payoutctl audit: \(report.differences.count) differences: \(kinds)"
    let breaker = try await access.breaker.apply(
      .mismatchFound(found, by: access.who), by: access.actor
    ).breaker
    Console.warn("the circuit breaker is \(breaker.state.rawValue): \(breaker.reason)")
  }

  private func solidityNode(_ access: SystemAccess) throws -> any SolidityNode {
    let nodes = access.settings.nodes
    var options = NodeTransport.Options()
    options.proxy = nodes.proxy?.text
    guard let url = nodes.solidityNodes.first else {
      throw CommandFailure("TRON_SOLIDITY_NODES names no node")
    }
    return TronSolidityNode(
      url: try NodeURL(url), key: try nodes.apiKey.map { try NodeAPIKey($0.text) },
      transport: try NodeTransport(options))
  }

  private func firstBlock(_ access: SystemAccess, _ transfers: [Transfer]) throws -> BlockNumber {
    if let fromBlock { return BlockNumber(max(1, fromBlock)) }
    if access.settings.common.network == .devnet { return BlockNumber(1) }
    guard let lowest = transfers.flatMap(\.attempts).map(\.referenceBlock).min() else {
      throw CommandFailure("the store holds no attempt yet: say where to begin with --from-block")
    }
    return BlockNumber(max(1, lowest.value))
  }

  private func everyTransfer(in store: MongoStore) async throws -> [Transfer] {
    var all: [Transfer] = []
    while true {
      let page = try await store.allTransfers(after: all.last?.id, limit: 1_000)
      all += page
      if page.count < 1_000 { return all }
    }
  }

  private func everyPayout(in store: MongoStore) async throws -> [Payout] {
    var all: [Payout] = []
    while true {
      let page = try await store.allPayouts(after: all.last?.id, limit: 1_000)
      all += page
      if page.count < 1_000 { return all }
    }
  }

  private func show(_ report: AuditReport) {
    print("blocks       \(report.fromBlock) to \(report.throughBlock), solidified")
    print("on chain     \(report.chainTransfers) transfers out of our wallets")
    print("in store     \(report.paidTransfers) transfers paid, \(report.paidPayouts) payouts paid")
    print("unfinished   \(report.unfinished) payouts")
    for difference in report.differences {
      print("DIFFERENCE   \(difference.kind): \(difference.subject): \(difference.explanation)")
    }
    print(report.isClean ? "clean" : "\(report.differences.count) differences")
  }
}
