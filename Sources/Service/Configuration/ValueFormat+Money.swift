import Tron

extension ValueFormat where Value == USDTAmount {
  /// USDT with up to six decimal places, more than nothing.
  static var usdt: Self {
    Self { text throws(Malformed) in
      guard let micro = millionths(text), micro > 0 else {
        throw Malformed("must be USDT above 0 with at most six decimal places")
      }
      return USDTAmount(micro: micro)
    }
  }
}

/// An amount that may not be exceeded, or no such amount.
public enum AmountLimit: Hashable, Sendable {
  /// At most this.
  case most(USDTAmount)
  /// Any amount.
  case off

  /// The amount; `nil` when there is none.
  public var amount: USDTAmount? {
    switch self {
    case .most(let amount): amount
    case .off: nil
    }
  }
}

extension ValueFormat where Value == AmountLimit {
  /// USDT with up to six decimal places, more than nothing; or `off`.
  static var limit: Self {
    Self { text throws(Malformed) in
      if text == "off" { return .off }
      guard let micro = millionths(text), micro > 0 else {
        throw Malformed("must be off, or USDT above 0 with at most six decimal places")
      }
      return .most(USDTAmount(micro: micro))
    }
  }
}

extension ValueFormat where Value == Sun {
  /// TRX with up to six decimal places, more than nothing, up to a most.
  static func trx(most: Int64) -> Self {
    Self { text throws(Malformed) in
      guard let sun = millionths(text), sun > 0, sun <= most * 1_000_000 else {
        throw Malformed("must be TRX above 0 up to \(most) with at most six decimal places")
      }
      return Sun(sun)
    }
  }
}

extension ValueFormat where Value == TronAddress {
  /// Base58check.
  static var address: Self {
    Self { text throws(Malformed) in
      do {
        let address = try TronAddress(base58: text)
        guard !address.isZero else { throw Malformed("must not be the zero address") }
        return address
      } catch let error as AddressError {
        throw Malformed("must be a TRON address of 34 characters: \(error.rawValue)")
      } catch let error as Malformed {
        throw error
      } catch {
        throw Malformed("must be a TRON address of 34 characters")
      }
    }
  }
}

/// Exact millionths of plain decimal notation; `nil` when it is something else or does not fit.
func millionths(_ text: String) -> Int64? {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  guard parts.count <= 2, let whole = decimal(parts[0]) else { return nil }
  var fraction = 0
  if parts.count == 2 {
    guard (1...6).contains(parts[1].utf8.count), let digits = decimal(parts[1]) else { return nil }
    fraction = (parts[1].utf8.count..<6).reduce(digits) { value, _ in value * 10 }
  }
  let (product, overflow) = Int64(whole).multipliedReportingOverflow(by: 1_000_000)
  let (sum, carried) = product.addingReportingOverflow(Int64(fraction))
  return overflow || carried ? nil : sum
}
