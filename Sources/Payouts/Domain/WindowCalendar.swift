import Tron

/// When windows end: at the full hour, at 00:00 UTC, on Monday at 00:00 UTC. Pure arithmetic on
/// instants; UTC has no summer time, and months and years need no rule.
public struct WindowCalendar: Hashable, Sendable {
  // 1970-01-05 was the first Monday.
  private static let firstMonday: Int64 = 4 * 86_400_000
  // LIMIT: a payout that Ingest created before the end may reach the store a moment after it. One
  // that comes later still is found by the next turn, and goes out in a transfer of its own.
  private static let longestGrace: Int64 = 5_000

  private let shortened: [BatchType: Int64]

  /// The calendar's windows.
  public static let utc = WindowCalendar()

  /// - Parameter shortened: lengths for development instead of the calendar's, in whole seconds and
  ///   at least one; such windows are aligned to 1970-01-01T00:00:00Z.
  public init(shortened: [BatchType: Duration] = [:]) {
    self.shortened = shortened.mapValues { max(1, $0.components.seconds) * 1_000 }
  }

  /// The window of a payout that is created at an instant; `nil` for IMMEDIATE.
  public func window(_ type: BatchType, at instant: UnixMilliseconds) -> WindowID? {
    guard let length = length(of: type) else { return nil }
    let start = type == .weekly && shortened[type] == nil ? Self.firstMonday : 0
    let (quotient, remainder) = (instant.value - start).quotientAndRemainder(dividingBy: length)
    let begun = remainder < 0 ? quotient - 1 : quotient
    return WindowID(type, end: UnixMilliseconds(start + (begun + 1) * length))
  }

  /// How long after its end a window is closed, in milliseconds.
  public var graceMilliseconds: Int64 {
    min(
      Self.longestGrace, BatchType.allCases.compactMap { length(of: $0) }.min().map { $0 / 4 } ?? 0)
  }

  private func length(of type: BatchType) -> Int64? {
    if type == .immediate { return nil }
    if let shortened = shortened[type] { return shortened }
    switch type {
    case .immediate: return nil
    case .hourly: return 3_600_000
    case .daily: return 86_400_000
    case .weekly: return 7 * 86_400_000
    }
  }
}
