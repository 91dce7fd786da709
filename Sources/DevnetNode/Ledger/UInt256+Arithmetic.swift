import Tron

extension UInt256 {
  static let zero = UInt256(0)

  /// The greatest number, which the contract takes for an allowance without end.
  static let max = UInt256(bytes: [UInt8](repeating: 0xff, count: 32)) ?? .zero

  /// The difference, or `nil` below zero.
  func subtracting(_ other: UInt256) -> UInt256? {
    var borrow = 0
    var difference = [UInt8](repeating: 0, count: 32)
    let (left, right) = (bytes, other.bytes)
    for index in difference.indices.reversed() {
      let digit = Int(left[index]) - Int(right[index]) - borrow
      borrow = digit < 0 ? 1 : 0
      difference[index] = UInt8(digit & 255)
    }
    return borrow == 0 ? UInt256(bytes: difference) : nil
  }
}
