import Payouts
import Synchronization
import Tron

/// Makes identifiers that sort by time and cannot be guessed: 48 bits of milliseconds and 80
/// random bits, as 26 characters of lower-case Crockford base32.
///
/// Within a process each is greater than the one before, also when the clock stands or goes back;
/// but a payout's id has exactly the time that it is given.
public final class RandomIdentifiers: Sendable {
  private struct Last {
    var milliseconds: UInt64 = 0
    var high: UInt16 = 0
    var low: UInt64 = 0
  }

  private let clock: any WallClock
  private let last = Mutex(Last())

  /// - Parameter clock: Tells the time part.
  public init(clock: any WallClock) { self.clock = clock }

  /// `payout_…`, of a payout whose `createdAt` is this very time: lists and statistics rely on it.
  public func payoutID(at createdAt: UnixMilliseconds) -> PayoutID {
    PayoutID(
      createdAt: createdAt, high: .random(in: .min ... .max), low: .random(in: .min ... .max))
  }

  /// `batch_…`
  public func batchID() -> BatchID { BatchID("batch_" + next()) }

  /// `req_…`
  public func requestID() -> RequestID { RequestID("req_" + next()) }

  private func next() -> String {
    let now = UInt64(clamping: clock.now().value) & 0xffff_ffff_ffff
    let random = (high: UInt16.random(in: .min ... .max), low: UInt64.random(in: .min ... .max))
    let value = last.withLock { last in
      if now > last.milliseconds {
        last = Last(milliseconds: now, high: random.high, low: random.low)
      } else {
        // The same millisecond: a random step upwards keeps the order and tells nothing.
        let (low, carry) = last.low.addingReportingOverflow(random.low | 1)
        let (high, overflow) = last.high.addingReportingOverflow(carry ? 1 : 0)
        last.low = low
        last.high = high
        if overflow { last.milliseconds += 1 }
      }
      return last
    }
    return TimeOrderedText.text(
      UnixMilliseconds(Int64(clamping: value.milliseconds)), high: value.high, low: value.low)
  }
}
