import Payouts
import Tron

/// The answer of `triggerconstantcontract`.
struct ConstantCallFields: JSONFields {
  private var outcome: OutcomeFields?
  private(set) var energy: Int64?
  private var words: [[UInt8]] = []
  private var transaction = SimulatedFields()

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "result": outcome = try reader.fields()
    case "energy_used": energy = try reader.int64()
    case "constant_result":
      words = []
      try reader.array { reader throws(AnswerFault) in words.append(try reader.hex()) }
    case "transaction": transaction = try reader.fields()
    default: try reader.skip()
    }
  }

  /// Whether the simulated call reverted; throws when it was not simulated at all.
  ///
  /// A revert is `result: true` with a message and a failed simulated transaction.
  func hasReverted() throws(AnswerFault) -> Bool {
    let outcome = try outcome.required("result")
    guard outcome.isDone else {
      throw AnswerFault(refused: "\(outcome.code ?? "no code"): \(outcome.message ?? "")")
    }
    return transaction.hasFailed || outcome.message != nil
  }

  /// The single returned integer, where it fits.
  func returnedInteger() throws(AnswerFault) -> Int64 {
    guard let word = words.first, word.count == 32 else {
      throw AnswerFault(malformed: "constant_result is not one word")
    }
    guard word[..<24].allSatisfy({ $0 == 0 }), word[24] < 0x80 else {
      throw AnswerFault(malformed: "constant_result is larger than 63 bits")
    }
    return word[24...].reduce(0) { $0 << 8 | Int64($1) }
  }
}

private struct OutcomeFields: JSONFields {
  private(set) var isDone = false
  private(set) var code: String?
  private(set) var message: String?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "result": isDone = try reader.bool()
    case "code": code = try reader.string()
    case "message": message = Self.readable(try reader.string())
    default: try reader.skip()
    }
  }

  /// Messages are the hexadecimal digits of their text.
  private static func readable(_ text: String) -> String {
    Tron.bytes(hex: text).map { String(decoding: $0, as: UTF8.self) } ?? text
  }
}

private struct SimulatedFields: JSONFields {
  private var results: [SimulatedResultFields] = []

  var hasFailed: Bool { results.contains { $0.isFailed } }

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "ret": results = try reader.list()
    default: try reader.skip()
    }
  }
}

private struct SimulatedResultFields: JSONFields {
  private(set) var isFailed = false

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    switch key {
    case "ret": isFailed = try reader.string() == "FAILED"
    default: try reader.skip()
    }
  }
}

/// Arguments of a contract's method as the ABI lays them out: words of 32 bytes.
enum ABIWord {
  static func address(_ address: TronAddress) -> [UInt8] {
    [UInt8](repeating: 0, count: 12) + address.accountBytes
  }

  static func amount(_ amount: USDTAmount) -> [UInt8] {
    [UInt8](repeating: 0, count: 24)
      + (0..<8).map { UInt8(truncatingIfNeeded: amount.micro >> (56 - 8 * $0)) }
  }
}
