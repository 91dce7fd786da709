import Logging
import Synchronization

/// Passes the client library's lines on to the log, at most one per kind in a while: a broker that
/// is away produces the same line many times a second.
final class ThrottledLog: Sendable {
  private struct Kind {
    var next: ContinuousClock.Instant
    var suppressed: Int
  }

  // LIMIT: one line per kind in ten seconds; kinds are names from the library, some dozens.
  private static let interval = Duration.seconds(10)
  private static let maximumKinds = 256

  private let logger: Logger
  private let kinds = Mutex<[String: Kind]>([:])

  init(_ logger: Logger) { self.logger = logger }

  /// A line from the library's own threads, with a syslog level.
  func write(syslog level: Int32, facility: String, _ message: String) {
    let level: Logger.Level =
      switch level {
      case ...2: .error
      case 3, 4: .warning
      case 5, 6: .info
      default: .debug
      }
    write(level, facility: facility, message)
  }

  func write(_ level: Logger.Level, facility: String, _ message: String) {
    guard level >= logger.logLevel, let suppressed = admit(facility, at: .now) else { return }
    logger.log(
      level: level, "\(message)",
      metadata: ["facility": "\(facility)", "suppressed": "\(suppressed)"])
  }

  /// How many lines of this kind were left out before this one, or `nil` when this one is too.
  private func admit(_ facility: String, at now: ContinuousClock.Instant) -> Int? {
    kinds.withLock { kinds in
      if let kind = kinds[facility], now < kind.next {
        kinds[facility]?.suppressed += 1
        return nil
      }
      if kinds.count >= Self.maximumKinds { kinds.removeAll() }
      let suppressed = kinds[facility]?.suppressed ?? 0
      kinds[facility] = Kind(next: now + Self.interval, suppressed: 0)
      return suppressed
    }
  }
}
