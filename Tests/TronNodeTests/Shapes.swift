import Payouts
import Testing
import Tron

@testable import TronNode

/// Answers as nodes print them, with zeros and empty fields left out.
enum Shapes {
  static let wallet = "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"
  static let walletHex = "418840e6c55b9ada326d211d818c34a994aeced808"
  static let usdt = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
  static let usdtHex = "41a614f803b6fd780986a42c78ec9c7f77e6ded13c"
  static let txid = "f6f3dc90b5c5e6a7d8e9f00112233445566778899aabbccddeeff00112233445"

  static func blockID(_ number: Int64, _ fork: String = "a") -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
      + String(repeating: fork, count: 48)
  }

  static func root(of count: Int) -> String { String(repeating: count == 0 ? "0" : "1", count: 64) }

  static func block(
    _ number: Int64, time: Int64? = nil, id: String? = nil, parent: String? = nil,
    root: String? = nil, transactions: [String] = []
  ) -> String {
    let time = time ?? (number == 0 ? 0 : 1_700_000_000_000 + number * 3000)
    let list =
      transactions.isEmpty ? "" : #","transactions":[\#(transactions.joined(separator: ","))]"#
    let root = root ?? Self.root(of: transactions.count)
    let numberField = number == 0 ? "" : #""number":\#(number),"#
    let timeField = time == 0 ? "" : #","timestamp":\#(time)"#
    return """
      {"blockID":"\(id ?? blockID(number))","block_header":{"raw_data":{\(numberField)\
      "txTrieRoot":"\(root)","witness_address":"\(walletHex)",\
      "parentHash":"\(parent ?? blockID(max(0, number - 1)))","version":31\(timeField)},\
      "witness_signature":"00ff"}\(list)}
      """
  }

  static func transaction(_ txid: String, owner: String? = walletHex) -> String {
    let ownerField = owner.map { #""owner_address":"\#($0)","# } ?? ""
    return """
      {"ret":[{"contractRet":"SUCCESS"}],"signature":["00aa"],"txID":"\(txid)","raw_data":{\
      "contract":[{"parameter":{"value":{"data":"a9059cbb00",\(ownerField)\
      "contract_address":"\(usdtHex)"},"type_url":"type.googleapis.com/protocol.TriggerSmartContract"\
      },"type":"TriggerSmartContract"}],"ref_block_bytes":"0001","ref_block_hash":"0011223344556677",\
      "expiration":1700000060000,"fee_limit":30000000,"timestamp":1700000000000},"raw_data_hex":"0a02"}
      """
  }

  static func receipt(_ txid: String = txid, block: Int64 = 7, result: String = "SUCCESS") -> String
  {
    let failed = result == "SUCCESS" ? "" : #""result":"FAILED","resMessage":"5245","#
    let log =
      result == "SUCCESS"
      ? #""log":[{"address":"\#(usdtHex.dropFirst(2))","topics":["\#(word("ddf2"))","\#(word("01"))"],"data":"\#(word("05"))"}],"#
      : ""
    return """
      {"id":"\(txid)","fee":6428500,"blockNumber":\(block),"blockTimeStamp":1700000021000,\
      "contractResult":[""],"contract_address":"\(usdtHex)",\(failed)\(log)\
      "receipt":{"energy_fee":6428500,"energy_usage_total":64285,"net_usage":345,\
      "result":"\(result)"},"packingFee":6428500}
      """
  }

  static func word(_ digits: String) -> String {
    String(repeating: "0", count: 64 - digits.count) + digits
  }

  static let parameters = """
    {"chainParameter":[{"key":"getMaintenanceTimeInterval","value":21600000},\
    {"key":"getTransactionFee","value":1000},{"key":"getAllowUpdateAccountName"},\
    {"key":"getEnergyFee","value":100}]}
    """

  static let resources = """
    {"freeNetUsed":345,"freeNetLimit":600,"TotalNetLimit":43200000000,"EnergyUsed":1000,\
    "EnergyLimit":50000,"TotalEnergyLimit":180000000000}
    """

  static func constant(_ result: String, energy: Int = 1234) -> String {
    """
    {"result":{"result":true},"energy_used":\(energy),"constant_result":["\(result)"],\
    "transaction":{"ret":[{}],"visible":false,"txID":"00","raw_data":{}}}
    """
  }

  static let reverted = """
    {"result":{"result":true,"message":"524556455254206f70636f6465206578656375746564"},\
    "energy_used":541,"constant_result":[""],"transaction":{"ret":[{"ret":"FAILED"}]}}
    """

  static let notAContract = """
    {"result":{"code":"CONTRACT_VALIDATE_ERROR","message":\
    "536d61727420636f6e7472616374206973206e6f742065786973742e"}}
    """
}

