import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import Service

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite(.timeLimit(.minutes(1))) struct OpsServerTests {
  struct Answer {
    var status: Int
    var type: String
    var body: String
  }

  private static func get(_ port: Int, _ path: String) async throws -> Answer {
    let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
    let (data, response) = try await URLSession.shared.data(from: url)
    let http = try #require(response as? HTTPURLResponse)
    return Answer(
      status: http.statusCode, type: http.value(forHTTPHeaderField: "Content-Type") ?? "",
      body: String(decoding: data, as: UTF8.self))
  }

  /// Runs a server on a free port for the length of a body.
  private func withServer(
    _ routes: OpsRoutes, _ body: @escaping @Sendable (Int) async throws -> Void
  ) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let server = OpsServer(
      settings: OpsSettings(host: "127.0.0.1", port: 0), routes: routes,
      logger: CollectingSink().logger(), onBound: { continuation.yield($0) })
    let group = ServiceGroup(services: [server], logger: CollectingSink().logger())
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      var iterator = ports.makeAsyncIterator()
      let port = try #require(await iterator.next())
      try await body(port)
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test("Readiness follows the components and says why not")
  func readiness() async throws {
    let health = HealthRegistry(logger: CollectingSink().logger())
    let routes = OpsRoutes(health: health, watchdog: Watchdog(), metrics: PrometheusMetrics())
    health.notReady("store", "the database is not initialised: run payoutctl init")
    health.ready("broker")
    try await withServer(routes) { port in
      let away = try await Self.get(port, "/readyz")
      #expect(away.status == 503 && away.type == "application/json")
      #expect(away.body.contains(#""ready":false"#) && away.body.contains("run payoutctl init"))
      #expect(away.body.contains(#""name":"broker""#) && away.body.contains(#""since":"#))
      health.ready("store")
      let back = try await Self.get(port, "/readyz")
      #expect(back.status == 200 && !back.body.contains("reason"))
    }
  }

  @Test("Liveness follows the loops")
  func liveness() async throws {
    let clock = InstantClock()
    let watchdog = Watchdog(grace: .seconds(1), clock: clock)
    let health = HealthRegistry(logger: CollectingSink().logger())
    let routes = OpsRoutes(health: health, watchdog: watchdog, metrics: PrometheusMetrics())
    watchdog.beat("sweeper")
    try await withServer(routes) { port in
      #expect(try await Self.get(port, "/livez").status == 200)
      clock.advance(.seconds(2))
      let stalled = try await Self.get(port, "/livez")
      #expect(stalled.status == 503 && stalled.body == "stalled: sweeper\n")
    }
  }

  @Test("Metrics come in the text format, everything else is not found")
  func metrics() async throws {
    let metrics = PrometheusMetrics()
    metrics.makeCounter(label: "hits", dimensions: []).increment(by: Int64(3))
    let health = HealthRegistry(logger: CollectingSink().logger())
    let routes = OpsRoutes(health: health, watchdog: Watchdog(), metrics: metrics)
    try await withServer(routes) { port in
      let answer = try await Self.get(port, "/metrics")
      #expect(answer.status == 200)
      #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
      #expect(answer.body.contains("hits_total 3\n"))
      #expect(answer.body.contains("process_open_fds"))
      #expect(try await Self.get(port, "/").status == 404)
    }
  }

  @Test("A port that is taken is named")
  func busyPort() async throws {
    let health = HealthRegistry(logger: CollectingSink().logger())
    let routes = OpsRoutes(health: health, watchdog: Watchdog(), metrics: PrometheusMetrics())
    try await withServer(routes) { port in
      let second = OpsServer(
        settings: OpsSettings(host: "127.0.0.1", port: port), routes: routes,
        logger: CollectingSink().logger())
      do {
        try await second.run()
        Issue.record("the second server took the port")
      } catch let error as StartupError {
        #expect(error.description.hasSuffix("OPS_PORT \(port): Address already in use"))
      }
    }
  }
}
