import Testing
import Tron

@testable import DevnetNode

@Suite struct FaultTests {
  @Test(arguments: [
    ("{\"kind\":\"status\",\"status\":503}", 503, ""),
    (
      "{\"kind\":\"status\",\"status\":429,\"body\":\"{\\\"Error\\\":\\\"slow\\\"}\"}", 429,
      "{\"Error\":\"slow\"}"
    ),
    (
      "{\"kind\":\"rate_limit\"}", 200,
      "{\"Error\":\"class java.lang.IllegalAccessException : lack of computing resources\"}"
    ),
    ("{\"kind\":\"empty\"}", 200, ""), ("{\"kind\":\"not_found\"}", 200, "{}"),
  ]) func `answers something else once`(fault: String, status: Int, body: String) async throws {
    try await Client.run { client in
      let once = fault.dropLast() + ",\"count\":1}"
      try await client.post("/devnet/faults", String(once))
      let (answer, text) = try await client.raw("/wallet/getnowblock")
      #expect(answer.code == status && text == body)
      #expect(try await client.get("/wallet/getnowblock")["blockID"] != nil)
    }
  }

  @Test(arguments: ["garbage", "html"]) func `answers what is not JSON`(kind: String) async throws {
    try await Client.run { client in
      try await client.post("/devnet/faults", "{\"kind\":\"\(kind)\"}")
      let text = try await client.text("/wallet/getnowblock")
      #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
    }
  }

  @Test func `cuts the connection`() async throws {
    try await Client.run(.live) { client in
      try await client.post(
        "/devnet/faults", "{\"kind\":\"close\",\"path\":\"/wallet/getnowblock\"}")
      await #expect(throws: (any Error).self) { try await client.raw("/wallet/getnowblock") }
    }
  }

  @Test func `a path and a star limit it`() async throws {
    try await Client.run { client in
      try await client.post("/devnet/faults", "{\"kind\":\"empty\",\"path\":\"/wallet/getblock*\"}")
      #expect(try await client.text("/wallet/getblockbynum?num=1").isEmpty)
      #expect(try await !client.text("/wallet/getnowblock").isEmpty)
      #expect(try await !client.text("/walletsolidity/getblockbynum?num=1").isEmpty)
    }
  }

  @Test func `an error after acceptance leaves the transaction in the pool`() async throws {
    try await Client.run { client in
      try await client.post(
        "/devnet/faults", "{\"kind\":\"status\",\"status\":502,\"when\":\"after\",\"count\":1}")
      let transaction = try client.transfer(1)
      let body = "{\"transaction\":\"\(hexString(transaction.signedBytes))\"}"
      #expect(try await client.status("/wallet/broadcasthex", .post, body) == .badGateway)
      #expect(client.node.read { $0.pool.count } == 1)
    }
  }

  @Test(arguments: [("before", 0), ("after", 1)]) func `a code may be answered before or after`(
    when: String, pooled: Int
  ) async throws {
    try await Client.run { client in
      try await client.post(
        "/devnet/faults",
        "{\"kind\":\"broadcast_code\",\"code\":\"SERVER_BUSY\",\"when\":\"\(when)\"}")
      let answer = try await client.broadcast(client.transfer(1))
      #expect(answer["code"] == .string("SERVER_BUSY") && answer["result"] == .bool(false))
      #expect(client.node.read { $0.pool.count } == pooled)
    }
  }

  @Test func `a lost broadcast is answered with success`() async throws {
    try await Client.run { client in
      try await client.post("/devnet/faults", "{\"kind\":\"lose_broadcast\",\"count\":1}")
      let transaction = try client.transfer(1)
      #expect(try await client.broadcast(transaction)["result"] == .bool(true))
      #expect(client.node.read { $0.pool.count } == 0)
      #expect(try await client.broadcast(transaction)["result"] == .bool(true))
      #expect(client.node.read { $0.pool.count } == 1)
    }
  }

