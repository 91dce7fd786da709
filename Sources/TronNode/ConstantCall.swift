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
    guard let word = words.first.flatMap({ UInt256(bytes: $0) }) else {
      throw AnswerFault(malformed: "constant_result is not one word")
    }
    guard let integer = word.int64 else {
      throw AnswerFault(malformed: "constant_result is larger than 63 bits")
    }
    return integer
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
