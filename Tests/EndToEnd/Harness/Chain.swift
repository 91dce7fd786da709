import Foundation
import Tron

/// A Transfer event of the USDT contract, as the chain's own receipts tell it.
struct ChainTransfer: Hashable, Sendable {
  var txid: String
  var block: Int64
  var sender: TronAddress
  var recipient: TronAddress
  var amount: USDTAmount
}

/// The receipt of a transaction in a solidified block.
struct Receipt: Decodable, Sendable {
  struct Resources: Decodable, Sendable {
    var result: String?
  }
  struct Log: Decodable, Sendable {
    var address: String
    var topics: [String]
    var data: String?
  }

  var id: String
  var fee: Int64?
  var blockNumber: Int64
  /// `FAILED`; absent when it succeeded.
  var result: String?
  var receipt: Resources
  var log: [Log]?
}

/// The devnet's solidified chain, read block by block: what really was paid, whatever our own
/// programs believe.
struct Chain: Sendable {
  let node: HTTPClient
  let contract: TronAddress

  /// The number of the latest solidified block.
  func solidifiedHead() async throws -> Int64 {
    try await head(of: "walletsolidity")
  }

  /// The number of the latest block.
  func head() async throws -> Int64 {
    try await head(of: "wallet")
  }

  /// Every receipt, in the order of the chain.
  func receipts() async throws -> [Receipt] {
    let head = try await solidifiedHead()
    guard head > 0 else { return [] }
    return try await inParallel(Array(1...head), atOnce: 4) { number in
      let answer = try await node.post(
        "/walletsolidity/gettransactioninfobyblocknum", "{\"num\":\(number)}")
      return try answer.decoded([Receipt].self)
    }.flatMap { $0 }
  }

  /// Every USDT transfer of successful transactions, in the order of the chain.
  func transfers() async throws -> [ChainTransfer] {
    try await receipts().filter { $0.result == nil }.flatMap { receipt in
      try (receipt.log ?? []).compactMap { try transfer($0, of: receipt) }
    }
  }

  /// The USDT of an account at the solidified head.
  func balance(of account: TronAddress) async throws -> USDTAmount {
    let argument = String(repeating: "0", count: 24) + hexString(account.accountBytes)
    let answer = try await node.post(
      "/walletsolidity/triggerconstantcontract",
      """
      {"owner_address":"\(account.hex)","contract_address":"\(contract.hex)",\
      "function_selector":"balanceOf(address)","parameter":"\(argument)"}
      """)
    struct Result: Decodable { var constant_result: [String] }
    let word = try answer.decoded(Result.self).constant_result.first ?? ""
    guard let micro = Int64(word.suffix(16), radix: 16) else { throw Problem(answer.text) }
    return USDTAmount(micro: micro)
  }

  private func head(of side: String) async throws -> Int64 {
    struct Block: Decodable {
      struct Header: Decodable {
        struct Raw: Decodable { var number: Int64? }
        var raw_data: Raw
      }
      var block_header: Header
    }
    let answer = try await node.post("/\(side)/getnowblock", "{}")
    return try answer.decoded(Block.self).block_header.raw_data.number ?? 0
  }

  private func transfer(_ log: Receipt.Log, of receipt: Receipt) throws -> ChainTransfer? {
    guard log.address == hexString(contract.accountBytes), log.topics.count == 3,
      log.topics[0] == "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    else { return nil }
    guard let amount = Int64((log.data ?? "").suffix(16), radix: 16) else {
      throw Problem("an event without an amount in \(receipt.id)")
    }
    return ChainTransfer(
      txid: receipt.id, block: receipt.blockNumber, sender: try account(log.topics[1]),
      recipient: try account(log.topics[2]), amount: USDTAmount(micro: amount))
  }

  private func account(_ topic: String) throws -> TronAddress {
    guard let word = bytes(hex: topic) else { throw Problem("not a topic: \(topic)") }
    return try TronAddress(accountBytes: word.suffix(20))
  }
}
