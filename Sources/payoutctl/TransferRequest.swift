import Foundation
import Tron

/// The JSON object that `tx build` reads.
struct TransferRequest {
  private let fields: [String: String]

  private static let names: Set<String> = [
    "owner", "recipient", "contract", "amount", "ref_block_bytes", "ref_block_hash", "expiration",
    "timestamp", "fee_limit",
  ]

  /// Takes numbers and strings alike; an unknown field is refused rather than left unsigned.
  init(json: [UInt8]) throws {
    let read: [String: String?]
    do {
      read = try JSONDecoder().decode([String: String?].self, from: Data(quotingNumbers(json)))
    } catch {
      throw CommandFailure(
        "standard input is not one JSON object whose values are strings and numbers")
    }
    if let unknown = read.keys.filter({ !Self.names.contains($0) }).min() {
      throw CommandFailure("unknown field \(unknown)")
    }
    fields = read.compactMapValues { $0 }
  }

  /// The transaction that is asked for.
  func transaction() throws -> ContractCallTransaction {
    let terms = try TransactionTerms(
      referenceBytes: hex("ref_block_bytes"), referenceHash: hex("ref_block_hash"),
      expiration: UnixMilliseconds(integer("expiration")),
      timestamp: UnixMilliseconds(integer("timestamp", default: "0")),
      feeLimit: Sun(integer("fee_limit", default: "0")))
    guard let amount = UInt256(decimal: try text("amount")) else {
      throw CommandFailure("amount is not a whole number of micro-USDT")
    }
    return ContractCallTransaction(
      owner: try address("owner"), contract: try address("contract"),
      data: TransferCall(recipient: try address("recipient"), amount: amount).data, terms: terms)
  }

  private func text(_ name: String, default fallback: String? = nil) throws -> String {
    guard let text = fields[name] ?? fallback else { throw CommandFailure("\(name) is missing") }
    return text
  }

  private func integer(_ name: String, default fallback: String? = nil) throws -> Int64 {
    let text = try text(name, default: fallback)
    guard let value = UInt256(decimal: text)?.int64 else {
      throw CommandFailure("\(name) is not a whole number of at most 63 bits")
    }
    return value
  }

  private func hex(_ name: String) throws -> [UInt8] {
    guard let bytes = bytes(hex: try text(name)) else { throw CommandFailure("\(name) is not hex") }
    return bytes
  }

  private func address(_ name: String) throws -> TronAddress {
    let text = try text(name)
    do {
      return try TronAddress(base58: text)
    } catch {
      throw CommandFailure("\(name) is not a TRON address (\(error.rawValue))")
    }
  }
}

/// JSON with every number as a string of the same digits, so that none goes through a double.
private func quotingNumbers(_ json: [UInt8]) -> [UInt8] {
  let quote = UInt8(ascii: "\"")
  var output: [UInt8] = []
  var index = json.startIndex
  func take(while condition: (UInt8) -> Bool) {
    while index < json.count, condition(json[index]) {
      output.append(json[index])
      index += 1
    }
  }
  while index < json.count {
    switch json[index] {
    case quote:
      var isEscaped = false
      output.append(quote)
      index += 1
      take { byte in
        defer { isEscaped = !isEscaped && byte == UInt8(ascii: "\\") }
        return isEscaped || byte != quote
      }
      output += json[index...].prefix(1)
      index += 1
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      output.append(quote)
      take { "+-.0123456789eE".utf8.contains($0) }
      output.append(quote)
    default:
      output.append(json[index])
      index += 1
    }
  }
  return output
}
