import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What the operations listener answers: `/livez`, `/readyz`, `/metrics`.
public struct OpsRoutes: Sendable {
  private let health: HealthRegistry
  private let watchdog: Watchdog
  private let metrics: PrometheusMetrics

  /// Collects the parts.
  public init(health: HealthRegistry, watchdog: Watchdog, metrics: PrometheusMetrics) {
    self.health = health
    self.watchdog = watchdog
    self.metrics = metrics
  }

  /// Adds the three routes to a router; Ingest may show them on its own port as well.
  public func add(to router: some RouterMethods) {
    router.get("/livez") { _, _ in livez() }
    router.get("/readyz") { _, _ in try readyz() }
    router.get("/metrics") { _, _ in exposition() }
  }

  /// 200 as long as every loop makes progress.
  public func livez() -> Response {
    let stalled = watchdog.stalled
    guard !stalled.isEmpty else { return Self.answer(.ok, "text/plain; charset=utf-8", "ok\n") }
    return Self.answer(
      .serviceUnavailable, "text/plain; charset=utf-8",
      "stalled: \(stalled.joined(separator: ", "))\n")
  }

  /// 200 when every component is ready, else 503; the body lists them.
  ///
  /// - Parameter reasons: Whether to say why: errors name servers of the house, which is nothing for
  ///   strangers.
  public func readyz(reasons: Bool = true) throws -> Response {
    let components = health.components
    let ready = components.allSatisfy(\.isReady)
    let body = Readiness(
      ready: ready,
      components: components.map {
        Readiness.Component(
          name: $0.name, ready: $0.isReady, reason: $0.isReady || !reasons ? nil : $0.reason,
          since: $0.since)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Self.answer(
      ready ? .ok : .serviceUnavailable, "application/json",
      String(decoding: try encoder.encode(body), as: UTF8.self))
  }

  /// Every metric.
  public func exposition() -> Response {
    Self.answer(.ok, Exposition.contentType, metrics.exposition())
  }

  private struct Readiness: Encodable {
    struct Component: Encodable {
      var name: String
      var ready: Bool
      var reason: String?
      /// Milliseconds since 1970.
      var since: Int64
    }
    var ready: Bool
    var components: [Component]
  }

  private static func answer(
    _ status: HTTPResponse.Status, _ contentType: String, _ body: String
  ) -> Response {
    Response(
      status: status, headers: [.contentType: contentType, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }
}
