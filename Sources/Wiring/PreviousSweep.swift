import Synchronization
import Tron

/// When a sweeper last began a pass that ended well.
final class PreviousSweep: Sendable {
  private let stored = Mutex<UnixMilliseconds?>(nil)

  var value: UnixMilliseconds? {
    get { stored.withLock { $0 } }
    set { stored.withLock { $0 = newValue } }
  }
}
