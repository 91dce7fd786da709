import Tron

/// Why text is not an amount that can be paid out.
public enum AmountFault: String, Error, CaseIterable, Sendable {
  /// A sign in front.
  case sign
  /// `1e2`.
  case exponent
  /// `05`.
  case leadingZero = "leading_zero"
  /// Anything else that is not digits, or digits, a point and digits.
  case notDecimal = "not_decimal"
  /// `5.505`.
  case tooManyDecimals = "too_many_decimals"
  /// Less than 0.01.
  case tooSmall = "too_small"
  /// More than 10,000.
  case tooLarge = "too_large"

  /// A sentence for people.
  public var message: String {
    switch self {
    case .sign: "must have no sign"
    case .exponent: "must be written without an exponent"
    case .leadingZero: "must not begin with a superfluous zero"
    case .notDecimal: "must be a decimal number like 5.50"
    case .tooManyDecimals: "must have at most 2 decimals"
    case .tooSmall: "must be at least 0.01"
    case .tooLarge: "must be at most 10000"
    }
  }
}

extension USDTAmount {
  /// The least that one payout moves.
  public static let minimumPayout = USDTAmount(micro: 10_000)
  /// The most that one payout moves.
  public static let maximumPayout = USDTAmount(micro: 10_000_000_000)
  /// Micro-USDT in 0.01 USDT.
  static let microPerCent: Int64 = 10_000

  /// Reads an amount as a client writes it, character by character: `5.50`, `5.500`, `5`.
  /// Trailing zeros do not count as decimals. From 0.01 to 10,000, both inclusive.
  public init(payoutText text: String) throws(AmountFault) {
    let (whole, fraction) = try Self.parts(Array(text.utf8))
    let decimals = fraction.dropLast(
      fraction.reversed().prefix { $0 == UInt8(ascii: "0") }.count)
    guard decimals.count <= 2 else { throw .tooManyDecimals }
    // LIMIT: five digits hold 10,000; more cannot be in range and might not fit an integer.
    guard whole.count <= 5 else { throw .tooLarge }
    var cents: Int64 = 0
    for digit in whole { cents = cents * 10 + Int64(digit - UInt8(ascii: "0")) }
    for index in 0..<2 {
      let digit =
        index < decimals.count ? decimals[decimals.startIndex + index] : UInt8(ascii: "0")
      cents = cents * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    self.init(micro: cents * Self.microPerCent)
    guard self >= .minimumPayout else { throw .tooSmall }
    guard self <= .maximumPayout else { throw .tooLarge }
  }

  /// The digits before and after the point.
  private static func parts(
    _ text: [UInt8]
  ) throws(AmountFault) -> (whole: ArraySlice<UInt8>, fraction: ArraySlice<UInt8>) {
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      throw .sign
    }
    let whole = text.prefix(while: isDigit)
    guard !whole.isEmpty else { throw .notDecimal }
    var rest = text[whole.endIndex...]
    var fraction = rest.prefix(0)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = rest.prefix(while: isDigit)
      guard !fraction.isEmpty else { throw .notDecimal }
      rest = rest.dropFirst(fraction.count)
    }
    if let mark = rest.first {
      throw mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") ? .exponent : .notDecimal
    }
    guard whole.count == 1 || whole.first != UInt8(ascii: "0") else { throw .leadingZero }
    return (whole, fraction)
  }

  /// As the API writes amounts: with two decimals, more only if there is more.
  public var decimalText: String {
    let cents = micro.magnitude / UInt64(Self.microPerCent)
    let rest = micro.magnitude % UInt64(Self.microPerCent)
    let hundredths = cents % 100
    var text = "\(micro < 0 ? "-" : "")\(cents / 100).\(hundredths < 10 ? "0" : "")\(hundredths)"
    if rest > 0 { text += decimalDigits(rest, width: 4) }
    return text
  }
}

extension Sun {
  /// The amount in TRX, exact: `0.001`, `13.8445`, `0`.
  public var trxText: String {
    let whole = value.magnitude / 1_000_000
    let rest = value.magnitude % 1_000_000
    let sign = value < 0 ? "-" : ""
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(decimalDigits(rest, width: 6))"
  }
}

/// The digits behind a decimal point: padded to the width in front, without trailing zeros.
private func decimalDigits(_ value: UInt64, width: Int) -> String {
  let digits = String(value)
  let padded = String(repeating: "0", count: width - digits.count) + digits
  return String(padded.reversed().drop { $0 == "0" }.reversed())
}
