extension Int64 {
  /// The sum, held at the ends of the range instead of trapping.
  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    if overflow { return other > 0 ? .max : .min }
    return sum
  }

  /// The product of two numbers that are not negative, held at the end of the range instead of
  /// trapping.
  func multipliedClamped(by other: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
