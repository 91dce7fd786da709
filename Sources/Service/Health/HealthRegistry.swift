import Logging
import Synchronization

/// What the parts of a process say of themselves; the process is ready when all of them are.
public final class HealthRegistry: Sendable {
  /// One part at one moment.
  public struct Component: Sendable, Hashable {
    /// Its name: `store`, `broker`, `consumer`, …
    public var name: String
    /// Whether it can do its work.
    public var isReady: Bool
    /// Why not; empty when it can.
    public var reason: String
    /// Since when it is so, milliseconds since 1970.
    public var since: Int64
  }

  private struct Entry {
    var component: Component
    var changed: Duration
    /// Starting or stopping: nothing that anyone has to hear of.
    var isPlanned: Bool
  }

  private let logger: Logger
  private let clock: any LoopClock
  private let entries = Mutex<[String: Entry]>([:])

  /// - Parameter logger: Gets one line a change.
  public init(
    logger: Logger = Logger(label: "health"), clock: any LoopClock = SystemLoopClock()
  ) {
    self.logger = logger
    self.clock = clock
  }

  /// Sorted by name.
  public var components: [Component] {
    entries.withLock { $0.values.map(\.component) }.sorted { $0.name < $1.name }
  }

  /// Whether every component is ready.
  public var isReady: Bool {
    entries.withLock { $0.values.allSatisfy { $0.component.isReady } }
  }

  /// The component can do its work.
  public func ready(_ name: String) { set(name, reason: nil, isPlanned: false) }

  /// The component cannot do its work.
  public func notReady(_ name: String, _ reason: String) {
    set(name, reason: reason, isPlanned: false)
  }

  /// The component is not at work because the process is starting or stopping it.
  public func idle(_ name: String, _ reason: String) { set(name, reason: reason, isPlanned: true) }

  /// The component is gone and no longer counts.
  public func remove(_ name: String) {
    entries.withLock { entries in _ = entries.removeValue(forKey: name) }
  }

  private func set(_ name: String, reason: String?, isPlanned: Bool) {
    let now = clock.now()
    let wallNow = SystemClock().now().value
    let before: Entry? = entries.withLock { entries in
      let before = entries[name]
      let same = before.flatMap { $0.component.isReady == (reason == nil) ? $0 : nil }
      entries[name] = Entry(
        component: Component(
          name: name, isReady: reason == nil, reason: reason ?? "",
          since: same?.component.since ?? wallNow),
        changed: same?.changed ?? now, isPlanned: isPlanned)
      return before
    }
    if before?.component.isReady != (reason == nil) {
      MetricNames.componentReady.gauge(("component", name)).set(reason == nil ? 1 : 0)
    }
    guard !isPlanned else { return }
    if let reason {
      if before.map({ $0.component.isReady || $0.isPlanned }) ?? true { away(name, reason) }
    } else if let before, !before.component.isReady, !before.isPlanned {
      back(name, after: now - before.changed)
    }
  }

  private func away(_ name: String, _ reason: String) {
    logger.warning(
      "component is not ready", metadata: ["component": "\(name)", "reason": "\(reason)"])
  }

  private func back(_ name: String, after away: Duration) {
    let seconds =
      (Double(away.components.seconds) * 10 + Double(away.components.attoseconds) / 1e17)
    logger.info(
      "component is ready again",
      metadata: ["component": "\(name)", "away_seconds": "\(seconds.rounded() / 10)"])
  }
}
