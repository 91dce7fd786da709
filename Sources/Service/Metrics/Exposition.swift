/// The pieces of the Prometheus text format, version 0.0.4.
enum Exposition {
  /// The content type of an answer.
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// A metric's or a label's name with everything that is not allowed replaced.
  static func name(_ text: String) -> String {
    var bytes = text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        byte
      default: UInt8(ascii: "_")
      }
    }
    if let first = bytes.first, (0x30...0x39).contains(first) {
      bytes.insert(UInt8(ascii: "_"), at: 0)
    }
    return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }

  /// Labels as they stand between the braces, sorted by name.
  static func labels(_ dimensions: [(String, String)]) -> String {
    dimensions.map { dimension in
      let label = name(dimension.0)
      // Prometheus itself writes `le` into histograms.
      return (label == "le" ? "exported_le" : label, dimension.1)
    }
    .sorted { $0.0 < $1.0 }
    .map { "\($0.0)=\"\(escapedLabel($0.1))\"" }
    .joined(separator: ",")
  }

  static func escapedLabel(_ text: String) -> String {
    // LIMIT: label values are names and codes; a longer one is a mistake.
    guard
      text.utf8.contains(where: { $0 == 0x5c || $0 == 0x22 || $0 == 0x0a })
        || text.utf8.count > 200
    else { return text }
    return String(text.prefix(200)).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
  }

  static func escapedHelp(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }
}

/// A number as Prometheus reads it; whole numbers without a fraction.
func prometheusNumber(_ value: Double) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
  if let whole = Int64(exactly: value) { return String(whole) }
  return "\(value)"
}

extension String {
  mutating func sample(_ name: String, _ labels: String, _ value: Double) {
    sample(name, labels, prometheusNumber(value))
  }

  /// A number of millionths that is not negative, exactly.
  mutating func sample(_ name: String, _ labels: String, millionths: Int64) {
    let (whole, rest) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
    var fraction = Substring(String(1_000_000 + rest).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    sample(name, labels, "\(whole)" + (fraction.isEmpty ? "" : ".\(fraction)"))
  }

  private mutating func sample(_ name: String, _ labels: String, _ number: String) {
    self += name
    if !labels.isEmpty {
      self += "{"
      self += labels
      self += "}"
    }
    self += " "
    self += number
    self += "\n"
  }

  mutating func header(_ name: String, _ kind: MetricDescription.Kind, _ help: String) {
    self += "# HELP \(name) \(Exposition.escapedHelp(help))\n# TYPE \(name) \(kind.rawValue)\n"
  }
}
