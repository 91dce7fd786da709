import Secp256k1
import Testing
import Tron

@testable import DevnetNode

@Suite struct TransactionAPITests {
  /// The node writes `raw_data` anew before it hashes it; a parameter's bytes stay as they came.
  @Test
  func `bytes that the node would write otherwise have another id, so their signature is wrong`()
    async throws
  {
    try await Client.run { client in
      var fee = ProtobufMessage()
      fee.integer(18, 30_000_000)
      let plain = try client.transfer(1, .init(feeLimit: 0)).decoded.rawData
      let inner = try client.transfer(
        2,
        .init(contracts: { contracts in
          var contract = contracts[0]
          contract.value += [0x18, 0]
          return [contract]
        })
      ).decoded.rawData
      for (raw, code) in [
        (plain + fee.encoded, "SUCCESS"), (fee.encoded + plain, "SIGERROR"),
        (plain + [0x62, 0], "SIGERROR"), (plain + [0x90, 1, 0], "SIGERROR"), (inner, "SUCCESS"),
      ] {
        let signature = try Secp256k1.sign(sha256(raw), key: client.world.wallets[0].key)
        let hex = hexString(SignedTransaction(rawData: raw, signatures: [signature]).bytes)
        let answer = try await client.post(
          "/wallet/broadcasthex", "{\"transaction\":\"\(hex)\"}")
        #expect(answer["code"] == .string(code), "\(answer)")
        let isSame = answer["txid"] == .string(TransactionID(hashing: raw).hex)
        #expect(isSame == (code == "SUCCESS"))
      }
    }
  }

  @Test func `broadcasthex names the code, says why in text and echoes the transaction`()
    async throws
  {
    try await Client.run { client in
      let transaction = try client.transfer(5)
      let taken = try await client.broadcast(transaction)
      #expect(taken["result"] == .bool(true))
      #expect(taken["code"] == .string("SUCCESS"))
      #expect(taken["message"] == .string(""))
      #expect(taken["txid"] == .string(transaction.id.hex))
      let echo = try JSONParser.parse(Array(try taken.at("transaction").text?.utf8 ?? "".utf8))
      let parameter = try echo.at("raw_data", "contract", "0", "parameter", "value")
      #expect(parameter.text == hexString(transaction.decoded.contracts[0].parameter))
      let again = try await client.broadcast(transaction)
      #expect(again["result"] == .bool(false))
      #expect(again["code"] == .string("DUP_TRANSACTION_ERROR"))
      #expect(again["message"] == .string("Dup transaction."))
    }
  }