  @Test func `a dropped transaction is visible, then gone, then taken again`() async throws {
    try await Client.run { client in
      try await client.post("/devnet/faults", "{\"kind\":\"drop_from_pool\",\"count\":1}")
      let transaction = try client.transfer(1)
      let path = "/wallet/gettransactionbyid?value=\(transaction.id.hex)"
      _ = try await client.broadcast(transaction)
      #expect(try await client.get(path) != .object([:]))
      try await client.produce()
      #expect(try await client.get(path) == .object([:]))
      #expect(try await client.broadcast(transaction)["result"] == .bool(true))
    }
  }

  @Test func `a stale backend serves an older head and no pool`() async throws {
    try await Client.run { client in
      try await client.post("/devnet/faults", "{\"kind\":\"stale\",\"blocks\":3}")
      let head = client.world.head.number
      let block = try await client.get("/wallet/getnowblock")
      #expect(try block.at("block_header", "raw_data", "number") == .integer(head - 3))
      #expect(try await client.get("/wallet/getblockbynum?num=\(head)") == .object([:]))
    }
  }

  @Test func `a stale backend is behind the solidified block too`() async throws {
    try await Client.run { client in
      let solid = client.world.state.chain.solidNumber
      try await client.post("/devnet/faults", "{\"kind\":\"stale\",\"blocks\":3}")
      let block = try await client.get("/walletsolidity/getnowblock")
      #expect(try block.at("block_header", "raw_data", "number") == .integer(solid - 3))
      let next = try await client.get("/walletsolidity/getblockbynum?num=\(solid - 2)")
      #expect(next == .object([:]))
      try await client.post("/devnet/faults", "{\"kind\":\"stale\",\"blocks\":1000}")
      let first = try await client.get("/walletsolidity/getnowblock")
      #expect(try first.at("block_header", "raw_data")["number"] == nil, "the genesis block")
    }
  }

  @Test(arguments: [
    ("before", "Effective connection:0 lt minEffectiveConnection:1"),
    ("after", "P2P broadcast failed."),
  ]) func `too few connections are told by another message before and after`(
    when: String, message: String
  ) async throws {
    try await Client.run { client in
      try await client.post(
        "/devnet/faults",
        "{\"kind\":\"broadcast_code\",\"code\":\"NOT_ENOUGH_EFFECTIVE_CONNECTION\","
          + "\"when\":\"\(when)\"}")
      let answer = try await client.broadcast(client.transfer(1))
      #expect(answer["message"] == .string(message))
    }
  }

  @Test func `a delay takes its time`() async throws {
    try await Client.run { client in
      try await client.post("/devnet/faults", "{\"kind\":\"delay\",\"ms\":60,\"count\":1}")
      let clock = ContinuousClock()
      let slow = try await clock.measure { _ = try await client.get("/wallet/getnowblock") }
      #expect(slow >= .milliseconds(60))
    }
  }

  @Test func `probability follows the seed and the share`() throws {
    var rule = try FaultRule(
      json: JSONParser.parse(Array("{\"kind\":\"empty\",\"probability\":0.25}".utf8)))
    func strikes(_ seed: UInt64) -> [Bool] {
      rule.seed = seed
      var plan = FaultPlan()
      _ = plan.add(rule, nowMilliseconds: 0)
      return (0..<4000).map { _ in
        plan.decide(path: "/wallet/getnowblock", nowMilliseconds: 1).substituteBefore != nil
      }
    }
    #expect(strikes(5) == strikes(5))
    #expect(strikes(5) != strikes(6))
    #expect((900...1100).contains(strikes(5).count { $0 }))
  }

  @Test func `count and duration end it`() throws {
    var plan = FaultPlan()
    let counted = try FaultRule(
      json: JSONParser.parse(Array("{\"kind\":\"empty\",\"count\":2}".utf8)))
    _ = plan.add(counted, nowMilliseconds: 0)
    let struck = (0..<4).map { _ in
      plan.decide(path: "/wallet/x", nowMilliseconds: 1).substituteBefore != nil
    }
    #expect(struck == [true, true, false, false])
    let timed = try FaultRule(
      json: JSONParser.parse(Array("{\"kind\":\"empty\",\"for_ms\":10}".utf8)))
    _ = plan.add(timed, nowMilliseconds: 100)
    #expect(plan.decide(path: "/wallet/x", nowMilliseconds: 109).substituteBefore != nil)
    #expect(plan.decide(path: "/wallet/x", nowMilliseconds: 110).substituteBefore == nil)
    #expect(plan.list(nowMilliseconds: 110).isEmpty)
  }

