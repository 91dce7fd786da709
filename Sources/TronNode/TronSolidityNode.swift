import Payouts
import Synchronization
import Tron

/// A node's `walletsolidity` methods: the view that proves.
public final class TronSolidityNode: SolidityNode {
  // LIMIT: what the method gives at most.
  private static let maximumBlocks: Int64 = 100
  // LIMIT: reads block by block before a range is tried again.
  private static let patience = 32

  private let client: NodeClient
  /// Reads that go block by block: some deployments do not serve `getblockbylimitnext`. Others only
  /// seem so for a moment, so it is tried again now and then.
  private let readsWithoutRanges = Mutex(0)

  /// A node at an address, over a shared transport.
  public init(url: NodeURL, key: NodeAPIKey? = nil, transport: NodeTransport) {
    client = NodeClient(url: url, key: key, transport: transport)
  }

  /// Host and port.
  public var name: String { client.name }

  /// The solidified head (`getnowblock`).
  public func solidifiedHead() async throws(ChainError) -> ChainBlock {
    try await client.head("walletsolidity/getnowblock")
  }

  /// Solidified blocks in order, each the child of the one before, at most 100; shorter when the
  /// node has fewer. An answer with a gap or a broken link is an error as a whole.
  public func solidifiedBlocks(
    from: BlockNumber, through: BlockNumber
  ) async throws(ChainError) -> [ChainBlock] {
    guard from <= through else { return [] }
    let last = min(through.value, from.value + Self.maximumBlocks - 1)
    let triesRange = readsWithoutRanges.withLock { left in
      left = max(0, left - 1)
      return left == 0
    }
    if triesRange {
      if let blocks = try await range(from.value, last) { return blocks }
      readsWithoutRanges.withLock { $0 = Self.patience }
    }
    return try await oneByOne(from.value, last)
  }

  /// The receipts of a solidified block, in block order (`gettransactioninfobyblocknum`).
  ///
  /// A node that does not have the block answers the same as for an empty one: compare with the
  /// block itself.
  public func solidifiedReceipts(_ number: BlockNumber) async throws(ChainError) -> [ChainReceipt] {
    guard number.value > 0 else { return [] }  // nodes answer `{}` for the genesis block
    return try await client.call(
      "walletsolidity/gettransactioninfobyblocknum", ["num": .number(number.value)]
    ) { reader throws(AnswerFault) in
      guard reader.peek() == UInt8(ascii: "[") else {
        _ = try reader.fields(Answer<NoFields>.self).required()
        throw AnswerFault(malformed: "not a list")
      }
      return try reader.list(of: ReceiptFields.self).map { fields throws(AnswerFault) in
        let receipt = try fields.receipt()
        guard receipt.blockNumber == number else {
          throw AnswerFault(malformed: "a receipt of block \(receipt.blockNumber.value)")
        }
        return receipt
      }
    }
  }

  /// The receipt of one transaction (`gettransactioninfobyid`); `nil` when the node says that the
  /// solidified chain has none.
  public func solidifiedReceipt(_ txid: TransactionID) async throws(ChainError) -> ChainReceipt? {
    try await client.call(
      "walletsolidity/gettransactioninfobyid", ["value": .bytes(txid.bytes)]
    ) { reader throws(AnswerFault) in
      guard let fields = try reader.fields(Answer<ReceiptFields>.self).checked() else {
        return nil
      }
      let receipt = try fields.receipt()
      guard receipt.txid == txid else {
        throw AnswerFault(malformed: "the receipt of another transaction")
      }
      return receipt
    }
  }

  /// The TRX of an account (`getaccount`); zero when there is no account.
  public func solidifiedTRX(of account: TronAddress) async throws(ChainError) -> Sun {
    try await client.call(
      "walletsolidity/getaccount", ["address": .bytes(account.bytes)]
    ) { reader throws(AnswerFault) in
      try reader.fields(Answer<AccountFields>.self).checked()?.balance(of: account) ?? .zero
    }
  }

  /// The USDT of an account (`balanceOf` by `triggerconstantcontract`).
  public func solidifiedUSDT(
    of account: TronAddress, contract: TronAddress
  ) async throws(ChainError) -> USDTAmount {
    try await client.call(
      "walletsolidity/triggerconstantcontract",
      [
        "owner_address": .bytes(account.bytes),
        "contract_address": .bytes(contract.bytes),
        "function_selector": .text("balanceOf(address)"),
        "parameter": .bytes([UInt8](repeating: 0, count: 12) + account.accountBytes),
      ]
    ) { reader throws(AnswerFault) in
      let answer = try reader.fields(Answer<ConstantCallFields>.self).required()
      guard try !answer.hasReverted() else { throw AnswerFault(refused: "balanceOf reverted") }
      return USDTAmount(micro: try answer.returnedInteger())
    }
  }
}

extension TronSolidityNode {
  private func range(_ first: Int64, _ last: Int64) async throws(ChainError) -> [ChainBlock]? {
    try await client.callIfServed(
      "walletsolidity/getblockbylimitnext",
      ["startNum": .number(first), "endNum": .number(last + 1)]
    ) { reader throws(AnswerFault) in
      let blocks = try reader.fields(Answer<BlockListFields>.self).checked()?.blocks() ?? []
      guard blocks.count <= last - first + 1 else {
        throw AnswerFault(malformed: "more blocks than asked for")
      }
      try Self.checkLinks(blocks, first: first)
      return blocks
    }
  }

  private func oneByOne(_ first: Int64, _ last: Int64) async throws(ChainError) -> [ChainBlock] {
    var blocks: [ChainBlock] = []
    for number in first...last {
      let block = try await client.block("walletsolidity/getblockbynum", BlockNumber(number))
      guard let block else { break }
      blocks.append(block)
      do throws(AnswerFault) {
        try Self.checkLinks(blocks, first: first)
      } catch {
        throw ChainError(code: error.code, effect: .none, message: "\(name): \(error.reason)")
      }
    }
    return blocks
  }

  private static func checkLinks(
    _ blocks: [ChainBlock], first: Int64
  ) throws(AnswerFault) {
    for (index, block) in blocks.enumerated() {
      guard block.number.value == first + Int64(index) else {
        throw AnswerFault(
          malformed: "block \(block.number.value) in the place of \(first + Int64(index))")
      }
      guard index == 0 || block.parent == blocks[index - 1].id else {
        throw AnswerFault(
          malformed: "block \(block.number.value) is not the child of the one before")
      }
    }
  }
}

private struct NoFields: JSONFields {
  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    try reader.skip()
  }
}

private struct AccountFields: JSONFields {
  private var address: [UInt8]?
  private var balance: Int64 = 0

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "address": address = try reader.hex()
    case "balance": balance = try reader.int64()
    default: try reader.skip()
    }
  }

  func balance(of account: TronAddress) throws(AnswerFault) -> Sun {
    guard try address.required("address") == account.bytes else {
      throw AnswerFault(malformed: "the balance of another account")
    }
    return Sun(balance)
  }
}
