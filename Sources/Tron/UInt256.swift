/// An unsigned integer of 256 bits, the number of the virtual machine.
///
/// Only for reading and writing what contracts say; money inside the system is ``USDTAmount``.
public struct UInt256: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt128
  private let low: UInt128

  private init(high: UInt128, low: UInt128) {
    self.high = high
    self.low = low
  }

  /// The same number.
  public init(_ value: UInt64) { self.init(high: 0, low: UInt128(value)) }

  /// A big-endian word; `nil` unless there are exactly 32 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init(
      high: bytes.prefix(16).reduce(0) { $0 << 8 | UInt128($1) },
      low: bytes.suffix(16).reduce(0) { $0 << 8 | UInt128($1) })
  }

  /// Reads decimal digits and nothing else; `nil` when there are none or the number is too big.
  public init?(decimal text: some StringProtocol) {
    var value = UInt256(0)
    guard !text.isEmpty else { return nil }
    for digit in text.utf8 {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit),
        let next = value.appending(digit: UInt128(digit - UInt8(ascii: "0")))
      else { return nil }
      value = next
    }
    self = value
  }

  private func appending(digit: UInt128) -> UInt256? {
    let (top, highOverflow) = high.multipliedReportingOverflow(by: 10)
    let product = low.multipliedFullWidth(by: 10)
    let (sum, carry) = product.low.addingReportingOverflow(digit)
    let (total, topOverflow) = top.addingReportingOverflow(product.high + (carry ? 1 : 0))
    return highOverflow || topOverflow ? nil : UInt256(high: total, low: sum)
  }

  /// The big-endian word, 32 bytes.
  public var bytes: [UInt8] {
    [high, low].flatMap { half in
      (0..<16).map { UInt8(truncatingIfNeeded: half >> (120 - 8 * $0)) }
    }
  }

  /// The number, or `nil` when it does not fit 63 bits.
  public var int64: Int64? { high == 0 ? Int64(exactly: low) : nil }

  /// Decimal digits.
  public var description: String {
    var digits: [UInt8] = []
    var rest = self
    repeat {
      let (top, topRemainder) = rest.high.quotientAndRemainder(dividingBy: 10)
      let (bottom, digit) = UInt128(10).dividingFullWidth((topRemainder, rest.low))
      digits.append(UInt8(ascii: "0") + UInt8(digit))
      rest = UInt256(high: top, low: bottom)
    } while rest != UInt256(0)
    return String(decoding: digits.reversed(), as: UTF8.self)
  }
}
