extension Duration {
  /// Whole milliseconds, rounded up so that a short wait is never none; for C calls.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    let whole = seconds.multipliedReportingOverflow(by: 1000)
    guard !whole.overflow, whole.partialValue < Int64(Int32.max) - 1000 else { return .max }
    let part = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(max(0, whole.partialValue + part))
  }
}