  @Test(arguments: [
    "{}", "{\"kind\":\"melt\"}", "{\"kind\":\"delay\",\"ms\":-1}", "{\"kind\":\"empty\",\"ms\":5}",
    "{\"kind\":\"empty\",\"probability\":2}", "{\"kind\":\"empty\",\"count\":0}",
    "{\"kind\":\"broadcast_code\",\"code\":\"NO\"}", "{\"kind\":\"empty\",\"when\":\"never\"}", "[",
    "5",
  ]) func `a malformed fault is refused with a reason`(body: String) async throws {
    try await Client.run { client in
      let (status, text) = try await client.raw("/devnet/faults", .post, body)
      #expect(status == .badRequest)
      #expect(try JSONParser.parse(Array(text.utf8))["error"] != nil)
    }
  }
}

@Suite struct AdminTests {
  @Test func `status tells head, pool, faults and calls by path`() async throws {
    try await Client.run { client in
      _ = try await client.get("/wallet/getnowblock")
      _ = try await client.get("/wallet/getnowblock")
      _ = try await client.raw("/wallet/nothing")
      _ = try await client.broadcast(client.transfer(1))
      try await client.post("/devnet/faults", "{\"kind\":\"empty\",\"path\":\"/wallet/x\"}")
      let status = try await client.get("/devnet/status")
      #expect(try status.at("head", "number") == .integer(client.world.head.number))
      #expect(status["pool"] == .integer(1))
      #expect(try status.at("calls", "/wallet/getnowblock") == .integer(2))
      #expect(try status.at("calls", "unknown") == .integer(1))
      #expect(try status.at("broadcasts", "SUCCESS") == .integer(1))
      #expect(try status.at("faults", "0", "kind") == .string("empty"))
      #expect(try await client.status("/devnet/faults/1", .delete) == .ok)
      #expect(try await client.status("/devnet/faults/1", .delete) == .notFound)
      let arrivals = try await client.get("/devnet/arrivals")
      #expect(arrivals.members?.count == 1)
      #expect(try await client.status("/devnet/counters", .delete) == .ok)
      #expect(try await client.get("/devnet/status")["calls"] == .object([:]))
    }
  }

  @Test func `produces blocks at once, ahead of time if need be`() async throws {
    try await Client.run { client in
      let head = client.world.head
      try await client.post("/devnet/produce", "{\"blocks\":3,\"advance_ms\":60000}")
      let block = client.node.read { $0.chain.head }
      #expect(block.number == head.number + 3)
      #expect(block.timestamp >= head.timestamp + 60_000 + 6000)
      #expect(client.node.read { $0.clockOffsetMilliseconds } >= 60_000)
    }
  }

  @Test func `accounts, contract and price change at once and stay after a block`() async throws {
    try await Client.run(witnesses: 1) { client in
      let address = client.world.wallets[5].address
      try await client.post(
        "/devnet/accounts",
        "{\"address\":\"\(address.base58)\",\"trx_sun\":7,\"usdt_micro\":9,\"energy\":5,\"blacklisted\":true}"
      )
      try await client.post("/devnet/contract", "{\"paused\":true}")
      try await client.post("/devnet/parameters", "{\"energy_fee\":420}")
      for _ in 0..<2 {
        let (account, holding, globals) = client.node.read { state in
          (state.ledger.accounts[address], state.ledger.holding(of: address), state.ledger.globals)
        }
        #expect(account?.balance == 7 && account?.energy.limit == 5)
        #expect(holding == TokenHolding(balance: 9, isBlacklisted: true))
        #expect(globals.isTokenPaused && globals.parameters.energyFee == 420)
        #expect(globals.tokenSupply == 20_000_000_009)
        try await client.produce()
      }
      let solid = try await client.get(
        "/walletsolidity/getaccount?address=\(address.base58)&visible=true")
      #expect(solid["balance"] == .integer(7))
    }
  }

