/// A position in a distributed trace, as the W3C header `traceparent` carries it.
public struct TraceContext: Hashable, Sendable {
  /// 32 lower-case hex digits, not all zero.
  public var traceID: String
  /// 16 lower-case hex digits, not all zero: the span of whoever wrote this.
  public var spanID: String
  /// 2 lower-case hex digits.
  public var flags: String

  /// A new trace.
  public init(traceID: (UInt64, UInt64), spanID: UInt64) {
    self.traceID = hex16(traceID.0) + hex16(max(1, traceID.1))
    self.spanID = hex16(max(1, spanID))
    flags = "00"
  }

  /// Reads a header; `nil` when it is not valid, which the standard says to treat as absent.
  public init?(traceparent: String) {
    let parts = traceparent.utf8.split(
      separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].count == 2, parts[1].count == 32, parts[2].count == 16,
      parts[3].count == 2, parts.prefix(4).allSatisfy({ $0.allSatisfy(isLowerHex) })
    else { return nil }
    let version = String(parts[0])
    // Later versions may append fields; version ff is forbidden.
    guard version != "ff", version != "00" || parts.count == 4 else { return nil }
    guard !parts[1].allSatisfy({ $0 == UInt8(ascii: "0") }),
      !parts[2].allSatisfy({ $0 == UInt8(ascii: "0") })
    else { return nil }
    guard let traceID = String(parts[1]), let spanID = String(parts[2]),
      let flags = String(parts[3])
    else { return nil }
    self.traceID = traceID
    self.spanID = spanID
    self.flags = flags
  }

  /// The same trace with our own span.
  public func child(spanID: UInt64) -> TraceContext {
    var child = self
    child.spanID = hex16(max(1, spanID))
    return child
  }

  /// The header's value, version 00.
  public var traceparent: String { "00-\(traceID)-\(spanID)-\(flags)" }
}

private func isLowerHex(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

private func hex16(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
