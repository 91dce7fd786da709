import Payouts

/// Why an answer is not what the method answers.
struct AnswerFault: Error {
  var code: ChainError.Code
  var reason: String

  /// It cannot be understood.
  init(malformed reason: String) {
    code = .malformed
    self.reason = reason
  }

  /// The node says that it failed.
  init(refused reason: String) {
    code = .refused
    self.reason = reason
  }
}

/// An object at the top of an answer: its own fields, or `Error`, or nothing at all.
struct Answer<Fields: JSONFields>: JSONFields {
  private var fields = Fields()
  private var isEmpty = true
  private var error: String?

  mutating func read(_ key: JSONKey, _ reader: inout JSONReader) throws(AnswerFault) {
    isEmpty = false
    switch key {
    case "Error": error = try reader.string()
    default: try fields.read(key, &reader)
    }
  }

  /// The fields; `nil` for `{}`, which only some methods have a meaning for.
  func checked() throws(AnswerFault) -> Fields? {
    if let error { throw AnswerFault(refused: error) }
    return isEmpty ? nil : fields
  }

  /// The fields of a method for which `{}` has no meaning.
  func required() throws(AnswerFault) -> Fields {
    guard let fields = try checked() else { throw AnswerFault(malformed: "an empty answer") }
    return fields
  }
}

extension Optional {
  /// The value of a field that the method always answers.
  func required(_ name: String) throws(AnswerFault) -> Wrapped {
    guard let self else { throw AnswerFault(malformed: "no \(name)") }
    return self
  }
}