  @Test func `drops from the pool`() async throws {
    try await Client.run { client in
      let transactions = try (1...3).map { try client.transfer(UInt64($0)) }
      for transaction in transactions { _ = try await client.broadcast(transaction) }
      let one = try await client.post("/devnet/pool", "{\"drop\":\"\(transactions[0].id.hex)\"}")
      #expect(one["dropped"] == .integer(1))
      let rest = try await client.post("/devnet/pool", "{\"drop\":\"all\"}")
      #expect(rest["dropped"] == .integer(2))
      #expect(client.node.read { $0.ledger.mark } == 0)
    }
  }

  @Test func `forks no deeper than what is not solidified`() async throws {
    try await Client.run { client in
      let done = try await client.post("/devnet/fork", "{\"depth\":2}")
      #expect(done["replaced_blocks"] == .integer(2))
      let (status, _) = try await client.raw("/devnet/fork", .post, "{\"depth\":100}")
      #expect(status == .conflict)
    }
  }

  @Test func `stops production and solidification`() async throws {
    try await Client.run(witnesses: 3) { client in
      try await client.post("/devnet/production", "{\"running\":false,\"offline_witnesses\":[1]}")
      #expect(client.node.read { $0.isProducing } == false)
      #expect(client.node.read { $0.offlineWitnesses } == [1])
      try await client.post("/devnet/solidity", "{\"hold\":\"lag\",\"blocks\":9}")
      #expect(client.node.read { $0.chain.solidityHold } == .lag(9))
      #expect(try await client.status("/devnet/solidity", .post, "{\"hold\":\"x\"}") == .badRequest)
    }
  }

  @Test(arguments: ["nothing", "faults/x/y", ""]) func `unknown commands are not found`(
    path: String
  ) async throws {
    try await Client.run { client in
      let posted = try await client.status("/devnet/\(path)", .post, "{}")
      let got = try await client.status("/devnet/\(path)")
      #expect(posted == .notFound && got == .notFound)
    }
  }

  @Test func `a script is the same commands at their times`() throws {
    let text = """
      {"steps":[
        {"after_ms":50,"post":"fork","body":{"depth":2}},
        {"post":"faults","body":{"kind":"empty"},"every_ms":40,"times":3},
        {"after_ms":10,"delete":"faults"}]}
      """
    let script = try FaultScript(json: Array(text.utf8))
    #expect(script.moments.map(\.afterMilliseconds) == [0, 10, 40, 50, 80])
    #expect(script.moments[1].command == .removeAllFaults)
    #expect(script.moments[3].command == .fork(Fork(depth: 2)))
  }

  @Test(arguments: [
    "", "{}", "{\"steps\":[{\"post\":\"nothing\"}]}",
    "{\"steps\":[{\"post\":\"fork\",\"body\":{\"x\":1}}]}",
    "{\"steps\":[{\"post\":\"produce\",\"times\":0}]}",
    "{\"steps\":[{\"post\":\"produce\",\"wat\":0}]}",
  ]) func `a malformed script is refused`(text: String) {
    #expect(throws: ConfigurationError.self) { try FaultScript(json: Array(text.utf8)) }
  }

  @Test func `a script is carried out`() async throws {
    let world = try World()
    let node = DevnetNode(state: world.state) { World.start }
    let text = """
      {"steps":[{"post":"produce","body":{"blocks":2},"every_ms":1,"times":2},{"after_ms":3,
       "post":"fork","body":{"depth":9999}}]}
      """
    let script = try FaultScript(json: Array(text.utf8))
    try await confirmation { failed in
      try await ScriptRun(script: script, admin: AdminAPI(node: node)) { error in
        #expect(error.code == .conflict)
        failed()
      }.run()
    }
    #expect(node.read { $0.chain.head.number } == world.head.number + 4)
  }
}
