import Foundation
import Payouts
import Tron

/// The machine's wall clock.
public struct SystemClock: WallClock {
  /// Makes one.
  public init() {}

  /// Milliseconds since 1970.
  public func now() -> UnixMilliseconds {
    var time = timespec()
    // SAFETY: `time` is a local that the call fills; CLOCK_REALTIME exists everywhere.
    clock_gettime(CLOCK_REALTIME, &time)
    return UnixMilliseconds(Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
