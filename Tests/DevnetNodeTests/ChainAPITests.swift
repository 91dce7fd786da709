import Testing
import Tron

@testable import DevnetNode

@Suite struct ChainAPITests {
  @Test func `a block has exactly the members of the real node`() async throws {
    try await Client.run { client in
      let block = try await client.get("/wallet/getnowblock")
      #expect(block.members?.keys.sorted() == ["blockID", "block_header"])
      #expect(
        try block.at("block_header").members?.keys.sorted() == ["raw_data", "witness_signature"])
      #expect(
        try block.at("block_header", "raw_data").members?.keys.sorted() == [
          "number", "parentHash", "timestamp", "txTrieRoot", "version", "witness_address",
        ])
      let genesis = try await client.post("/wallet/getblockbynum", "{\"num\":0}")
      #expect(try genesis.at("block_header", "raw_data")["number"] == nil)
    }
  }

  @Test func `blocks are found by number, id and range, by GET and POST`() async throws {
    try await Client.run { client in
      let head = try await client.get("/wallet/getnowblock")
      let id = try head.at("blockID").text ?? ""
      let number = try head.at("block_header", "raw_data", "number").integer ?? 0
      let same: [(String, String)] = [
        ("getblockbynum", "{\"num\":\(number)}"), ("getblockbyid", "{\"value\":\"\(id)\"}"),
        ("getblock", "{\"id_or_num\":\"\(number)\",\"detail\":true}"),
        ("getblock", "{\"id_or_num\":\"\(id)\",\"detail\":true}"), ("getblock", "{}"),
      ]
      for (method, body) in same {
        #expect(try await client.post("/wallet/\(method)", body) == head, "\(method) \(body)")
      }
      #expect(try await client.get("/wallet/getblockbynum?num=\(number)") == head)
      let visible = try await client.get("/wallet/getblockbynum?num=\(number)&visible=true")
      let witness = try visible.at("block_header", "raw_data", "witness_address").text ?? ""
      #expect(witness.hasPrefix("T"))
      let range = try await client.post(
        "/wallet/getblockbylimitnext", "{\"startNum\":\(number - 2),\"endNum\":\(number + 1)}")
      #expect(try range.at("block").elements?.count == 3)
      #expect(try range.at("block", "2") == head)
      let latest = try await client.post("/wallet/getblockbylatestnum", "{\"num\":4}")
      #expect(try latest.at("block").elements?.count == 4)
    }
  }

  @Test(arguments: [
    ("getblockbynum", "{\"num\":999999}", "{}"), ("getblockbynum", "{\"num\":-1}", "{}"),
    ("getblockbyid", "{\"value\":\"00\"}", "{}"),
    ("getblockbylimitnext", "{\"startNum\":5,\"endNum\":5}", "{}"),
    ("getblockbylimitnext", "{\"startNum\":0,\"endNum\":101}", "{}"),
    ("getblockbylatestnum", "{\"num\":0}", "{}"),
    ("getblock", "{\"id_or_num\":\"999999\"}", "{}"),
    ("getblock", "{\"id_or_num\":\"x\"}", "{\"Error\":\"id must be legal block hash.\"}"),
    ("gettransactionbyid", "{\"value\":\"00\"}", "{}"),
    ("gettransactioninfobyblocknum", "{\"num\":0}", "{}"),
    ("gettransactioninfobyblocknum", "{\"num\":999999}", "[]"),
    ("gettransactioninfobyblocknum", "{\"num\":1}", "[]"),
    ("getaccount", "{\"address\":\"410000000000000000000000000000000000000009\"}", "{}"),
    ("getaccountresource", "{\"address\":\"410000000000000000000000000000000000000009\"}", "{}"),
    ("getaccountnet", "{}", "{}"),
  ]) func `what is not there is empty`(method: String, body: String, answer: String) async throws {
    try await Client.run { client in
      let (status, text) = try await client.raw("/wallet/\(method)", .post, body)
      #expect(status == .ok && text == answer)
    }
  }

  @Test func `the solidity scope sees the solidified block and nothing later`() async throws {
    try await Client.run { client in
      let solid = client.world.state.chain.solid
      let block = try await client.get("/walletsolidity/getnowblock")
      #expect(block["blockID"] == .string(solid.id.hex))
      let next = try await client.post(
        "/walletsolidity/getblockbynum", "{\"num\":\(solid.number + 1)}")
      #expect(next == .object([:]))
      let info = try await client.get("/wallet/getnodeinfo")
      #expect(info["solidityBlock"] == .string("Num:\(solid.number),ID:\(solid.id.hex)"))
    }
  }

  @Test func `balances of the solidity scope are those of the solidified block`() async throws {
    try await Client.run { client in
      let recipient = client.world.wallets[1].address
      let account = "?address=\(recipient.base58)&visible=true"
      let sent = try client.world.trx(from: client.world.wallets[0], to: recipient, 500)
      _ = try await client.broadcast(sent)
      let pending = try await client.get("/wallet/getaccount\(account)")
      #expect(pending["balance"] == .integer(10_000_000_500))
      try await client.produce(18)
      let early = try await client.get("/walletsolidity/getaccount\(account)")
      #expect(early["balance"] == .integer(10_000_000_000))
      try await client.produce()
      let late = try await client.get("/walletsolidity/getaccount\(account)")
      #expect(late["balance"] == .integer(10_000_000_500))
    }
  }

  @Test(arguments: [
    "broadcasthex", "broadcasttransaction", "getaccountresource", "getchainparameters",
    "createtransaction", "getcontract", "getpendingsize", "nothing",
  ]) func `the solidity scope has no such method`(method: String) async throws {
    try await Client.run { client in
      let status = try await client.status("/walletsolidity/\(method)")
      #expect(status == .notFound)
    }
  }

  @Test func `resources leave zeros out`() async throws {
    try await Client.run { client in
      let address = client.world.wallets[0].address.hex
      let resources = try await client.get("/wallet/getaccountresource?address=\(address)")
      #expect(resources["freeNetLimit"] == .integer(600))
      #expect(resources["freeNetUsed"] == nil && resources["EnergyLimit"] == nil)
      #expect(resources["TotalEnergyLimit"] == .integer(180_000_000_000))
    }
  }

  @Test func `parameters have the names of the real node and a zero prints its key alone`()
    async throws
  {
    try await Client.run { client in
      let rows = try await client.get("/wallet/getchainparameters").at("chainParameter").elements
      let values = Dictionary(
        (rows ?? []).map { ($0["key"]?.text ?? "", $0["value"]?.integer) }, uniquingKeysWith: { $1 }
      )
      #expect(values["getEnergyFee"] == 100)
      #expect(values["getTransactionFee"] == 1000)
      #expect(values["getMaxFeeLimit"] == 15_000_000_000)
      #expect(values["getMemoFee"] == 1_000_000)
      #expect(values.keys.contains("getAllowUpdateAccountName"))
      #expect(values["getAllowUpdateAccountName"] == .some(nil))
    }
  }

  @Test(arguments: [
    ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", true, "Base58check format"),
    ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", false, "Invalid address"),
    ("41a614f803b6fd780986a42c78ec9c7f77e6ded13c", true, "Hex string format"),
    ("42a614f803b6fd780986a42c78ec9c7f77e6ded13c", false, "Invalid address"),
    ("T", false, "Length error"),
  ]) func `validates addresses`(address: String, isValid: Bool, message: String) async throws {
    try await Client.run { client in
      let answer = try await client.post("/wallet/validateaddress", "{\"address\":\"\(address)\"}")
      #expect(answer == .object(["result": .bool(isValid), "message": .string(message)]))
    }
  }

  @Test func `a body beyond the bound is refused`() async throws {
    try await Client.run { client in
      let body = String(repeating: "a", count: DevnetResponder.bodyLimit + 1)
      let status = try await client.status("/wallet/getnowblock", .post, body)
      #expect(status == .contentTooLarge)
    }
  }
}

