/// Energy or bandwidth that an account may use again every day, with what it has used.
///
/// Usage decays linearly to nothing over 24 hours since the last use. The real node keeps a
/// precision-weighted average over the same window; the two agree exactly for a single use and
/// within the decay of one slot otherwise.
struct Resource: Equatable, Sendable {
  /// Usage is forgotten after this time.
  static let windowMilliseconds: Int64 = 86_400_000

  /// What may be used within a day.
  var limit: Int64
  private var used: Int64 = 0
  private var lastUseMilliseconds: Int64 = 0

  init(limit: Int64) { self.limit = limit }

  /// What still counts as used at a time.
  func used(at milliseconds: Int64) -> Int64 {
    let age = Swift.max(0, milliseconds - lastUseMilliseconds)
    guard used > 0, age < Self.windowMilliseconds else { return 0 }
    return
      (UInt128(used) * UInt128(Self.windowMilliseconds - age)
      / UInt128(Self.windowMilliseconds)).clampedToInt64
  }

  /// What is left at a time; never below zero.
  func left(at milliseconds: Int64) -> Int64 { Swift.max(0, limit - used(at: milliseconds)) }

  /// Uses an amount that is not negative.
  mutating func use(_ amount: Int64, at milliseconds: Int64) {
    let (sum, overflow) = used(at: milliseconds).addingReportingOverflow(amount)
    used = overflow ? .max : sum
    lastUseMilliseconds = milliseconds
  }
}

extension UInt128 {
  fileprivate var clampedToInt64: Int64 { Int64(exactly: self) ?? .max }
}
