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
  public func ready(_ name: String) { set(name, reason: nil) }

  /// The component cannot do its work.
  public func notReady(_ name: String, _ reason: String) { set(name, reason: reason) }

  /// The component is gone and no longer counts.
  public func remove(_ name: String) {
    entries.withLock { entries in _ = entries.removeValue(forKey: name) }
  }

  private func set(_ name: String, reason: String?) {
    let now = clock.now()
    let before: Entry? = entries.withLock { entries in
      let before = entries[name]
      let component = Component(
        name: name, isReady: reason == nil, reason: reason ?? "",
        since: before.map { $0.component.isReady == (reason == nil) ? $0.component.since : nil }
          .flatMap { $0 } ?? SystemClock().now().value)
      let changed =
        before.flatMap { $0.component.isReady == (reason == nil) ? $0.changed : nil } ?? now
      entries[name] = Entry(component: component, changed: changed)
      return before
    }
    guard before?.component.isReady != (reason == nil) else { return }
    MetricNames.componentReady.gauge(("component", name)).set(reason == nil ? 1 : 0)
    report(name, reason: reason, away: before.map { now - $0.changed })
  }

  private func report(_ name: String, reason: String?, away: Duration?) {
    if let reason {
      logger.warning(
        "component is not ready", metadata: ["component": "\(name)", "reason": "\(reason)"])
    } else if let away {
      let seconds = Double(away.components.seconds) + Double(away.components.attoseconds) / 1e18
      let rounded = (seconds * 10).rounded() / 10
      logger.info(
        "component is ready again",
        metadata: ["component": "\(name)", "away_seconds": "\(rounded)"])
    } else {
      logger.debug("component is ready", metadata: ["component": "\(name)"])
    }
  }
}