@Suite struct ContractAPITests {
  private static func call(
    _ client: Client, _ selector: String, _ parameter: String = "",
    _ method: String = "wallet/triggerconstantcontract"
  ) async throws -> JSONValue {
    let owner = client.world.wallets[0].address.base58
    return try await client.post(
      "/\(method)",
      """
      {"owner_address":"\(owner)","contract_address":"\(Genesis.tokenAddress)","visible":true,
       "function_selector":"\(selector)","parameter":"\(parameter)"}
      """)
  }

  private static func word(_ address: TronAddress) -> String {
    String(repeating: "0", count: 24) + hexString(address.accountBytes)
  }

  private static func word(_ value: UInt64) -> String { hexString(UInt256(value).bytes) }

  @Test func `constant calls answer`() async throws {
    try await Client.run { client in
      let holder = Self.word(client.world.wallets[0].address)
      let answers: [(String, String, String)] = [
        ("balanceOf(address)", holder, Self.word(10_000_000_000)), ("decimals()", "", Self.word(6)),
        ("totalSupply()", "", Self.word(20_000_000_000)),
        ("isBlackListed(address)", holder, Self.word(0)), ("paused()", "", Self.word(0)),
        (
          "symbol()", "",
          Self.word(32) + Self.word(4) + hexString("USDT".utf8) + String(repeating: "0", count: 56)
        ),
      ]
      for (selector, parameter, word) in answers {
        let answer = try await Self.call(client, selector, parameter)
        #expect(answer["constant_result"] == .array([.string(word)]), "\(selector)")
        #expect(answer["result"] == .object(["result": .bool(true)]))
        #expect(try answer.at("transaction", "ret") == .array([.object([:])]))
      }
    }
  }