  @Test func `broadcasttransaction leaves defaults out and says why in hex, or in text if visible`()
    async throws
  {
    try await Client.run { client in
      let transaction = try client.transfer(5)
      let body = Self.json(transaction)
      let taken = try await client.post("/wallet/broadcasttransaction", "{\(body)}")
      #expect(taken == .object(["result": .bool(true), "txid": .string(transaction.id.hex)]))
      let again = try await client.post("/wallet/broadcasttransaction", "{\(body)}")
      #expect(
        again
          == .object([
            "code": .string("DUP_TRANSACTION_ERROR"), "txid": .string(transaction.id.hex),
            "message": .string(hexString("Dup transaction.".utf8)),
          ]))
      let visible = Self.json(transaction, visible: true)
      let text = try await client.post(
        "/wallet/broadcasttransaction", "{\"visible\":true,\(visible)}")
      #expect(text["message"] == .string("Dup transaction."))
      #expect(text["txid"] == .string(transaction.id.hex))
    }
  }

  @Test func `broadcasttransaction ignores raw_data_hex and txID`() async throws {
    try await Client.run { client in
      let transaction = try client.transfer(5)
      let body = Self.json(transaction) + ",\"raw_data_hex\":\"00\",\"txID\":\"11\""
      let taken = try await client.post("/wallet/broadcasttransaction", "{\(body)}")
      #expect(taken["result"] == .bool(true))
    }
  }

  @Test func `a receipt has exactly the members of the real node`() async throws {
    try await Client.run { client in
      let transaction = try client.transfer(5)
      _ = try await client.broadcast(transaction)
      let query = "{\"value\":\"\(transaction.id.hex)\"}"
      #expect(try await client.post("/wallet/gettransactioninfobyid", query) == .object([:]))
      let pending = try await client.post("/wallet/gettransactionbyid", query)
      #expect(try pending.at("ret", "0", "contractRet") == .string("SUCCESS"))
      #expect(try await client.post("/walletsolidity/gettransactionbyid", query) == .object([:]))
      try await client.produce()
      let info = try await client.post("/wallet/gettransactioninfobyid", query)
      #expect(
        info.members?.keys.sorted() == [
          "blockNumber", "blockTimeStamp", "contractResult", "contract_address", "fee", "id", "log",
          "packingFee", "receipt",
        ])
      #expect(
        try info.at("receipt").members?.keys.sorted() == [
          "energy_fee", "energy_penalty_total", "energy_usage_total", "net_usage", "result",
        ])
      #expect(info["contract_address"] == .string("41a614f803b6fd780986a42c78ec9c7f77e6ded13c"))
      #expect(
        try info.at("log", "0", "address") == .string("a614f803b6fd780986a42c78ec9c7f77e6ded13c"))
      let list = try await client.post(
        "/wallet/gettransactioninfobyblocknum",
        "{\"num\":\(try info.at("blockNumber").integer ?? 0)}")
      #expect(list == .array([info]))
      #expect(
        try await client.post("/walletsolidity/gettransactioninfobyid", query) == .object([:]))
      try await client.produce(18)
      #expect(try await client.post("/walletsolidity/gettransactioninfobyid", query) == info)
    }
  }

  @Test func `a failed receipt says so in hex, or in text if visible`() async throws {
    try await Client.run { client in
      let transaction = try client.transfer(10_000_000_001)
      _ = try await client.broadcast(transaction)
      try await client.produce()
      let id = transaction.id.hex
      let info = try await client.get("/wallet/gettransactioninfobyid?value=\(id)")
      #expect(info["result"] == .string("FAILED"))
      #expect(info["resMessage"] == .string(hexString("REVERT opcode executed".utf8)))
      #expect(try info.at("receipt", "result") == .string("REVERT"))
      #expect(info["contractResult"] == .array([.string("")]))
      #expect(info["log"] == nil)
      let visible = try await client.get("/wallet/gettransactioninfobyid?value=\(id)&visible=true")
      #expect(visible["resMessage"] == .string("REVERT opcode executed"))
      #expect(visible["contract_address"] == .string(Genesis.tokenAddress))
      let mined = try await client.get("/wallet/gettransactionbyid?value=\(id)")
      #expect(try mined.at("ret", "0", "contractRet") == .string("REVERT"))
    }
  }

  @Test func `a transaction prints its parts`() async throws {
    try await Client.run { client in
      let transaction = try client.transfer(5, .init(memo: [1, 2], permissionID: 2))
      _ = try await client.broadcast(transaction)
      let printed = try await client.get("/wallet/gettransactionbyid?value=\(transaction.id.hex)")
      #expect(printed["txID"] == .string(transaction.id.hex))
      #expect(printed["raw_data_hex"] == .string(hexString(transaction.decoded.rawData)))
      let rawData = try printed.at("raw_data")
      #expect(rawData["data"] == .string("0102"))
      #expect(rawData["fee_limit"] == .integer(50_000_000))
      #expect(try rawData.at("contract", "0", "Permission_id") == .integer(2))
      #expect(try rawData.at("contract", "0", "type") == .string("TriggerSmartContract"))
      let value = try rawData.at("contract", "0", "parameter", "value")
      #expect(value.members?.keys.sorted() == ["contract_address", "data", "owner_address"])
      #expect(value["owner_address"] == .string(client.world.wallets[0].address.hex))
    }
  }

  @Test func `the pool can be looked into`() async throws {
    try await Client.run { client in
      let transaction = try client.transfer(5)
      let id = transaction.id.hex
      #expect(
        try await client.get("/wallet/getpendingsize") == .object(["pendingSize": .integer(0)]))
      #expect(try await client.get("/wallet/gettransactionlistfrompending") == .object([:]))
      _ = try await client.broadcast(transaction)
      #expect(
        try await client.get("/wallet/getpendingsize") == .object(["pendingSize": .integer(1)]))
      #expect(
        try await client.get("/wallet/gettransactionlistfrompending")
          == .object(["txId": .array([.string(id)])]))
      let pending = try await client.get("/wallet/gettransactionfrompending?value=\(id)")
      #expect(pending["txID"] == .string(id))
      try await client.produce()
      #expect(try await client.get("/wallet/gettransactionfrompending?value=\(id)") == .object([:]))
    }
  }

  @Test(arguments: [
    "{}", "{\"transaction\":\"zz\"}", "{\"transaction\":\"0a\"}", "{\"transaction\":5", "[]", "5",
    "{\"transaction\":{\"a\":1}}",
  ]) func `a malformed broadcast is an Error with status 200`(body: String) async throws {
    try await Client.run { client in
      let (status, text) = try await client.raw("/wallet/broadcasthex", .post, body)
      #expect(status == .ok)
      #expect(try JSONParser.parse(Array(text.utf8))["Error"] != nil, "\(text)")
    }
  }

  @Test(arguments: [
    "{}", "{\"raw_data\":5}", "{\"raw_data\":{}}",
    "{\"raw_data\":{\"contract\":[],\"expiration\":\"x\"}}",
    "{\"raw_data\":{\"contract\":[{\"type\":\"TransferContract\",\"parameter\":{\"value\":{\"owner_address\":\"zz\"}}}]}}",
  ]) func `a malformed transaction in JSON is an Error`(body: String) async throws {
    try await Client.run { client in
      let answer = try await client.post("/wallet/broadcasttransaction", body)
      #expect(answer["Error"] != nil, "\(answer)")
    }
  }

  /// `raw_data` and `signature` as tronpy sends them, explicit zeros included.
  private static func json(_ transaction: NodeTransaction, visible: Bool = false) -> String {
    let decoded = transaction.decoded
    guard case .call(let call) = decoded.contracts[0].content,
      let owner = decoded.contracts[0].owner,
      let contract = call.contract
    else { return "" }
    let print: (TronAddress) -> String = { visible ? $0.base58 : $0.hex }
    return """
      "raw_data":{"contract":[{"type":"TriggerSmartContract","parameter":{"type_url":\
      "type.googleapis.com/protocol.TriggerSmartContract","value":{"owner_address":"\(print(owner))",\
      "contract_address":"\(print(contract))","data":"\(hexString(call.data))","call_value":0,\
      "token_id":0,"call_token_value":0}}}],"ref_block_bytes":"\(hexString(decoded.referenceBytes))",\
      "ref_block_hash":"\(hexString(decoded.referenceHash))","expiration":\(decoded.expiration.value),\
      "timestamp":\(decoded.timestamp.value),"fee_limit":\(decoded.feeLimit.value)},\
      "signature":["\(hexString(decoded.signatures[0]))"]
      """
  }
}
