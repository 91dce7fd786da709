import Payouts
import Synchronization
import Testing
import Tron

@testable import TronNode

@Suite("What nodes answer")
struct AnswerTests {
  private let transport: NodeTransport
  private let wallet: TronAddress
  private let usdt: TronAddress

  init() throws {
    transport = try makeTransport()
    wallet = try TronAddress(base58: Shapes.wallet)
    usdt = try TronAddress(base58: Shapes.usdt)
  }

  /// Runs with a node that always answers the same.
  private func with<Value>(
    _ answer: String, _ body: (TronFullNode, TronSolidityNode, ScriptedNode) async throws -> Value
  ) async throws -> Value {
    let node = try ScriptedNode(.text(answer))
    defer { node.stop() }
    return try await body(
      TronFullNode(url: try node.url, transport: transport),
      TronSolidityNode(url: try node.url, transport: transport), node)
  }

  @Test("a block has id, parent, time, and its transactions with their owners, in order")
  func block() async throws {
    let other = String(repeating: "ab", count: 32)
    let answer = Shapes.block(
      7, transactions: [Shapes.transaction(Shapes.txid), Shapes.transaction(other, owner: nil)])
    let block = try #require(
      try await with(answer) { full, _, node in
        let block = try await full.block(BlockNumber(7))
        #expect(node.now.asked.map(\.path) == ["/wallet/getblockbynum"])
        #expect(node.now.asked.map(\.body) == [#"{"num":7}"#])
        return block
      })
    #expect(block.id.hex == Shapes.blockID(7))
    #expect(block.parent.hex == Shapes.blockID(6))
    #expect(block.number == BlockNumber(7))
    #expect(block.time == UnixMilliseconds(1_700_000_021_000))
    #expect(block.transactions.map(\.txid.hex) == [Shapes.txid, other])
    #expect(block.transactions.map(\.owner) == [wallet, nil])
  }

  @Test(
    "an owner that cannot be read is no owner",
    arguments: ["T-not-hex", "41", "", "42" + String(Shapes.walletHex.dropFirst(2))])
  func oddOwner(owner: String) async throws {
    let answer = Shapes.block(7, transactions: [Shapes.transaction(Shapes.txid, owner: owner)])
    let block = try await with(answer) { full, _, _ in try await full.head() }
    #expect(block.transactions.map(\.owner) == [nil])
  }

  @Test("the genesis block has no number and no time in its answer")
  func genesis() async throws {
    let block = try await with(Shapes.block(0)) { full, _, _ in try await full.block(BlockNumber(0))
    }
    #expect(block?.number == BlockNumber(0))
    #expect(block?.time == UnixMilliseconds(0))
    #expect(block?.transactions == [])
  }

  @Test("a block beyond the head is nothing")
  func beyondHead() async throws {
    #expect(try await with("{}") { full, _, _ in try await full.block(BlockNumber(7)) } == nil)
  }

  @Test(
    "a block that contradicts itself or the question is malformed",
    arguments: [
      Shapes.block(8), Shapes.block(7, id: Shapes.blockID(8)),
      Shapes.block(7, parent: Shapes.blockID(5)), Shapes.block(7, time: 0),
      Shapes.block(7, id: "00"), Shapes.block(7, transactions: [Shapes.transaction("00")]),
      // The list of transactions was lost, or is not of this block, or nothing tells.
      Shapes.block(7, root: Shapes.root(of: 1)),
      Shapes.block(7, root: Shapes.root(of: 0), transactions: [Shapes.transaction(Shapes.txid)]),
      Shapes.block(7, root: "00"),
      Shapes.block(7).replacing("txTrieRoot", with: "root"),
      Shapes.block(7, time: 253_402_300_800_000), Shapes.block(7, time: .max),
      #"{"blockID":"\#(Shapes.blockID(7))"}"#,
      #"{"blockID":"\#(Shapes.blockID(7))","block_header":{}}"#,
      Shapes.block(7).replacing(#""number":7"#, with: #""number":7.0"#),
      Shapes.block(7).replacing(#""number":7"#, with: #""number":"7""#),
    ])
  func contradiction(answer: String) async throws {
    let error = await #expect(throws: ChainError.self) {
      try await with(answer) { full, _, _ in try await full.block(BlockNumber(7)) }
    }
    #expect(error?.code == .malformed)
    #expect(error?.effect == Effect.none)
  }

  @Test("prices come from the chain parameters, where a zero is a key without a value")
  func prices() async throws {
    let prices = try await with(Shapes.parameters) { full, _, _ in try await full.prices() }
    #expect(prices.energy == Sun(100))
    #expect(prices.bandwidth == Sun(1000))
    let free = #"{"chainParameter":[{"key":"getEnergyFee"},{"key":"getTransactionFee"}]}"#
    #expect(try await with(free) { full, _, _ in try await full.prices() }.energy == .zero)
    let error = await #expect(throws: ChainError.self) {
      try await with(#"{"chainParameter":[{"key":"getEnergyFee"}]}"#) { full, _, _ in
        try await full.prices()
      }
    }
    #expect(error?.code == .malformed)
  }

  @Test(
    "staked energy is limit minus use, zeros left out",
    arguments: [
      (Shapes.resources, 49_000), ("{}", 0), (#"{"freeNetLimit":600}"#, 0),
      (#"{"EnergyUsed":7,"TotalEnergyLimit":1}"#, 0),
    ] as [(String, Int64)])
  func energy(answer: String, left: Int64) async throws {
    #expect(try await with(answer) { full, _, _ in try await full.energyLeft(of: wallet) } == left)
  }

  @Test("the energy of a transfer is simulated with owner, recipient and amount")
  func transferEnergy() async throws {
    let energy = try await with(Shapes.constant("", energy: 64_285)) { full, _, node in
      let energy = try await full.transferEnergy(
        contract: usdt, from: wallet, to: usdt, amount: USDTAmount(micro: 5_000_000))
      let words = Shapes.word(String(Shapes.usdtHex.dropFirst(2))) + Shapes.word("4c4b40")
      #expect(
        node.now.asked.last?.body == """
          {"owner_address":"\(Shapes.walletHex)","contract_address":"\(Shapes.usdtHex)",\
          "function_selector":"transfer(address,uint256)","parameter":"\(words)"}
          """)
      return energy
    }
    #expect(energy == 64_285)
  }

  @Test("a simulation that reverts has no energy; one that did not run is refused in clear words")
  func simulationFails() async throws {
    let ask = { (full: TronFullNode) in
      try await full.transferEnergy(
        contract: usdt, from: wallet, to: wallet, amount: USDTAmount(micro: 1))
    }
    #expect(try await with(Shapes.reverted) { full, _, _ in try await ask(full) } == nil)
    let error = await #expect(throws: ChainError.self) {
      try await with(Shapes.notAContract) { full, _, _ in try await ask(full) }
    }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("Smart contract is not exist.") == true)
  }

  @Test(
    "a broadcast's answer is its code and words",
    arguments: [
      (#"{"result":true,"code":"SUCCESS","message":"","txid":"00"}"#, "SUCCESS", ""),
      (
        #"{"result":false,"code":"DUP_TRANSACTION_ERROR","message":"Dup transaction.","transaction":"{\"a\":1}"}"#,
        "DUP_TRANSACTION_ERROR", "Dup transaction."
      ),
    ])
  func broadcast(answer: String, code: String, message: String) async throws {
    let said = try await with(answer) { full, _, node in
      let said = try await full.broadcast([0x0a, 0xff])
      #expect(node.now.asked.map(\.path) == ["/wallet/broadcasthex"])
      #expect(node.now.asked.map(\.body) == [#"{"transaction":"0aff"}"#])
      return said
    }
    #expect(said == BroadcastAnswer(code: code, message: message))
  }

  @Test("receipts tell result, cost and events")
  func receipts() async throws {
    let list = "[\(Shapes.receipt()),\(Shapes.receipt(result: "OUT_OF_ENERGY"))]"
    let receipts = try await with(list) { _, solid, _ in
      try await solid.solidifiedReceipts(BlockNumber(7))
    }
    #expect(receipts.map(\.receiptResult) == ["SUCCESS", "OUT_OF_ENERGY"])
    #expect(receipts.map(\.result) == [nil, "FAILED"])
    #expect(receipts.map(\.fee) == [Sun(6_428_500), Sun(6_428_500)])
    #expect(receipts.map(\.energyUsed) == [64_285, 64_285])
    #expect(receipts[0].blockTime == UnixMilliseconds(1_700_000_021_000))
    let log = try #require(receipts[0].logs.first)
    #expect(log.address == Array(usdt.accountBytes))
    #expect(log.topics.map(\.count) == [32, 32])
    #expect(log.data.last == 5)
    #expect(receipts[1].logs.isEmpty)
  }

  @Test("a plain TRX transfer has a receipt without a result; an empty block has none at all")
  func plainReceipt() async throws {
    let plain = #"[{"id":"\#(Shapes.txid)","blockNumber":7,"blockTimeStamp":3,"receipt":{}}]"#
    let receipts = try await with(plain) { _, solid, _ in
      try await solid.solidifiedReceipts(BlockNumber(7))
    }
    #expect(receipts.first?.receiptResult == nil && receipts.first?.fee == .zero)
    #expect(
      try await with("[]") { _, solid, _ in try await solid.solidifiedReceipts(BlockNumber(7)) }
        .isEmpty)
  }

  @Test("a receipt of another block or another transaction is malformed")
  func foreignReceipt() async throws {
    await #expect(throws: ChainError.self) {
      try await with("[\(Shapes.receipt(block: 8))]") { _, solid, _ in
        try await solid.solidifiedReceipts(BlockNumber(7))
      }
    }
    let txid = try #require(TransactionID(hex: Shapes.txid))
    await #expect(throws: ChainError.self) {
      try await with(Shapes.receipt(String(repeating: "0", count: 64))) { _, solid, _ in
        try await solid.solidifiedReceipt(txid)
      }
    }
    #expect(
      try await with(Shapes.receipt()) { _, solid, _ in try await solid.solidifiedReceipt(txid) }?
        .txid == txid)
    #expect(try await with("{}") { _, solid, _ in try await solid.solidifiedReceipt(txid) } == nil)
  }

  @Test(
    "a balance in TRX is zero where it is left out, and that of the asked account",
    arguments: [
      (#"{"address":"\#(Shapes.walletHex)","balance":9007199254740993}"#, 9_007_199_254_740_993),
      (#"{"address":"\#(Shapes.walletHex)","create_time":1}"#, 0), ("{}", 0),
      (#"{"address":"\#(Shapes.usdtHex)","balance":1}"#, nil), (#"{"balance":1}"#, nil),
    ] as [(String, Int64?)])
  func trx(answer: String, sun: Int64?) async throws {
    let ask = {
      try await with(answer) { _, solid, _ in try await solid.solidifiedTRX(of: wallet) }
    }
    if let sun {
      #expect(try await ask() == Sun(sun))
    } else {
      await #expect(throws: ChainError.self) { try await ask() }
    }
  }

  @Test(
    "a balance in USDT is one word that fits",
    arguments: [
      (Shapes.constant(Shapes.word("4c4b40")), 5_000_000),
      (Shapes.constant(Shapes.word("7fffffffffffffff")), .max),
      (Shapes.constant(Shapes.word("0")), 0),
      (Shapes.constant(Shapes.word("8000000000000000")), nil),
      (Shapes.constant("ff" + Shapes.word("01").dropFirst(2)), nil),
      (Shapes.constant(""), nil), (Shapes.constant("05"), nil),
      (Shapes.reverted, nil), (Shapes.notAContract, nil),
      (#"{"result":{"result":true},"energy_used":1}"#, nil),
    ] as [(String, Int64?)])
  func usdtBalance(answer: String, micro: Int64?) async throws {
    let ask = {
      try await with(answer) { _, solid, _ in
        try await solid.solidifiedUSDT(of: wallet, contract: usdt)
      }
    }
    if let micro {
      #expect(try await ask() == USDTAmount(micro: micro))
    } else {
      await #expect(throws: ChainError.self) { try await ask() }
    }
  }
}

@Suite("A range of solidified blocks")
struct RangeTests {
  private func ask(
    _ script: @escaping @Sendable (Asked) -> Reply, from: Int64 = 7, through: Int64 = 9
  ) async throws -> (blocks: [Int64], asked: [Asked]) {
    let node = try ScriptedNode(script)
    defer { node.stop() }
    let solid = TronSolidityNode(url: try node.url, transport: try makeTransport())
    let blocks = try await solid.solidifiedBlocks(
      from: BlockNumber(from), through: BlockNumber(through))
    return (blocks.map(\.number.value), node.now.asked)
  }

  private func list(_ blocks: [String]) -> Reply {
    .text(#"{"block":[\#(blocks.joined(separator: ","))]}"#)
  }

  @Test("is asked for with an exclusive end, and may be shorter than asked for")
  func range() async throws {
    let reply = list([Shapes.block(7), Shapes.block(8)])
    let (blocks, asked) = try await ask({ _ in reply })
    #expect(blocks == [7, 8])
    #expect(asked.map(\.path) == ["/walletsolidity/getblockbylimitnext"])
    #expect(asked.map(\.body) == [#"{"startNum":7,"endNum":10}"#])
  }

  @Test("is at most a hundred blocks, and none when it is empty")
  func bounds() async throws {
    let reply = Reply.text("{}")
    #expect(
      try await ask({ _ in reply }, from: 1, through: 1000).asked.map(\.body)
        == [#"{"startNum":1,"endNum":101}"#])
    #expect(try await ask({ _ in reply }, from: 5, through: 4).asked.isEmpty)
  }

  @Test("with a gap, a wrong start, a broken link, or too many blocks is malformed")
  func brokenRanges() async throws {
    let fork = Shapes.block(8, parent: Shapes.blockID(7, "b"))
    for blocks in [
      [Shapes.block(7), Shapes.block(9)], [Shapes.block(8)], [Shapes.block(7), fork],
      [Shapes.block(8), Shapes.block(7)], (7...10).map { Shapes.block($0) },
    ] {
      let reply = list(blocks)
      let error = await #expect(throws: ChainError.self) { try await ask({ _ in reply }) }
      #expect(error?.code == .malformed)
    }
  }

  @Test("is read block by block from a node without the method", arguments: [404, 405, 501])
  func fallback(status: Int) async throws {
    let (blocks, asked) = try await ask { asked in
      if asked.path.hasSuffix("limitnext") {
        return .text(#"{"Error":"this API is unavailable due to config"}"#, status: status)
      }
      return asked.body == #"{"num":9}"#
        ? .text("{}") : .text(asked.body.contains("7") ? Shapes.block(7) : Shapes.block(8))
    }
    #expect(blocks == [7, 8])
    #expect(asked.count == 4)
  }

  @Test("is asked for again after a while: one stray answer does not turn it off for ever")
  func rangesComeBack() async throws {
    let isFirst = Mutex(true)
    let ranges = list([Shapes.block(7)])
    let node = try ScriptedNode { asked in
      guard asked.path.hasSuffix("limitnext") else { return .text(Shapes.block(7)) }
      let isStray = isFirst.withLock { first in
        defer { first = false }
        return first
      }
      return isStray ? .text("", status: 404) : ranges
    }
    defer { node.stop() }
    let solid = TronSolidityNode(url: try node.url, transport: try makeTransport())
    for _ in 0..<40 {
      let blocks = try await solid.solidifiedBlocks(from: BlockNumber(7), through: BlockNumber(7))
      #expect(blocks.map(\.number.value) == [7])
    }
    let asked = node.now.asked.map { $0.path.hasSuffix("limitnext") }
    #expect(asked.count { $0 } > 2, "asked for ranges again")
    #expect(asked.count { !$0 } == 32, "after some reads block by block")
  }

  @Test("is not read block by block because a node is busy or refuses")
  func noFallback() async throws {
    for reply in [
      Reply.text("busy", status: 503), .text("slow down", status: 429),
      .text(#"{"Error":"class java.lang.IllegalAccessException : lack of computing resources"}"#),
    ] {
      let node = try ScriptedNode(reply)
      let solid = TronSolidityNode(url: try node.url, transport: try makeTransport())
      await #expect(throws: ChainError.self) {
        try await solid.solidifiedBlocks(from: BlockNumber(7), through: BlockNumber(9))
      }
      #expect(node.now.asked.count == 1)
      node.stop()
    }
  }

  @Test("read block by block still checks the links")
  func fallbackChecksLinks() async throws {
    let error = await #expect(throws: ChainError.self) {
      try await ask { asked in
        if asked.path.hasSuffix("limitnext") { return .text("", status: 404) }
        return .text(
          asked.body.contains("7")
            ? Shapes.block(7) : Shapes.block(8, parent: Shapes.blockID(7, "b")))
      }
    }
    #expect(error?.code == .malformed)
  }
}