/// Every method of both ports, asked for something fixed, its answer as text.
enum Method: String, CaseIterable {
  case broadcast, head, block, prices, energyLeft, transferEnergy
  case solidifiedHead, solidifiedBlocks, solidifiedReceipts, solidifiedReceipt, trx, usdt

  func ask(_ node: ScriptedNode, key: String? = nil, transport: NodeTransport) async throws
    -> String
  {
    let key = try key.map { try NodeAPIKey($0) }
    let full = TronFullNode(url: try node.url, key: key, transport: transport)
    let solid = TronSolidityNode(url: try node.url, key: key, transport: transport)
    let wallet = try TronAddress(base58: Shapes.wallet)
    let contract = try TronAddress(base58: Shapes.usdt)
    let txid = try #require(TransactionID(hex: Shapes.txid))
    let seven = BlockNumber(7)
    switch self {
    case .broadcast: return "\(try await full.broadcast([1, 2, 3]))"
    case .head: return "\(try await full.head())"
    case .block: return "\(String(describing: try await full.block(seven)))"
    case .prices: return "\(try await full.prices())"
    case .energyLeft: return "\(try await full.energyLeft(of: wallet))"
    case .transferEnergy:
      let energy = try await full.transferEnergy(
        contract: contract, from: wallet, to: wallet, amount: USDTAmount(micro: 1))
      return "\(String(describing: energy))"
    case .solidifiedHead: return "\(try await solid.solidifiedHead())"
    case .solidifiedBlocks:
      return "\(try await solid.solidifiedBlocks(from: seven, through: BlockNumber(9)))"
    case .solidifiedReceipts: return "\(try await solid.solidifiedReceipts(seven))"
    case .solidifiedReceipt: return "\(String(describing: try await solid.solidifiedReceipt(txid)))"
    case .trx: return "\(try await solid.solidifiedTRX(of: wallet))"
    case .usdt: return "\(try await solid.solidifiedUSDT(of: wallet, contract: contract))"
    }
  }

  var effect: Effect { self == .broadcast ? .inDoubt : .none }

  /// Whether `{}` is an answer of this method, by the node's own rules.
  var hasEmptyAnswer: Bool {
    switch self {
    case .block, .energyLeft, .solidifiedBlocks, .solidifiedReceipt, .trx: true
    default: false
    }
  }
}

/// A transport that is patient enough for a busy machine.
func makeTransport(
  _ change: (inout NodeTransport.Options) -> Void = { _ in }
) throws -> NodeTransport {
  var options = NodeTransport.Options()
  options.connectTimeout = .seconds(20)
  options.timeout = .seconds(60)
  change(&options)
  return try NodeTransport(options)
}

/// A transport that outlasts every test.
func patientTransport(
  _ change: (inout NodeTransport.Options) -> Void = { _ in }
) throws -> NodeTransport {
  try makeTransport {
    $0.timeout = forever
    change(&$0)
  }
}

/// Longer than any test.
let forever = Duration.seconds(120)

/// Much shorter than that, and still enough on a busy machine.
let prompt = Duration.seconds(20)
