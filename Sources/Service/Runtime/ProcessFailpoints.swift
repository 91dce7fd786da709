import Foundation
import Logging
import Payouts
import Synchronization

#if DEBUG || FAILPOINTS
  /// Kills its own process at the chosen pass of a failpoint, as abruptly as a power cut.
  public final class ProcessFailpoints: Failpoints {
    private let settings: FailpointSettings
    private let passes = Mutex<[Failpoint: Int]>([:])
    private let kill: @Sendable (Failpoint) -> Void

    /// Dies by SIGKILL.
    public convenience init(_ settings: FailpointSettings) {
      self.init(settings) { _ in
        Foundation.kill(getpid(), SIGKILL)
        // The signal may be delivered to another thread a moment later; nothing may follow here.
        while true { pause() }
      }
    }

    init(_ settings: FailpointSettings, kill: @escaping @Sendable (Failpoint) -> Void) {
      self.settings = settings
      self.kill = kill
    }

    /// Counts the pass and kills the process when it is the chosen one.
    public func reach(_ point: Failpoint) {
      guard let pass = settings.kills[point] else { return }
      let now = passes.withLock { passes in
        passes[point, default: 0] += 1
        return passes[point]
      }
      guard now == pass, mark(point) else { return }
      kill(point)
    }

    /// Leaves the point's file; false when it was there already, so that the point is spent.
    private func mark(_ point: Failpoint) -> Bool {
      guard let directory = settings.stateDirectory else { return true }
      let path = "\(directory)/\(point.rawValue)"
      let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o644)
      guard descriptor >= 0 else { return false }
      close(descriptor)
      return true
    }
  }
#endif

extension FailpointSettings {
  /// What reaches the points of this process.
  static func failpoints(_ settings: FailpointSettings?) -> any Failpoints {
    #if DEBUG || FAILPOINTS
      if let settings { return ProcessFailpoints(settings) }
    #endif
    return NoFailpoints()
  }
}