  @Test func `a simulated transfer tells its energy and changes nothing`() async throws {
    try await Client.run { client in
      let selector = "transfer(address,uint256)"
      let toHolder = Self.word(client.world.wallets[1].address) + Self.word(5)
      let toNobody = Self.word(client.world.wallets[5].address) + Self.word(5)
      let first = try await Self.call(client, selector, toHolder)
      #expect(first["energy_used"] == .integer(64_285))
      #expect(try first.at("logs").elements?.count == 1)
      let second = try await Self.call(client, selector, toNobody)
      #expect(second["energy_used"] == .integer(130_285))
      let estimate = try await Self.call(client, selector, toNobody, "wallet/estimateenergy")
      #expect(estimate["energy_required"] == .integer(130_285))
      let holding = client.node.read { $0.ledger.holding(of: client.world.wallets[5].address) }
      #expect(holding == .nothing)
    }
  }

  @Test func `a simulated revert is a success that says FAILED`() async throws {
    try await Client.run { client in
      let parameter = Self.word(client.world.wallets[1].address) + Self.word(10_000_000_001)
      let answer = try await Self.call(client, "transfer(address,uint256)", parameter)
      #expect(try answer.at("result", "result") == .bool(true))
      #expect(try answer.at("result", "message") == .string("REVERT opcode executed"))
      #expect(try answer.at("transaction", "ret", "0", "ret") == .string("FAILED"))
    }
  }

  @Test func `another contract does not exist`() async throws {
    try await Client.run { client in
      let owner = client.world.wallets[0].address.hex
      let answer = try await client.post(
        "/wallet/triggerconstantcontract",
        "{\"owner_address\":\"\(owner)\",\"contract_address\":\"\(owner)\",\"data\":\"00\"}")
      #expect(try answer.at("result", "code") == .string("CONTRACT_VALIDATE_ERROR"))
      #expect(
        try answer.at("result", "message")
          == .string(hexString("Smart contract is not exist.".utf8)))
      let contract = try await client.post("/wallet/getcontract", "{\"value\":\"\(owner)\"}")
      #expect(contract["Error"] == .string("class java.lang.NullPointerException : null"))
    }
  }

  @Test func `the ABI is complete`() async throws {
    try await Client.run { client in
      let contract = try await client.get(
        "/wallet/getcontract?value=\(Genesis.tokenAddress)&visible=true")
      let entries = try contract.at("abi", "entrys").elements ?? []
      let functions = entries.filter { $0["type"] == .string("Function") }
      #expect(functions.count == 17)
      for function in functions {
        let inputs = (function["inputs"]?.elements ?? []).compactMap { $0["type"]?.text }
        let signature = "\(function["name"]?.text ?? "")(\(inputs.joined(separator: ",")))"
        let selector = keccak256(Array(signature.utf8))[..<4].reduce(0) { $0 << 8 | UInt32($1) }
        #expect(TetherToken.Function(rawValue: selector) != nil, "\(signature)")
      }
    }
  }

  @Test func `built transactions can be signed and sent`() async throws {
    try await Client.run { client in
      let (owner, recipient) = (client.world.wallets[0].address, client.world.wallets[1].address)
      let trx = try await client.post(
        "/wallet/createtransaction",
        "{\"owner_address\":\"\(owner.hex)\",\"to_address\":\"\(recipient.hex)\",\"amount\":5}")
      #expect(trx["visible"] == .bool(false))
      let raw = try #require(bytes(hex: try trx.at("raw_data_hex").text ?? ""))
      #expect(trx["txID"] == .string(hexString(sha256(raw))))
      let decoded = try DecodedTransaction(rawData: raw)
      #expect(decoded.expiration.value == client.world.head.timestamp + 60_000)
      #expect(decoded.referenceHash == client.world.state.chain.solid.id.reference.hash)
      let tooMuch = try await client.post(
        "/wallet/createtransaction",
        "{\"owner_address\":\"\(owner.hex)\",\"to_address\":\"\(recipient.hex)\",\"amount\":99999999999}"
      )
      #expect(
        tooMuch["Error"]
          == .string(
            "class org.tron.core.exception.ContractValidateException : Validate TransferContract"
              + " error, balance is not sufficient."))
      let parameter = Self.word(recipient) + Self.word(5)
      let usdt = try await Self.call(
        client, "transfer(address,uint256)", parameter, "wallet/triggersmartcontract")
      #expect(try usdt.at("result", "result") == .bool(true))
      #expect(try usdt.at("transaction", "txID").text?.utf8.count == 64)
    }
  }
}
