import Tron

/// Takes the known fields out of an object one by one and notes every fault on the way.
struct FieldScan {
  private let members: [JSONMember]
  private var known: Set<String> = []
  private(set) var faults: [FieldFault] = []

  init(_ members: [JSONMember]) { self.members = members }

  mutating func fault(
    _ field: String, code: ErrorCode = .invalidField, _ reason: String, _ message: String
  ) {
    faults.append(FieldFault(field, code: code, reason: reason, message: message))
  }

  /// The value of a field; `nil` when it is absent.
  private mutating func take(_ field: String, required: Bool) -> JSONValue? {
    known.insert(field)
    guard let value = members.first(where: { $0.name == field })?.value else {
      if required { fault(field, "missing", "is required") }
      return nil
    }
    return value
  }

  private mutating func wrongType(_ field: String, _ value: JSONValue, expected: String) {
    fault(field, "wrong_type", "must be \(expected), not \(value.kind)")
  }

  /// Whether there is such a field.
  func has(_ field: String) -> Bool { members.contains { $0.name == field } }

  /// An array that must be there.
  mutating func array(_ field: String, counts: ClosedRange<Int>) -> [JSONValue]? {
    guard let value = take(field, required: true) else { return nil }
    guard case .array(let values) = value else {
      wrongType(field, value, expected: "an array")
      return nil
    }
    if values.count < counts.lowerBound {
      fault(field, "too_short", "must have at least \(counts.lowerBound) item")
    } else if values.count > counts.upperBound {
      fault(field, "too_long", "must have at most \(counts.upperBound) items")
    } else {
      return values
    }
    return nil
  }

  /// A string; absent and null are the same for one that is not required.
  mutating func text(_ field: String, lengths: ClosedRange<Int>, required: Bool = false) -> String?
  {
    guard let value = take(field, required: required) else { return nil }
    if !required, value == .null { return nil }
    guard let text = value.text else {
      wrongType(field, value, expected: "a string")
      return nil
    }
    let length = text.unicodeScalars.count
    if length < lengths.lowerBound {
      fault(field, "too_short", "must have at least \(lengths.lowerBound) character")
    } else if length > lengths.upperBound {
      fault(field, "too_long", "must have at most \(lengths.upperBound) characters")
    } else if text.utf8.contains(0) {
      // Text with a NUL is cut short by C libraries along the way.
      fault(field, "nul_character", "must not contain U+0000")
    } else {
      return text
    }
    return nil
  }

  /// A string of visible characters and spaces.
  mutating func printable(_ field: String, lengths: ClosedRange<Int>) -> String? {
    guard let text = text(field, lengths: lengths) else { return nil }
    guard text.unicodeScalars.allSatisfy(\.isPrintable) else {
      fault(field, "not_printable", "must have printable characters only")
      return nil
    }
    return text
  }

  /// One of the names of an enumeration; `absent` when there is no such field, a fault when that
  /// is `nil` too.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ field: String, absent: Choice? = nil, code: ErrorCode = .invalidField
  ) -> Choice? {
    guard let value = take(field, required: absent == nil) else { return absent }
    guard let text = value.text else {
      wrongType(field, value, expected: "a string")
      return nil
    }
    guard let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      fault(field, code: code, "unknown_value", "must be one of \(names)")
      return nil
    }
    return choice
  }

  /// An amount, as a number or as a decimal string.
  mutating func amount(_ field: String) -> USDTAmount? {
    guard let value = take(field, required: true) else { return nil }
    switch value {
    case .number(let text), .string(let text):
      do {
        return try USDTAmount(payoutText: text)
      } catch {
        fault(field, error.rawValue, error.message)
        return nil
      }
    case .null, .bool, .array, .object:
      wrongType(field, value, expected: "a number or a decimal string")
      return nil
    }
  }

  /// An address that may be paid.
  mutating func recipient(_ field: String, _ policy: RecipientPolicy) -> TronAddress? {
    guard let value = take(field, required: true) else { return nil }
    guard let text = value.text else {
      wrongType(field, value, expected: "a string")
      return nil
    }
    do {
      return try policy.recipient(text)
    } catch {
      fault(field, code: .invalidAddress, error.reason, error.message)
      return nil
    }
  }

  /// An object as compact JSON text with its numbers as given.
  mutating func object(_ field: String, maximumBytes: Int) -> String? {
    guard let value = take(field, required: false), value != .null else { return nil }
    guard value.members != nil else {
      wrongType(field, value, expected: "an object")
      return nil
    }
    let text = JSONText(value)
    guard text.bytes.count <= maximumBytes else {
      fault(field, "too_long", "must have at most \(maximumBytes) bytes of JSON")
      return nil
    }
    return text.text
  }

  /// Notes every field that was not asked for.
  mutating func faultUnknownFields() {
    for member in members where !known.contains(member.name) {
      // LIMIT: a client's own words come back, but not a whole body of them.
      fault(String(member.name.prefix(100)), "unknown_field", "is not a field of this request")
    }
  }
}

extension Unicode.Scalar {
  /// Whether it can be seen, or is the plain space.
  var isPrintable: Bool {
    if self == " " { return true }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default:
      return true
    }
  }
}
