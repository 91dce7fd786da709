/// The parameters of a query string: each at most once, each with a value, all of them known.
struct QueryParameters {
  private var values: [String: String] = [:]
  private(set) var faults: [FieldFault] = []

  /// Reads `name=value&name=value`; a plus sign is a plus sign, as in the offset of a time zone.
  init(_ query: String?, known: Set<String>) {
    for pair in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      take(parts[0], parts.count > 1 ? parts[1] : nil, known)
    }
  }

  /// The value of a parameter; `nil` when it was not given or has no acceptable form.
  subscript(name: String) -> String? { values[name] }

  mutating func fault(_ field: String, _ reason: String, _ message: String) {
    faults.append(FieldFault(field, reason: reason, message: message))
  }

  private mutating func take(
    _ name: Substring.UTF8View, _ value: Substring.UTF8View?, _ known: Set<String>
  ) {
    guard let field = Self.decoded(name), known.contains(field) else {
      // LIMIT: a client's own words come back, but not all of them.
      let shown = String((Self.decoded(name) ?? String(Substring(name))).prefix(100))
      return fault(shown, "unknown_parameter", "is not a parameter of this route")
    }
    guard let text = value.map(Self.decoded) ?? "" else {
      return fault(field, "bad_encoding", "must be UTF-8 with valid percent escapes")
    }
    guard !text.isEmpty else { return fault(field, "empty", "must have a value") }
    guard values.updateValue(text, forKey: field) == nil else {
      return fault(field, "repeated", "must be given once")
    }
  }

  private static func decoded(_ text: Substring.UTF8View) -> String? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hex), let low = rest.popFirst().flatMap(hex)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hex(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension QueryParameters {
  /// One of the names of an enumeration.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String
  ) -> Choice? {
    guard let text = self[name] else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    fault(name, "unknown_value", "must be one of \(names)")
    return nil
  }

  /// A number in plain digits.
  mutating func integer(_ name: String, in range: ClosedRange<Int>, beyond: String = "") -> Int? {
    guard let text = self[name] else { return nil }
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    let isInteger =
      !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && (digits.count == 1 || digits.first != UInt8(ascii: "0"))
    guard isInteger else {
      fault(name, "not_an_integer", "must be an integer in plain digits")
      return nil
    }
    let isNegative = digits.count < text.utf8.count
    if let number = Int(text), range.contains(number) { return number }
    if isNegative || Int(text).map({ $0 < range.lowerBound }) == true {
      fault(name, "too_small", "must be at least \(range.lowerBound)")
    } else {
      fault(name, "too_large", "must be at most \(range.upperBound)\(beyond)")
    }
    return nil
  }
}
